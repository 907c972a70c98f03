import fastGlob from 'fast-glob';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';
import { officerRoles } from '../../src/core/authentication/officer-roles';
import { custodyEvents } from '../../src/core/custody/record';
import { itemKinds, itemReasons, itemStatuses } from '../../src/core/package/items';
import { jobNames } from '../../src/core/jobs/schedule';
import { alertCodes } from '../../src/core/request/alerts';
import { requestStates } from '../../src/core/request/states';
import { failureCodes, waitReasons } from '../../src/core/results';

const root = resolve(__dirname, '../..');
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const pages = fastGlob.sync(['*.md', 'docs/**/*.md', 'local/**/*.md'], { cwd: root }).sort();
/** A page without its fenced blocks, in which nothing is a link or a name. */
const proseOf = (page: string): string => textOf(page).replaceAll(/^ *```[\s\S]*?^ *```$/gm, '');

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (page: string): string[] =>
  [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

/** Relative links of a page: the file from the project's folder, and the anchor if there is one. */
function linksOf(page: string): { file: string; anchor: string }[] {
  const targets = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', anchor = ''] = target.split('#');
      return { file: path === '' ? page : normalize(join(dirname(page), path)), anchor };
    });
}

/** Names between backticks, of pages that describe the project as it is. */
const namesIn = (page: string): string[] =>
  [...proseOf(page).matchAll(/`([^`\n]+)`/g)].map(([, name = '']) => name);

/** Lines from a heading of a page to the next heading of the same level. */
function sectionOf(page: string, heading: string): string {
  const [, section] = textOf(page).split(`\n## ${heading}\n`);
  if (section === undefined) throw new Error(`${page} has no section ${heading}.`);
  return section.split('\n## ')[0] ?? '';
}

/** Keys of an interface in a file of source. */
function keysOf(file: string, name: string): string[] {
  const body =
    new RegExp(`interface ${name} \\{\\n([\\s\\S]*?)\\n\\}`).exec(textOf(file))?.[1] ?? '';
  return [...body.matchAll(/^ {2}(\w+):/gm)].map(([, key = '']) => key);
}

/** All texts of a document, at any depth. */
const textsIn = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : Object.values(value as object).flatMap(textsIn);

/** Whether a line is a text with something in place of each `{name}`. */
function isMadeOf(line: string, text: string): boolean {
  const pieces = text.split(/\{\w*\}/);
  const [first = '', last = ''] = [pieces[0], pieces.at(-1)];
  return (
    line.startsWith(first) && line.endsWith(last) && pieces.every((piece) => line.includes(piece))
  );
}

describe('the documentation', () => {
  it('begins with a README of 8 KB at most', () => {
    expect(Buffer.byteLength(textOf('README.md'))).toBeLessThanOrEqual(8 * 1024);
  });

  it('has no link that leads nowhere', () => {
    const broken = pages.flatMap((page) =>
      linksOf(page)
        .filter(({ file, anchor }) => {
          if (!existsSync(join(root, file))) return true;
          return anchor !== '' && file.endsWith('.md') && !anchorsOf(file).includes(anchor);
        })
        .map(({ file, anchor }) => `${page}: ${file}${anchor === '' ? '' : `#${anchor}`}`),
    );
    expect(broken).toEqual([]);
  });

  it('can all be reached from the README', () => {
    const reached = new Set(['README.md']);
    for (const page of reached)
      for (const { file } of linksOf(page)) if (file.endsWith('.md')) reached.add(file);
    expect(pages.filter((page) => !reached.has(page))).toEqual([]);
  });

  it('names files and folders that exist', () => {
    const path = /^(src|local|test|infra|scripts|docs|policies)\/[\w./-]+$/;
    const missing = pages
      .filter((page) => page !== 'CHANGELOG.md')
      .flatMap((page) =>
        namesIn(page)
          .filter((name) => path.test(name))
          .filter((name) =>
            ['', '.ts', '.test.ts'].every((end) => !existsSync(join(root, name + end))),
          )
          .map((name) => `${page}: ${name}`),
      );
    expect(missing).toEqual([]);
  });

  it('names commands that exist', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    const unknown = pages.flatMap((page) =>
      [...textOf(page).matchAll(/npm run (?:--silent )?([a-z][\w:-]*)/g)]
        .filter(([, script = '']) => scripts[script] === undefined)
        .map(([command]) => `${page}: ${command}`),
    );
    expect(unknown).toEqual([]);
  });

  it('names settings that exist', () => {
    const known = new Set([
      ...[...textOf('docs/settings.md').matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map(([, name]) => name),
      // Read by libraries, by the host, by the command line and by the scripts.
      ...['OTEL_EXPORTER_OTLP_ENDPOINT', 'WEBSITE_TIME_ZONE'],
      ...['DURABLE_TASK_SCHEDULER_CONNECTION_STRING', 'TASKHUB_NAME'],
      ...['PORTABILITY_URL', 'PORTABILITY_SCOPE', 'PORTABILITY_TOKEN', 'SMOKE_TOKEN'],
      ...['OTEL_TRACES_SAMPLER'],
      // Read by the tools that deploy: a folder of az, values of parameters, and variables of pipelines.
      'AZURE_CONFIG_DIR',
      ...[...textOf('infra/main.parameters.json').matchAll(/\$\{(\w+)/g)].map(([, name]) => name),
      ...[...textOf('.github/workflows/deploy.yml').matchAll(/vars\.(\w+)/g)].map(
        ([, name]) => name,
      ),
    ]);
    const unknown = pages.flatMap((page) =>
      namesIn(page)
        .map((name) => /^([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(=\S*)?$/.exec(name)?.[1] ?? '')
        .filter((name) => name !== '' && !known.has(name))
        .map((name) => `${page}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });

  it('quotes lines that the availability report of the demo can have', () => {
    const { kinds, ...sentences } = JSON.parse(textOf('src/locales/en/report.json')) as {
      kinds: Record<string, { label: string }>;
    };
    const counts = Object.values(kinds).map(({ label }) => `${label}: {}`);
    const known = [...counts, ...textsIn(sentences).filter((text) => !text.startsWith('{'))];
    const [, demo = ''] = /It ends like this[^`]*```\n([^`]*)```/.exec(textOf('README.md')) ?? [];
    const lines = [...demo.matchAll(/^ {2}(?!\.{3}$)(.+)$/gm)].map(([, line = '']) => line);
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.filter((line) => !known.some((text) => isMadeOf(line, text)))).toEqual([]);
  });
});

describe('the glossary', () => {
  const glossary = 'docs/glossary.md';
  const inSection = (heading: string): string[] =>
    [...sectionOf(glossary, heading).matchAll(/`([\w.]+)`/g)].map(([, name = '']) => name);

  it.each<[string, readonly string[]]>([
    ['States of a request', requestStates],
    ['Failure codes', [...failureCodes, ...waitReasons]],
    ['Status of an item', [...itemStatuses, ...itemKinds, ...itemReasons]],
    ['Roles', officerRoles],
    ['Events of the custody record', custodyEvents],
    ['Alerts', alertCodes],
  ])('has every name of: %s', (heading, names) => {
    expect(inSection(heading)).toEqual(expect.arrayContaining([...names]));
  });

  it('has every orchestration, activity, timer and job, and no others', () => {
    const types = 'src/orchestrators/activity-types.ts';
    const timers = fastGlob
      .sync('src/functions/timers/*.ts', { cwd: root })
      .flatMap((file) =>
        [...textOf(file).matchAll(/app\.timer\('(\w+)'/g)].map(([, name]) => name),
      );
    const names = [...keysOf(types, 'OrchestratorTypes'), ...keysOf(types, 'ActivityTypes')];
    expect(
      inSection('Function names')
        .filter((name) => name !== 'requestChanged')
        .sort(),
    ).toEqual([...names, ...timers, ...jobNames].sort());
  });
});

describe('tables and containers', () => {
  const stores = new Set(
    fastGlob
      .sync('src/adapters/**/*.ts', { cwd: root })
      .flatMap((file) => [...textOf(file).matchAll(/new (?:Table|Container)\(\w+, '(\w+)'/g)])
      .map(([, name]) => name ?? ''),
  );

  it.each(['docs/glossary.md', 'docs/data-map.md'])('are all named in %s', (page) => {
    expect(stores.size).toBeGreaterThan(5);
    const text = namesIn(page).join(' ');
    expect([...stores].filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
  });
});

describe('the pictures of the architecture', () => {
  const page = 'docs/architecture.md';
  /** What each folder of `src` may import, by the rules of dependency-cruiser. */
  const { forbidden } = jest.requireActual<{
    forbidden: { name: string; to: { pathNot?: string } }[];
  }>('../../.dependency-cruiser.cjs');
  const allowed = new Map(
    forbidden
      .filter(({ name }) => name.startsWith('layer-'))
      .map(({ name, to }) => {
        const [own = '', ...others] = /\(([\w|]+)\)/.exec(to.pathNot ?? '')?.[1]?.split('|') ?? [];
        expect(`layer-${own}`).toBe(name);
        return [own, others.sort()];
      }),
  );

  it('show layers in a table as the rules have them', () => {
    const rows = [...sectionOf(page, 'Layers').matchAll(/^\| `src\/(\w+)` .*\| ([^|]+?) +\|$/gm)];
    const table = rows.map(([, folder = '', imports = '']): [string, string[]] => [
      folder,
      [...imports.matchAll(/`(\w+)`/g)].map(([, name = '']) => name).sort(),
    ]);
    expect(new Map(table)).toEqual(allowed);
  });

  it('draw an arrow only where a folder may import another, and a way for each import', () => {
    const arrows = [...sectionOf(page, 'Layers').matchAll(/^ {2}(\w+) --(?: [^-]+ --)?> (\w+)$/gm)];
    const drawn = arrows.map(([, from = '', to = '']): [string, string] => [from, to]);
    for (const [from, to] of drawn)
      expect([from, allowed.get(from)]).toEqual([from, expect.arrayContaining([to])]);
    for (const [folder, imports] of allowed) {
      const reached = new Set([folder]);
      for (const from of reached)
        for (const [start, to] of drawn) if (start === from) reached.add(to);
      expect([folder, [...reached]]).toEqual([folder, expect.arrayContaining(imports)]);
    }
  });

  it('show every state, orchestration and activity of a request', () => {
    const way = sectionOf(page, "A request's way through orchestrations, activities and states");
    const types = 'src/orchestrators/activity-types.ts';
    const notDrawn = ['readRequest', 'moveRequest', 'sendEndNotice', 'cancelled', 'refused'];
    const names = [
      ...requestStates,
      ...keysOf(types, 'OrchestratorTypes'),
      ...keysOf(types, 'ActivityTypes'),
    ].filter((name) => !notDrawn.includes(name));
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(way))).toEqual([]);
  });
});
