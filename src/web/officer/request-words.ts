import type { Words } from '../../core/i18n/words';
import { isFinal } from '../../core/request/states';
import type { RequestSummary, Status } from './officer-api';

/** What a request is called and what is next, in words. */

type Named = Pick<RequestSummary, 'ticketId' | 'receivedAt'>;

/** The ticket; after its deletion the day on which the request came. */
export const ticketOf = ({ ticketId, receivedAt }: Named, { t, day }: Words): string =>
  ticketId ?? t('officer.noTicket', { day: day(receivedAt) });

/** What is next for a request, and why. */
export interface Next {
  title: string;
  why: string;
}

export function nextOf(request: RequestSummary, words: Words): Next {
  const { t, has } = words;
  const { state, handOver } = request;
  const of = (key: string, values: Record<string, string | number> = {}): Next => ({
    title: t(`officer.next.${key}.title`, values),
    why: t(`officer.next.${key}.why`, values),
  });
  if (handOver !== null) return of('handOver', { name: handOver.startedBy });
  if (state === 'needsDecision' && request.needsOfficer) return decisionNext(request, words, of);
  if (state === 'failed') return failedNext(request, words);
  const next = runningNext(request, words, of);
  // What a request waits for says more than what it does.
  const waiting = `officer.waiting.${request.waiting?.reasonCode ?? ''}`;
  return !isFinal(state) && has(waiting) ? { ...next, why: t(waiting) } : next;
}

function runningNext(request: RequestSummary, words: Words, of: Of): Next {
  const { t, has, dateTime } = words;
  const { state, reasonCode } = request;
  if (state === 'needsDecision') return of('decided');
  if (state === 'awaitingVerification')
    return of(request.clock.pausedSince === null ? 'invited' : 'invitedPaused');
  if (state === 'exporting' || state === 'packaging') return progressNext(request, words);
  if (state === 'available' || state === 'delivered') {
    const until = request.availableUntil;
    const title =
      request.openedAt === null
        ? t('officer.next.available.title')
        : t('officer.next.delivered.title', { time: dateTime(request.openedAt) });
    const why = until && t('officer.next.available.why', { time: dateTime(until) });
    return { title, why: why ?? '' };
  }
  if (has(`officer.next.${state}.title`)) return of(state);
  return { title: t(`officer.ends.${state}`), why: reasonText(reasonCode, words) };
}

type Of = (key: string, values?: Record<string, string | number>) => Next;

function decisionNext({ reasonCode, doubtful }: RequestSummary, { has }: Words, of: Of): Next {
  if (reasonCode === 'doubtfulConversations')
    return of('doubtfulConversations', { count: doubtful ?? 0 });
  const isKnown = reasonCode !== null && has(`officer.next.${reasonCode}.title`);
  return of(isKnown ? reasonCode : 'decision');
}

function failedNext({ failedItems, reasonCode }: RequestSummary, words: Words): Next {
  const { t } = words;
  const isPartial = reasonCode === 'packageIncomplete' && failedItems !== null && failedItems > 0;
  return {
    title: isPartial
      ? t('officer.next.gaps.title', { count: failedItems })
      : t('officer.next.failed.title'),
    why: reasonText(reasonCode, words),
  };
}

function progressNext({ progress, state }: RequestSummary, words: Words): Next {
  const { t } = words;
  const counted = progress?.conversations ?? null;
  const title =
    counted === null
      ? t(`officer.states.${state}`)
      : t('officer.next.exporting.title', {
          done: counted.done,
          count: counted.total,
          total: counted.total,
        });
  return { title, why: t(`officer.next.${state}.why`) };
}

/** Why a request waits, failed or ended; '' for a reason without words. */
export function reasonText(reasonCode: string | null, { t, has }: Words): string {
  const key = `officer.reasons.${reasonCode ?? ''}`;
  return reasonCode !== null && has(key) ? t(key) : '';
}

/** Whether the person has confirmed who they are, and how. */
export function proofText(
  { verifiedAt, verifiedBy }: Pick<Status, 'verifiedAt' | 'verifiedBy'>,
  { t, dateTime }: Words,
): string {
  if (verifiedAt === null) return t('officer.proof.none');
  const method = t(`officer.methodNames.${verifiedBy ?? 'onFile'}`);
  return t('officer.proof.given', { time: dateTime(verifiedAt), method });
}

/** The rights of a request as a list, such as "Access and portability". */
export function rightsText({ rights }: Pick<RequestSummary, 'rights'>, { t }: Words): string {
  const key = [...rights].sort().join('And');
  return t(`officer.rights.${key === '' ? 'access' : key}`);
}

/** Name of a language in the language of the page. */
export function languageName(locale: string, { tag }: Words): string {
  try {
    return new Intl.DisplayNames([tag], { type: 'language' }).of(locale) ?? locale;
  } catch {
    return locale;
  }
}

/** A text with a full stop, unless it ends a sentence by itself. */
export const sentence = (text: string): string =>
  text === '' || /[.!?…]$/.test(text) ? text : `${text}.`;
