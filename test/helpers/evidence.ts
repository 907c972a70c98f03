import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root';

/** A file that a page names, with names in it, and of a test the beginnings of its sentences. */
export interface Evidence {
  file: string;
  names: string[];
  sentences: string[];
}

/** What a text of the documentation names: files, and after each what is to be found in it. */
export function evidenceIn(text: string): Evidence[] {
  const found: Evidence[] = [];
  for (const [, name, sentence] of text.matchAll(/`([^`]+)`|"([^"]+)"/g)) {
    const last = found.at(-1);
    if (name !== undefined && /^(src|test|infra)\/.+\.\w+$/.test(name))
      found.push({ file: name, names: [], sentences: [] });
    else if (sentence !== undefined) last?.sentences.push(sentence);
    else if (name !== undefined && /^\w+$/.test(name) && !last?.file.startsWith('test/'))
      last?.names.push(name);
  }
  return found;
}

/** What of the evidence is not there. */
export const missingOf = (text: string): string[] =>
  evidenceIn(text).flatMap(({ file, names, sentences }) => {
    if (!existsSync(join(root, file))) return [file];
    const content = readFileSync(join(root, file), 'utf8');
    return [...names, ...sentences]
      .filter((one) => !content.includes(one))
      .map((one) => `${file}: ${one}`);
  });
