// The layers of the app: which folder may import which. `npm run lint` holds them.
const rule = (name, from, to, comment) => ({ name, comment, severity: 'error', from, to });

/** Folders of `src` that a folder may import, beside itself. */
const layers = {
  core: [],
  ports: ['core'],
  orchestrators: ['core'],
  services: ['core', 'ports'],
  export: ['core', 'ports', 'services'],
  activities: ['core', 'ports', 'services', 'export', 'orchestrators'],
  functions: ['core', 'ports', 'services', 'orchestrators'],
  adapters: ['core', 'ports'],
  config: ['core'],
  composition: [
    'core',
    'ports',
    'config',
    'adapters',
    'activities',
    'functions',
    'services',
    'export',
    'orchestrators',
  ],
  web: ['core'],
  cli: ['core', 'ports', 'config', 'composition', 'services', 'orchestrators'],
};

/** Folders that read files which the app comes with. */
const readers = ['functions', 'adapters', 'composition'];
const appFolder = '^src/app-folder\\.ts$';

/** Where modules are that a folder may import. */
const placesFor = (folder, allowed) => {
  const folders = `^src/(${[folder, ...allowed].join('|')})/`;
  return readers.includes(folder) ? `${folders}|${appFolder}` : folders;
};

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    rule('no-circle', {}, { circular: true }, 'Files that import each other cannot be read apart.'),
    rule(
      'nothing-deployed-imports-local',
      { path: '^src/' },
      { path: '^(local|test)/' },
      'What stands in for Azure and Genesys Cloud is never deployed.',
    ),
    ...Object.entries(layers).map(([folder, allowed]) =>
      rule(
        `layer-${folder}`,
        { path: `^src/${folder}/` },
        { path: '^src/', pathNot: placesFor(folder, allowed) },
        `src/${folder} imports ${allowed.length === 0 ? 'nothing else of src' : allowed.join(', ')} only.`,
      ),
    ),
    rule(
      'app-registers',
      { path: '^src/app\\.ts$' },
      { path: '^src/', pathNot: '^src/((composition|config)/|registration\\.ts$)' },
      'app.ts registers what composition has built, and does nothing else.',
    ),
    rule(
      'registration-registers',
      { path: '^src/registration\\.ts$' },
      { path: '^src/', pathNot: '^src/(composition|activities|functions)/' },
      'registration.ts registers functions and activities, and does nothing else.',
    ),
    rule(
      'functions-and-orchestrators',
      { path: '^src/functions/(?!durable\\.ts)' },
      { path: '^src/orchestrators/(?!activity-types\\.ts)' },
      'HTTP and timer functions know the names and inputs of orchestrations, not their code.',
    ),
    rule(
      'activities-and-orchestrators',
      { path: '^src/activities/' },
      { path: '^src/orchestrators/(?!activity-types\\.ts)' },
      'Activities know their inputs and outputs, not the orchestrations that call them.',
    ),
    rule(
      'pure-core',
      { path: '^src/(core|orchestrators)/' },
      { dependencyTypes: ['core'] },
      'core and orchestrators do no I/O.',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.json'] },
  },
};
