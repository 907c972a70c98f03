import { isLoopback } from '../../src/core/loopback';
import { isAllowedCallback } from '../../src/core/api/webhooks';

describe('loopback addresses', () => {
  it.each([
    'http://127.0.0.1',
    'http://127.0.0.1:7071/portal',
    'http://localhost:7071',
    'https://LOCALHOST/',
    'http://[::1]',
    'http://[::1]:10000/devstoreaccount1',
    'http://[0:0:0:0:0:0:0:1]:8080',
    'http://127.1/',
    'smtp://localhost:1025',
  ])('include %s', (url) => expect(isLoopback(url)).toBe(true));

  it.each([
    '',
    'localhost',
    '127.0.0.1:7071',
    '//localhost',
    'https://privacy.shop.example',
    'http://127.0.0.1.shop.example',
    'http://localhost.shop.example',
    'http://localhost@shop.example',
    'http://shop.example/#@localhost',
    'http://0.0.0.0',
    'http://10.0.0.1',
    'http://192.168.0.1',
    'http://[::]',
    'http://[::2]',
    'http://[fe80::1]',
    'http://[::ffff:10.0.0.1]',
  ])('do not include %j', (url) => expect(isLoopback(url)).toBe(false));
});

describe.each(['127.0.0.1', 'localhost', '[::1]'])('on the loopback address %s', (host) => {
  it('webhooks may be sent over http', () => {
    expect(isAllowedCallback(`http://${host}:9/events`, [`${host}:9`])).toBe(true);
  });
});
