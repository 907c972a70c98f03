import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/** What makes an orchestrator or a core function differ between two replays, or touch the world. */
const impureGlobals = [
  'Date',
  'fetch',
  'process',
  'crypto',
  'console',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
].map((name) => ({ name, message: 'Pure code: pass the value in.' }));
const impureProperties = [
  { object: 'Math', property: 'random', message: 'Pure code: pass the value in.' },
];
const noIo = {
  group: ['node:*', '@azure/*', 'axios', 'nodemailer', 'purecloud-platform-client-v2'],
};
const noUpwardImports = {
  group: [
    '**/adapters/**',
    '**/activities/**',
    '**/functions/**',
    '**/config',
    '**/app',
    '**/local/**',
  ],
};

export default tseslint.config(
  { ignores: ['dist', 'node_modules', '.local', 'local/genesys/clips'] },
  eslint.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.mjs', '*.cjs', '*.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/core/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            noIo,
            noUpwardImports,
            { group: ['durable-functions', '**/ports', '**/*-port', '**/*-ports'] },
          ],
        },
      ],
      'no-restricted-globals': ['error', ...impureGlobals.filter((g) => g.name !== 'Date')],
      'no-restricted-properties': [
        'error',
        ...impureProperties,
        { object: 'Date', property: 'now', message: 'Pure code: pass the time in.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Pure code: pass the time in.',
        },
      ],
    },
  },
  {
    files: ['src/orchestrators/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [noIo, noUpwardImports] }],
      'no-restricted-globals': ['error', ...impureGlobals],
      'no-restricted-properties': ['error', ...impureProperties],
      'no-restricted-syntax': [
        'error',
        { selector: 'FunctionDeclaration[async=true]', message: 'Orchestrators are generators.' },
        { selector: 'AwaitExpression', message: 'Orchestrators yield durable tasks only.' },
        {
          selector: 'NewExpression[callee.name="Promise"]',
          message: 'Orchestrators yield durable tasks only.',
        },
      ],
    },
  },
  { files: ['**/*.{mjs,cjs,js}'], ...tseslint.configs.disableTypeChecked },
  {
    // Plain Node scripts, and the app that the host's tests load as it is.
    files: ['**/*.{mjs,cjs,js}'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'module',
          'require',
          '__dirname',
          'globalThis',
          'Buffer',
          'URL',
          'AbortSignal',
          'fetch',
          'setTimeout',
        ].map((name) => [name, 'readonly']),
      ),
    },
    rules: { 'no-console': 'off', '@typescript-eslint/no-require-imports': 'off' },
  },
);
