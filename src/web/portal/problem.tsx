import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { Note } from '../shared/labels';
import { useWords } from '../shared/words';
import { problem } from './state';

/** A problem of the server in the person's words. */
export function useProblem(code: string): string {
  const { t, has } = useWords();
  return t(`portal.problems.${has(`portal.problems.${code}`) ? code : 'unknown'}`);
}

/** What went wrong with the last thing that was done, on the page or in a part of it; nothing where nothing did. */
export function Problem({ of = problem }: { of?: Signal<string> }): JSX.Element | null {
  const text = useProblem(of.value);
  return of.value === '' ? null : <Note tone="bad" role="alert" title={text} />;
}
