import { basename, dirname, join } from 'node:path';

/** Folder of the project: this file runs as it is, and compiled in `dist`. */
export const root = join(__dirname, basename(dirname(__dirname)) === 'dist' ? '../..' : '..');
