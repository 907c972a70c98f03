// `npm run package:zip [-- FOLDER FILE]`: the files of dist/deploy as one ZIP file, dist/app.zip. The same files give
// the same bytes: in order, without times and owners.
import archiver from 'archiver';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { filesOf } from './shipping.mjs';

const [folder = 'dist/deploy', file = 'dist/app.zip'] = process.argv.slice(2);
const archive = archiver('zip', { forceUTC: true, zlib: { level: 9 } });
const written = pipeline(archive, createWriteStream(file));
for (const name of await filesOf(folder))
  archive.append(await readFile(join(folder, name)), {
    name,
    date: new Date('1980-01-01T00:00:00Z'),
    mode: 0o644,
  });
await archive.finalize();
await written;
console.log(
  `${createHash('sha256')
    .update(await readFile(file))
    .digest('hex')}  ${file}`,
);
