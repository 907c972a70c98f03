import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from './root';

/** Text of a file of the project. */
export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

export interface Step {
  id?: string;
  name?: string;
  uses?: string;
  run?: string;
  shell?: string;
  with?: Record<string, string>;
  env?: Record<string, string>;
}
export interface Job {
  needs?: string | string[];
  environment?: string | { name: string };
  permissions?: Record<string, string>;
  'timeout-minutes'?: number;
  steps: Step[];
}
interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  concurrency: { 'cancel-in-progress': boolean };
  defaults: { run: { shell: string } };
  jobs: Record<string, Job>;
}

/** A workflow of GitHub, by its file. */
export const workflowOf = (file: string): Workflow => parse(textOf(file)) as Workflow;
