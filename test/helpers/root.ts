import { join, resolve } from 'node:path';

/** Folder of the project. */
export const root = resolve(__dirname, '../..');

/** Folder of the app as it is deployed. */
export const deployed = join(root, 'dist/deploy');
