import { parameterOf, parseParameters } from './parameters';
import { isMailPart, type Part } from './structure';

/** How a part is read. `opaque`: not at all. */
export type PartKind =
  'mail' | 'html' | 'xml' | 'json' | 'folded' | 'plain' | 'opaque' | 'signature';

const byType: [RegExp, PartKind][] = [
  [/^(text\/html|application\/xhtml\+xml)$/, 'html'],
  [/^(text|application)\/xml$|\+xml$/, 'xml'],
  [/^application\/(json|x-ndjson|json5)$|^text\/json$|\+json$/, 'json'],
  [/^text\/(calendar|vcard|x-vcard|directory)$|^message\//, 'folded'],
  [/^text(\/|$)|^application\/(csv|x-csv|x-sh|javascript|sql|x-yaml|yaml|rtf)$/, 'plain'],
  [/^application\/(pgp-signature|(x-)?pkcs7-signature)$/, 'signature'],
];

const byEnding: [RegExp, PartKind][] = [
  [/\.eml$/i, 'mail'],
  [/\.x?html?$/i, 'html'],
  [/\.(xml|svg)$/i, 'xml'],
  [/\.(json|ndjson)$/i, 'json'],
  [/\.(ics|vcf)$/i, 'folded'],
  [/\.(txt|csv|tsv|log|md|ya?ml|ini|rtf|sql)$/i, 'plain'],
];

const first = (kinds: [RegExp, PartKind][], text: string): PartKind | null =>
  kinds.find(([pattern]) => pattern.test(text))?.[1] ?? null;

/** How a part is read: by its type, and where that says nothing by the ending of its file's name. */
export function kindOf(part: Part, valueOf: (field: string) => string): PartKind {
  if (isMailPart(part)) return 'mail';
  const type = part.contentType.value;
  const kind = first(byType, type);
  if (kind !== null) return kind;
  // A type that is none is text (RFC 2045 section 5.2).
  if (!/^[^/\s]+\/[^/\s]+$/.test(type)) return 'plain';
  if (!/^application\/(octet-stream|x-.*|unknown|vnd\.ms-excel)$/.test(type)) return 'opaque';
  const disposition = parseParameters(valueOf('content-disposition'));
  const name = parameterOf(disposition, 'filename') ?? parameterOf(part.contentType, 'name') ?? '';
  return first(byEnding, name.trim()) ?? 'opaque';
}
