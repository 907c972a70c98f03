import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../helpers/root';

/** Most bytes of the viewer's script, compressed by gzip: what a person loads before anything is shown. */
const most = 120_000;

describe('the script of the viewer', () => {
  it.each(['viewer/viewer.js', 'portal/open.js'])('%s is not larger than it may be', (name) => {
    const script = readFileSync(join(root, 'dist/src/web', name));
    expect(gzipSync(script).length).toBeLessThan(most);
  });
});
