// Reads tags and properties of audio files with music-metadata, which is ESM only; one JSON text out.
import { parseFile } from 'music-metadata';

const found = [];
for (const path of process.argv.slice(2)) {
  const { common, native, format } = await parseFile(path, { duration: true });
  found.push({
    tags: JSON.stringify([common.comment ?? null, native]),
    seconds: format.duration ?? 0,
    channels: format.numberOfChannels ?? 0,
  });
}
console.log(JSON.stringify(found));
