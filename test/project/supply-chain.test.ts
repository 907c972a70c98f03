import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../helpers/root';

interface LockedPackage {
  version: string;
  license?: string;
  integrity?: string;
  resolved?: string;
  dev?: boolean;
  devOptional?: boolean;
  hasInstallScript?: boolean;
}
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
const { packages } = JSON.parse(textOf('package-lock.json')) as {
  packages: Record<string, LockedPackage>;
};
/**
 * Packages that are deployed, by their places in node_modules. What development needs, and a deployed package
 * could work with (an optional peer), is not.
 */
const deployed = Object.entries(packages).filter(
  ([path, { dev = false, devOptional = false }]) => path !== '' && !dev && !devOptional,
);
const nameOf = (path: string): string => path.split('node_modules/').at(-1) ?? '';

/** Licences that allow use in a product whose source is closed, on the condition of a notice. */
const allowed = ['MIT', 'MIT-0', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', '0BSD'];

/** Whether one of the licences that a package may be taken under is among them. */
const isAllowed = (license: string): boolean =>
  license
    .replaceAll(/^\(|\)$/g, '')
    .split(' OR ')
    .some((one) => allowed.includes(one));

describe('the packages that are deployed', () => {
  const hasKnownLicence = ({ license = 'none' }: LockedPackage): boolean => isAllowed(license);
  const isPlain = ({
    integrity = '',
    resolved = '',
    hasInstallScript = false,
  }: LockedPackage): boolean =>
    integrity.startsWith('sha512-') && resolved === '' && !hasInstallScript;

  it('have licences of known kinds', () => {
    expect(deployed.length).toBeGreaterThan(100);
    const others = deployed
      .filter(([, one]) => !hasKnownLicence(one))
      .map(([path, { license = 'none' }]) => `${nameOf(path)}: ${license}`);
    expect(others).toEqual([]);
  });

  it('come from the registry, with a hash, and run nothing when they are installed', () => {
    const odd = deployed.filter(([, one]) => !isPlain(one)).map(([path]) => nameOf(path));
    expect(odd).toEqual([]);
  });

  it.each<[string, Partial<LockedPackage>, [licence: boolean, plain: boolean]]>([
    ['of nobody’s licence', {}, [false, true]],
    ['of a licence that is not among them', { license: 'GPL-3.0-only' }, [false, true]],
    ['without a hash', { license: 'MIT', integrity: '' }, [true, false]],
    ['with a weak hash', { license: 'MIT', integrity: 'sha1-x' }, [true, false]],
    [
      'from elsewhere',
      { license: 'MIT', resolved: 'git+ssh://git@example.test/x.git' },
      [true, false],
    ],
    ['that runs a script', { license: 'MIT', hasInstallScript: true }, [true, false]],
    ['as they should be', { license: '(MIT OR GPL-3.0-only)' }, [true, true]],
  ])('would be told of a package %s', (_name, change, expected) => {
    const planted: LockedPackage = { version: '1.0.0', integrity: 'sha512-x', ...change };
    expect([hasKnownLicence(planted), isPlain(planted)]).toEqual(expected);
  });

  it('stand in the bill of materials, and no others', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sbom-'));
    try {
      const file = join(folder, 'sbom.json');
      const made = spawnSync(process.execPath, ['scripts/sbom.cjs', file], { cwd: root });
      expect(String(made.stderr)).toBe('');
      const bill = JSON.parse(readFileSync(file, 'utf8')) as {
        bomFormat: string;
        components: { purl: string; hashes?: unknown[]; licenses?: unknown[] }[];
        dependencies: { ref: string; dependsOn: string[] }[];
      };
      expect(bill.bomFormat).toBe('CycloneDX');
      const named = bill.components.map(({ purl }) => decodeURIComponent(purl.split('?')[0] ?? ''));
      const expected = deployed.map(([path, { version }]) => `pkg:npm/${nameOf(path)}@${version}`);
      expect([...new Set(named)].sort()).toEqual([...new Set(expected)].sort());
      const incomplete = bill.components.filter(({ hashes, licenses }) => !hashes || !licenses);
      expect(incomplete).toEqual([]);
      // Whatever is in it is needed by something in it, from the app on.
      const needs = new Map(bill.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
      const reached = new Set(bill.dependencies.slice(0, 1).map(({ ref }) => ref));
      for (const ref of reached) for (const next of needs.get(ref) ?? []) reached.add(next);
      expect(bill.components.filter(({ purl }) => !reached.has(purl))).toEqual([]);
      // And what something in it needs is in it.
      const [app = '', ...others] = reached;
      expect(others.filter((ref) => !bill.components.some(({ purl }) => purl === ref))).toEqual([]);
      expect(app).toContain('genesys-cloud-data-portability');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('are each imported by what is deployed', () => {
    const { dependencies } = JSON.parse(textOf('package.json')) as {
      dependencies: Record<string, string>;
    };
    const { stdout } = spawnSync(
      'grep',
      ['-rhoE', String.raw`(from|import\(|require\() ?'[^'.][^']*'`, 'src'],
      {
        cwd: root,
        encoding: 'utf8',
      },
    );
    const imported = new Set([...stdout.matchAll(/'([^']+)'/g)].map(([, module = '']) => module));
    const unused = Object.keys(dependencies).filter(
      (name) => ![...imported].some((module) => module === name || module.startsWith(`${name}/`)),
    );
    expect(unused).toEqual([]);
  });
});

describe('the pipelines', () => {
  it('ask for known vulnerabilities before they package, and write the bill of materials', () => {
    for (const file of ['.github/actions/build/action.yml', 'azure-pipelines.yml']) {
      const text = textOf(file);
      const audit = text.indexOf('npm audit --omit=dev --audit-level=high');
      expect(audit).toBeGreaterThan(0);
      expect(text.indexOf('npm run package')).toBeGreaterThan(audit);
      expect(text).toContain('npm run sbom');
    }
    expect(textOf('.github/workflows/deploy.yml')).toContain('uses: ./.github/actions/build');
  });
});
