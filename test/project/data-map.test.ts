import fastGlob from 'fast-glob';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../helpers/root';

const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const sources = fastGlob.sync('src/**/*.ts', { cwd: root });
const page = textOf('docs/data-map.md');

/** Rows of the tables of places: the cells of each. */
const rows = [...page.matchAll(/^\| place .*\n\| -.*\n((?:\|.*\n)+)/gm)]
  .flatMap(([, table = '']) => table.trim().split('\n'))
  .map((line) => line.split(/ +\| +/).map((cell) => cell.replaceAll(/^\| +| +\|$/g, '').trim()));
const places = rows.map(([place = '']) => place);

/** The value of a name in a file: a text, or a constant of the sources with that text. */
function valueOf(file: string, name: string): string {
  if (name.startsWith("'")) return name.slice(1, -1);
  const constant = new RegExp(`const ${name} = '([^']+)'`);
  const found = [file, ...sources].map((one) => constant.exec(textOf(one))?.[1]).find(Boolean);
  if (found === undefined) throw new Error(`${file} names what it stores by ${name}.`);
  return found;
}
/** What the sources give a name to by a call, such as `new Table(storage, 'items')`. */
const namedBy = (call: string): string[] => [
  ...new Set(
    sources.flatMap((file) =>
      [...textOf(file).matchAll(new RegExp(`new ${call}\\(\\s*\\w+,\\s*('[^']+'|\\w+)`, 'g'))].map(
        ([, name = '']) => valueOf(file, name),
      ),
    ),
  ),
];
const listed = (kind: string): string[] => [
  ...new Set(
    places.flatMap((place) =>
      [...place.matchAll(new RegExp(`^${kind} \`(\\w+)`, 'g'))].map(([, name = '']) => name),
    ),
  ),
];

describe('the data map', () => {
  it('has every table that the app writes, and no other', () => {
    const tables = namedBy('Table').filter((name) => name !== 'name');
    expect(tables.length).toBeGreaterThan(8);
    expect(listed('table').sort()).toEqual(tables.sort());
  });

  it('has every container that the app writes, and no other', () => {
    expect(listed('container').sort()).toEqual(namedBy('Container').sort());
  });

  it.each([
    ['src/adapters/storage/ledger-rows.ts', /const \w+(?:Row|Prefix) = '([\w-]+)'/g],
    ['src/adapters/storage/custody-rows.ts', /const \w+(?:Row|Prefix) = '([\w-]+)'/g],
    ['src/adapters/storage/searches.ts', /const \w*[pP]refix = '([\w-]+)'/g],
    ['src/adapters/storage/items.ts', /const \w*[pP]refix = '([\w-]+)'/g],
    ['src/adapters/storage/custody-witness.ts', /[`'](heads|checkpoints|days)\//g],
    ['src/core/package/blob-names.ts', /(?:prefix: |name: |numbered\()[`']([a-z][a-z-]*)/g],
    ['src/composition/compose.ts', /new TableTokenStore\(\w+, '(\w+)'/g],
    ['src/adapters/authentication/codes-and-sessions.ts', /new TableTokenStore\(\w+, '(\w+)'/g],
    ['src/adapters/storage/bucket-ledger.ts', /`(request|object)~/g],
  ])('has every kind of row and blob that %s names', (file, pattern) => {
    const kinds = [...new Set([...textOf(file).matchAll(pattern)].map(([, kind = '']) => kind))];
    expect(kinds.length).toBeGreaterThan(0);
    const named = rows.map(([place = '', content = '']) => `${place} ${content}`).join('\n');
    expect(kinds.filter((kind) => !new RegExp(`\`${kind}(?:[.…/\`~]|json)`).test(named))).toEqual(
      [],
    );
  });

  it('says of every place what is there, how it is protected and what deletes it', () => {
    expect(places.length).toBeGreaterThan(20);
    const gaps = rows.filter((cells) => cells.length !== 4 || cells.some((cell) => cell === ''));
    expect(gaps).toEqual([]);
  });

  it('names each function that deletes something where it is', () => {
    const deleting = rows.flatMap(([, , , deleted = '']) =>
      [...deleted.matchAll(/`([a-z]\w+)`/g)].map(([, name = '']) => name),
    );
    expect(deleting.length).toBeGreaterThan(10);
    const all = sources.map(textOf).join('\n') + textOf('infra/main.bicep');
    expect(deleting.filter((name) => !new RegExp(`\\b${name}\\b`).test(all))).toEqual([]);
  });
});
