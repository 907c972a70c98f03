import { batch, signal, type Signal } from '@preact/signals';
import { isRefusal } from '../shared/refusals';
import { expiredOf } from './expired';
import { suggestLanguage } from './language';
import { call, type View } from './portal-api';
import { problemCodeOf } from './refused';

/** Why nothing of a request can be shown. */
export type Closed = 'linkEnded' | 'sessionEnded' | 'signedOut' | 'unreachable';

/** What the server has said last. Nothing of it is kept anywhere but in this page. */
export const view = signal<View | null>(null);
export const closed = signal<Closed | null>(null);
/** Code of what went wrong with the last thing that was done; '' for nothing. */
export const problem = signal('');
/** Since when the server cannot be reached (ISO 8601); what is shown is as old as that. */
export const staleSince = signal<string | null>(null);

/** Shows a view, in the language of the request. */
export async function show(next: View): Promise<void> {
  await suggestLanguage(next.locale).catch(() => undefined);
  batch(() => {
    view.value = next;
    closed.value = null;
    problem.value = '';
    staleSince.value = null;
  });
}

/** Shows that nothing can be shown any more. */
export function close(reason: Closed): void {
  const { value: last } = view;
  batch(() => {
    // Its time is over while the page was open: that says more than that the session has ended.
    const expired = reason === 'sessionEnded' ? expiredOf(last, Date.now()) : null;
    view.value = expired;
    closed.value = expired === null ? reason : null;
    problem.value = '';
  });
}

/** Asks the server for the present view. */
export async function refresh(): Promise<void> {
  try {
    await show(await call<View>('GET', 'request'));
  } catch (error) {
    handle(error);
  }
}

/** The same while the page waits: what it shows stays when the server cannot be reached. */
export async function refreshQuietly(): Promise<void> {
  try {
    await show(await call<View>('GET', 'request'));
  } catch (error) {
    if (isRefusal(error)) handle(error);
    else staleSince.value ??= new Date().toISOString();
  }
}

/**
 * Shows what has gone wrong.
 * @param place where it is said that something did; the page's own place unless a part of it has one
 */
export function handle(error: unknown, place: Signal<string> = problem): void {
  const code = problemCodeOf(error);
  if (code === 'sessionEnded') close('sessionEnded');
  else if (code === 'invitationNotFound') close('linkEnded');
  else if (code === 'stepUpRequired') void refresh();
  else if (view.value === null) close('unreachable');
  else place.value = code;
}

/** Does something, and shows what has gone wrong with it. @param place as for `handle` */
export async function attempt(
  work: () => Promise<unknown>,
  place: Signal<string> = problem,
): Promise<void> {
  place.value = '';
  try {
    await work();
  } catch (error) {
    handle(error, place);
  }
}
