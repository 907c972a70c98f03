// `npm run sbom [-- FILE]`: writes the bill of materials of what is deployed (CycloneDX 1.5, JSON), by default to
// dist/sbom.cdx.json: every production package with its version, licence and hash, and what needs what. It is made
// of package-lock.json alone, and the same for the same file. `npm sbom --omit dev` leaves out packages that
// production and development both need.
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { dirname, resolve } = require('node:path');

const file = resolve(process.argv[2] ?? 'dist/sbom.cdx.json');
const lock = JSON.parse(readFileSync(resolve(__dirname, '../package-lock.json'), 'utf8'));
const folder = 'node_modules/';
// `devOptional`: development needs it, and a deployed package could work with it (an optional peer).
const deployed = Object.entries(lock.packages).filter(
  ([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional,
);

const nameOf = (path) => path.slice(path.lastIndexOf(folder) + folder.length);
const purlOf = (name, version) => `pkg:npm/${name.replace('@', '%40')}@${version}`;
const refOf = (path) => purlOf(nameOf(path), lock.packages[path].version);

/** Where Node finds a package that one at a path needs; null for an optional one that is not installed. */
function placeOf(path, name) {
  for (let from = path; ; from = from.slice(0, Math.max(0, from.lastIndexOf(`/${folder}`)))) {
    const place = from === '' ? folder + name : `${from}/${folder}${name}`;
    if (lock.packages[place]) return place;
    if (from === '') return null;
  }
}

function componentOf([path, { version, license, integrity = '' }]) {
  const [algorithm, hash = ''] = integrity.split('-');
  return {
    type: 'library',
    'bom-ref': refOf(path),
    name: nameOf(path),
    version,
    purl: refOf(path),
    ...(license ? { licenses: [{ license: { id: license } }] } : {}),
    ...(algorithm === 'sha512'
      ? { hashes: [{ alg: 'SHA-512', content: Buffer.from(hash, 'base64').toString('hex') }] }
      : {}),
  };
}

const needsOf = (path, { dependencies = {}, optionalDependencies = {} }) => [
  ...new Set(
    Object.keys({ ...dependencies, ...optionalDependencies })
      .map((name) => placeOf(path, name))
      .filter((place) => place !== null)
      .map(refOf),
  ),
];

/** One entry for each package and version, wherever it is installed. */
const byRef = (list, key) => [...new Map(list.map((one) => [one[key], one])).values()];
const root = purlOf(lock.name, lock.version);
const bill = {
  $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  version: 1,
  metadata: {
    lifecycles: [{ phase: 'build' }],
    component: { type: 'application', 'bom-ref': root, name: lock.name, version: lock.version },
  },
  components: byRef(deployed.map(componentOf), 'bom-ref'),
  dependencies: byRef(
    [
      { ref: root, dependsOn: needsOf('', { dependencies: lock.packages[''].dependencies }) },
      ...deployed.map(([path, one]) => ({ ref: refOf(path), dependsOn: needsOf(path, one) })),
    ],
    'ref',
  ),
};
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(bill, null, 2)}\n`);
console.log(`${bill.components.length} packages: ${file}`);
