/**
 * What telemetry may say. Attributes are let through by name, never kept out by name: what a library
 * begins to record one day is nothing of a person either.
 */
const allowedAttributes: ReadonlySet<string> = new Set([
  'http.request.method',
  'http.response.status_code',
  'server.address',
  'server.port',
  'url.scheme',
  'url.path',
  'network.protocol.version',
  'error.type',
  'exception.type',
]);
/** Ours: counts, codes, names of activities and the request's random id. */
const ownPrefix = 'portability.';

/** Catalog of API paths; ids, addresses, names of blobs and keys of tables are none. */
const word = /^(?:[a-zA-Z][a-zA-Z-]{0,39}|v\d)$/;

/**
 * A path without what is of a person: `/api/v2/conversations/{}/recordings`. Queries, which carry
 * searches and signatures, are cut off.
 */
export const scrubbedPath = (path: string): string =>
  (path.split(/[?#;]/, 1)[0] ?? '')
    .split('/')
    .map((segment) => (segment === '' || word.test(segment) ? segment : '{}'))
    .join('/');

/** Path of an address; '' for what is none. */
const pathOf = (address: string): string =>
  URL.canParse(address) ? new URL(address).pathname : '';

type Attributes = Record<string, unknown>;

/** The attributes that may be exported. */
export function scrubbedAttributes(attributes: Attributes): Attributes {
  const kept: Attributes = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (!allowedAttributes.has(name) && !name.startsWith(ownPrefix)) continue;
    kept[name] = name === 'url.path' && typeof value === 'string' ? scrubbedPath(value) : value;
  }
  const full = attributes['url.full'];
  if (typeof full === 'string') kept['url.path'] = scrubbedPath(pathOf(full));
  return kept;
}
