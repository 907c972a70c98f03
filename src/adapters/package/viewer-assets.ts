import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { viewerScript } from '../../core/viewer';

const folder = join(__dirname, '../../viewer');

/** The files of the viewer that are the same in every package. */
export async function viewerAssets(): Promise<{ name: string; content: Buffer }[]> {
  const read = (name: string): Promise<Buffer> => readFile(join(folder, name));
  const languages: unknown = JSON.parse((await read('languages.json')).toString('utf8'));
  return [
    { name: 'index.html', content: await read('index.html') },
    { name: 'viewer/viewer.css', content: await read('viewer.css') },
    { name: 'viewer/viewer.js', content: await read('viewer.js') },
    {
      name: 'viewer/languages.js',
      content: Buffer.from(viewerScript('languages', languages), 'utf8'),
    },
  ];
}
