import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Translator } from '../../core/i18n/translator';
import { ApiProblem } from '../shared/api';
import { Button } from '../shared/button';
import { Note } from '../shared/labels';
import { Loading } from '../shared/waiting';
import { useWords } from '../shared/words';
import { Arrivals } from './arrivals';
import { me } from './session';

/** Something that the server was asked for. */
export interface Resource<T> {
  /** Null before the first answer. What a later failure leaves stays. */
  data: T | null;
  /** When the data was read (ISO 8601). */
  at: string | null;
  problem: unknown;
  reload: () => Promise<void>;
}

interface Held<T> extends Omit<Resource<T>, 'reload'> {
  key: string;
}

const empty = { data: null, at: null, problem: null };

/** Something that a page shows. */
interface Shown {
  reload: () => Promise<void>;
  /** Whether it could not be read when that was last tried. */
  hasFailed: () => boolean;
}

/** What a page shows, to be read again together. */
export type Refreshed = Set<Shown>;

/** When something is asked for again though its key is the same: what was read stays until the answer. */
export interface Again {
  /** Seconds after which, while the page is looked at. */
  everySeconds?: number;
  /** Whenever this changes. */
  since?: string;
  /** Together with what else the page shows. */
  among?: Refreshed;
}

/** Asks the server, once for each key unless `again` says otherwise. Late answers are dropped. */
export function useResource<T>(
  key: string,
  load: () => Promise<T>,
  { everySeconds, since = '', among }: Again = {},
): Resource<T> {
  const held = useSignal<Held<T>>({ key, ...empty });
  const arrivals = useMemo(() => new Arrivals(), []);
  const latest = useRef({ key, load });
  latest.current = { key, load };
  const reload = async (): Promise<void> => {
    const { key: asked, load: ask } = latest.current;
    const isNews = arrivals.ask();
    try {
      const data = await ask();
      if (latest.current.key !== asked || !isNews()) return;
      held.value = { key: asked, data, at: new Date().toISOString(), problem: null };
    } catch (problem) {
      if (latest.current.key !== asked || !isNews()) return;
      endSession(problem);
      held.value = { ...(held.value.key === asked ? held.value : empty), key: asked, problem };
    }
  };
  useEffect(() => void reload(), [key, since]);
  useEffect(() => {
    const shown: Shown = { reload, hasFailed: () => held.peek().problem !== null };
    among?.add(shown);
    return () => among?.delete(shown);
  }, [among]);
  useEvery(everySeconds, reload);
  const { data, at, problem } = held.value.key === key ? held.value : empty;
  return { data, at, problem, reload };
}

/**
 * Does something again and again while the page is looked at, and at once when somebody comes back to it.
 * @param seconds undefined for never
 */
export function useEvery(seconds: number | undefined, run: () => Promise<void>): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    if (seconds === undefined) return undefined;
    const runWhereSeen = (): void => {
      if (document.visibilityState === 'visible') void latest.current();
    };
    const timer = setInterval(runWhereSeen, seconds * 1000);
    document.addEventListener('visibilitychange', runWhereSeen);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', runWhereSeen);
    };
  }, [seconds]);
}

/** Shows the sign-in once the server says that there is no session any more. */
export function endSession(problem: unknown): void {
  if (isSignedOut(problem)) me.value = null;
}

/** Whether the server has refused a call for lack of a session. */
export const isSignedOut = (problem: unknown): boolean =>
  problem instanceof ApiProblem && problem.status === 401;

/** What went wrong and what to do, in words. */
export function explain(problem: unknown, { t, has }: Translator): string {
  if (problem instanceof ApiProblem) {
    const key = `officer.problems.${problem.code}`;
    return t(has(key) ? key : 'officer.problems.unknown');
  }
  // `fetch` rejects by a TypeError when there is no connection.
  return t(problem instanceof TypeError ? 'officer.problems.offline' : 'officer.problems.unknown');
}

/** Says beside a button why what it does has failed. */
export function useExplanation(): (problem: unknown) => string {
  const words = useWords();
  return (problem) => {
    endSession(problem);
    return explain(problem, words);
  };
}

/**
 * Shows what was read. While nothing is there it says that it loads, or why it cannot; after a failed
 * refresh the old data stays, with the time that it is from.
 */
export function Loaded<T>({
  of: { data, at, problem, reload },
  rows = 5,
  children,
}: {
  of: Resource<T>;
  rows?: number;
  children: (data: T) => ComponentChildren;
}): JSX.Element {
  const words = useWords();
  const { t, time } = words;
  const retry = (
    <Button kind="quiet" icon="retry" run={reload}>
      {t('officer.tryAgain')}
    </Button>
  );
  if (data === null)
    return problem === null ? (
      <Loading rows={rows} />
    ) : (
      <Note tone="bad" role="alert" title={t('officer.cannotLoad')}>
        {explain(problem, words)} {retry}
      </Note>
    );
  return (
    <>
      {problem !== null && (
        <Note tone="warn" role="alert" title={t('officer.from', { time: time(at ?? '') })}>
          {explain(problem, words)} {retry}
        </Note>
      )}
      {children(data)}
    </>
  );
}
