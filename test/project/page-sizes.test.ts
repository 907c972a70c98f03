import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { deployed } from '../helpers/root';

const kilobyte = 1000;

/** Bytes of files of the pages as they are deployed, compressed each by itself. */
const compressed = (...files: string[]): number =>
  files
    .map((file) => gzipSync(readFileSync(join(deployed, 'app/web', file)), { level: 9 }).length)
    .reduce((sum, size) => sum + size, 0);

describe('the pages stay small', () => {
  it('the officers’ console: page, script and style in 60 KB, the check of packages apart', () => {
    const own = ['officer.html', 'officer.js', 'officer.css'].map((name) => `officer/${name}`);
    expect(compressed(...own)).toBeLessThanOrEqual(60 * kilobyte);
    // It is loaded when a package is checked, and must not have come into the page's own script.
    expect(compressed('officer/officer-check.js')).toBeGreaterThan(40 * kilobyte);
  });
});
