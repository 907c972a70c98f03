import fc from 'fast-check';
import {
  measuredAttributes,
  scrubbedAttributes,
  scrubbedPath,
} from '../../src/adapters/telemetry/scrub';

const id = 'f0b4c2de-1111-4222-8333-abcdefabcdef';

describe('the telemetry of calls', () => {
  it.each([
    [
      '/api/v2/externalcontacts/contacts?q=jane%40mail.example',
      '/api/v2/externalcontacts/contacts',
    ],
    [`/api/v2/conversations/${id}/recordings`, '/api/v2/conversations/{}/recordings'],
    [`/packages/${id}.zip?sp=r&sig=abc`, '/packages/{}'],
    ["/requests(PartitionKey='x',RowKey='y')", '/{}'],
    ['/api/v2/gdpr/subjects?searchType=EMAIL&searchValue=jane', '/api/v2/gdpr/subjects'],
    ['/people/+49301234567/jane@mail.example', '/people/{}/{}'],
    ['', ''],
  ])('writes %s as %s', (path, written) => {
    expect(scrubbedPath(path)).toBe(written);
  });

  it('keeps the allowed attributes and drops all others', () => {
    const scrubbed = scrubbedAttributes({
      'http.request.method': 'GET',
      'http.response.status_code': 404,
      'url.full': `https://api.mypurecloud.de/api/v2/conversations/${id}?q=jane`,
      'url.query': 'q=jane',
      'http.target': '/x?q=jane',
      'user_agent.original': 'jane',
      'exception.message': 'jane@mail.example is unknown',
      'portability.activity': 'exportPage',
    });
    expect(scrubbed).toEqual({
      'http.request.method': 'GET',
      'http.response.status_code': 404,
      'url.path': '/api/v2/conversations/{}',
      'portability.activity': 'exportPage',
    });
  });

  it.each<[unknown, string]>([
    ['TypeError', 'TypeError'],
    ['ECONNREFUSED', 'ECONNREFUSED'],
    ['UND_ERR_SOCKET', 'UND_ERR_SOCKET'],
    ['503', '503'],
    ['_OTHER', '_OTHER'],
    ['getaddrinfo ENOTFOUND jane.example', '_OTHER'],
    ['jane', '_OTHER'],
    ['Jane', '_OTHER'],
    ['', '_OTHER'],
    [['jane'], '_OTHER'],
  ])('measures by the type of an error, never by what it says: %j', (type, told) => {
    const given = { 'http.request.method': 'GET', 'url.query': 'jane', 'error.type': type };
    expect(measuredAttributes(given)).toStrictEqual({
      'http.request.method': 'GET',
      'error.type': told,
    });
    expect(measuredAttributes({ 'server.port': 1 })).toStrictEqual({ 'server.port': 1 });
  });

  it('never writes a segment with a digit, an @ or a query', () => {
    fc.assert(
      fc.property(fc.webPath(), fc.string(), (path, query) => {
        const written = scrubbedPath(`${path}?${query}`);
        const others = written
          .split('/')
          .filter((segment) => !/^([a-zA-Z][a-zA-Z-]*|v\d|\{\})?$/.test(segment));
        expect(others).toEqual([]);
      }),
    );
  });
});
