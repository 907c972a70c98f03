import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { deployed } from '../helpers/root';

/** Bytes that a page may have, compressed as the app compresses it. */
const most = 60_000;

const weightOf = (content: Buffer | string): number => gzipSync(content, { level: 9 }).length;
const files = (...names: string[]): number =>
  names.reduce(
    (sum, name) => sum + weightOf(readFileSync(join(deployed, 'app/web/portal', name))),
    0,
  );

/** Sections of a language that the portal's pages load. */
const sections = ['name', 'shared', 'portal', 'report', 'processing'];
const words = (tag: string): number => {
  const catalog = JSON.parse(
    readFileSync(join(deployed, 'app/locales', `${tag}.json`), 'utf8'),
  ) as Record<string, unknown>;
  return weightOf(JSON.stringify(Object.fromEntries(sections.map((one) => [one, catalog[one]]))));
};
const languages = readdirSync(join(deployed, 'app/locales')).map((file) => file.slice(0, -5));

describe.each(languages)('what a phone loads in %s', (tag) => {
  it.each([
    ['portal', ['index.html', 'portal.css', 'portal.js']],
    ['page on which people ask', ['request.html', 'portal.css', 'request.js', 'puzzle.js']],
  ])('of the %s has 60 KB at most, without the viewer', (_name, parts) => {
    const weight = files(...parts) + words(tag);
    expect(weight).toBeLessThanOrEqual(most);
    // A test that measured nothing would pass, too.
    expect(weight).toBeGreaterThan(20_000);
  });
});
