import { join, resolve } from 'node:path';

/** Folder of the project. */
export const root = resolve(__dirname, '../..');

/** Folder of the app as it is deployed. */
export const deployed = join(root, 'dist/deploy');

/**
 * Folder of the app that scenarios run: what is deployed. Where `npm run test:coverage` measures lines, it is
 * the same compiled file by file.
 */
export const scenarioApp = process.env['COVERAGE_APP'] ?? deployed;
