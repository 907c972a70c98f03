import { packageFormatVersion } from './datapackage';
import type { TextFile } from './metadata-files';

/** One line for each file: hash, two spaces, name (RFC 8493 section 2.1.3). */
export const manifest = (entries: readonly { name: string; sha256: string }[]): string =>
  entries.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('');

/** `bagit.txt` (RFC 8493 section 2.1.1). */
const bagDeclaration = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';

/** What the tag files of a bag say of it. */
export interface BagFacts {
  requestId: string;
  controller: string;
  /** ISO 8601. */
  createdAt: string;
  /** Files of the payload, with their size in bytes and SHA-256. */
  payload: readonly { name: string; size: number; sha256: string }[];
}

/** Whether a file belongs to the payload of the bag; the viewer and the tag files stand beside it. */
export const isPayload = ({ name }: { name: string }): boolean => name.startsWith('data/');

/** The tag files that RFC 8493 requires or describes, but for the tag manifest, which covers them. */
export const bagFiles = ({ requestId, controller, createdAt, payload }: BagFacts): TextFile[] => [
  { name: 'bagit.txt', content: bagDeclaration },
  {
    name: 'bag-info.txt',
    content: bagInfo({
      'Source-Organization': controller,
      'Bagging-Date': createdAt.slice(0, 10),
      'External-Identifier': requestId,
      'Payload-Oxum': `${payload.reduce((total, { size }) => total + size, 0)}.${payload.length}`,
      'Package-Format-Version': packageFormatVersion,
    }),
  },
  { name: 'manifest-sha256.txt', content: manifest(payload) },
];

/** `bag-info.txt` (RFC 8493 section 2.2.2); line breaks in values become spaces. */
const bagInfo = (values: Record<string, string>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}: ${value.replaceAll(/\s+/g, ' ')}\n`)
    .join('');
