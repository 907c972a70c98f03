/**
 * Attributes that telemetry may contain. It is a list of allowed names, not of forbidden ones, so that
 * anything that a library starts to record one day is left out as well.
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
/** Attributes of the app: counts, codes, names of activities and the request's random id. */
const ownPrefix = 'portability.';

/** A word of an API path, in contrast to ids, addresses, names of blobs and keys of tables. */
const word = /^(?:[a-zA-Z][a-zA-Z-]{0,39}|v\d)$/;

/**
 * A path without personal data: `/api/v2/conversations/{}/recordings`. Queries, which contain searches
 * and signatures, are removed.
 */
export const scrubbedPath = (path: string): string =>
  (path.split(/[?#;]/, 1)[0] ?? '')
    .split('/')
    .map((segment) => (segment === '' || word.test(segment) ? segment : '{}'))
    .join('/');

/** Path of a URL; '' for any other text. */
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

/** A class of errors, a code of one or a status, in contrast to what an error says. */
const errorType = /^(?:[A-Z]\w{0,55}Error|[A-Z][A-Z\d_]{2,59}|\d{3})$/;

/**
 * The attributes of a measurement of calls that may be exported. The instruments for `fetch` name the type of an error by
 * its message; of that nothing is told (`_OTHER`: OpenTelemetry, semantic conventions of `error.type`).
 */
export function measuredAttributes(attributes: Attributes): Attributes {
  const kept = scrubbedAttributes(attributes);
  if (!('error.type' in kept)) return kept;
  const type = kept['error.type'];
  const isType = typeof type === 'string' && errorType.test(type);
  return { ...kept, 'error.type': isType ? type : '_OTHER' };
}
