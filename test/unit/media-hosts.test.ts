import {
  defaultMediaHosts,
  isMediaHost,
  mediaHostPattern,
} from '../../src/core/genesys/media-hosts';

describe('a host of recordings, transcripts and attachments', () => {
  const hosts = defaultMediaHosts('mypurecloud.de');

  it.each([
    'api-downloads.mypurecloud.de',
    'api.mypurecloud.de',
    's3.amazonaws.com',
    's3.eu-central-1.amazonaws.com',
    's3-eu-west-1.amazonaws.com',
    'bucket.s3.amazonaws.com',
    'a.bucket.s3.eu-central-1.amazonaws.com',
    'bucket.s3.dualstack.eu-central-1.amazonaws.com',
    'bucket.s3.eusc-de-east-1.amazonaws.eu',
  ])('is allowed by default: %s', (host) => {
    expect(isMediaHost(host, hosts)).toBe(true);
  });

  it.each([
    'mypurecloud.de',
    'evilmypurecloud.de',
    'api.mypurecloud.de.evil.example',
    'api.mypurecloud.ie',
    'api.mypurecloud.de:8443',
    's3.amazonaws.com.evil.example',
    'amazonaws.com',
    'bucket.s4.amazonaws.com',
    'ec2-1-2-3-4.compute.amazonaws.com',
    'notas3.amazonaws.com',
    'bucket.s3evil.amazonaws.com',
    '127.0.0.1',
    'localhost',
    '',
  ])('is not allowed by default: %s', (host) => {
    expect(isMediaHost(host, hosts)).toBe(false);
  });

  it('is one that the settings name, with its port', () => {
    const named = ['media.example', 'other.example:8443'];
    expect(isMediaHost('media.example', named)).toBe(true);
    expect(isMediaHost('media.example:8443', named)).toBe(false);
    expect(isMediaHost('other.example:8443', named)).toBe(true);
    expect(isMediaHost('a.media.example', named)).toBe(false);
    expect(isMediaHost('bucket.s3.amazonaws.com', named)).toBe(false);
  });

  it.each([
    ['media.example', true],
    ['*.media.example', true],
    ['media.example:8443', true],
    ['amazon-s3', true],
    ['*', false],
    ['*.example', false],
    ['https://media.example', false],
    ['media.example/path', false],
    ['MEDIA.example', false],
    ['', false],
  ])('may be written as %s: %s', (pattern, expected) => {
    expect(mediaHostPattern.test(pattern)).toBe(expected);
  });
});
