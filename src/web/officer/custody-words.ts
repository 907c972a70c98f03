import type { Words } from '../../core/i18n/words';
import type { CustodyLine } from './officer-api';
import { letterOf } from './evidence-words';
import { reasonText } from './request-words';

/** Entries of the custody record as sentences. */

export type Who = 'officer' | 'person' | 'system';

/** What the person does by themselves in the portal; the record names nobody for it. */
const ofThePerson = new Set([
  'stepUpAccepted',
  'stepUpRefused',
  'stepUpLockedOut',
  'authenticatorEnrolled',
  'passphraseShown',
  'linkMinted',
  'downloadReported',
]);

/** The events that tell what became of a request; the others say how. */
const mainSteps = new Set([
  ...['stateChanged', 'decided', 'identifiersRevealed', 'failuresAccepted', 'packageVerified'],
  ...['extended', 'deadlineMissed', 'endNoticed', 'stepUpAccepted', 'stepUpLockedOut'],
  ...['identityChecked', 'mandateChecked', 'passphraseShown', 'linkMinted', 'downloadReported'],
  ...['handOverApproved', 'handedOver', 'releasedAgain', 'keyDestroyed', 'deleted', 'searched'],
  ...['messageRefused', 'messageRead', 'roleRefused'],
]);

export const isMainStep = ({ event }: CustodyLine): boolean => mainSteps.has(event);

export function whoOf({ actor, event }: CustodyLine): Who {
  if (actor !== null) return 'officer';
  return ofThePerson.has(event) ? 'person' : 'system';
}

/** Name of whoever did it; of officers whose names were deleted only that it was one. */
export const nameOf = (line: CustodyLine, { t }: Words): string =>
  line.annotation?.displayName ?? t(`officer.custody.who.${whoOf(line)}`);

type Detail = NonNullable<CustodyLine['detail']>;

/** A code of a detail in words, where there are any. */
function codeWords(group: string, code: unknown, { t, has }: Words): string {
  const key = `officer.${group}.${String(code)}`;
  return has(key) ? t(key) : '';
}

const count = (detail: Detail, name: string): number => Number(detail[name] ?? 0);

/** What happened. */
export function sentenceOf(line: CustodyLine, words: Words): string {
  const { t, has } = words;
  const { event, to, detail = {} } = line;
  if (event === 'stateChanged') return t(`officer.custody.states.${to ?? 'received'}`);
  if (event === 'decided') return decidedText(detail, words);
  const key = `officer.custody.events.${event}`;
  return has(key) ? t(key, { count: countOf(line) }) : t('officer.custody.events.unknown');
}

/** The number that a sentence is about. */
function countOf({ event, detail = {} }: CustodyLine): number {
  const names: Record<string, string> = {
    searched: 'conversations',
    matched: 'candidates',
    failuresAccepted: 'failures',
    bucketObjectsDeleted: 'objects',
    downloadsLogged: 'reads',
    conversationsCounted: 'withConversations',
  };
  return count(detail, names[event] ?? '');
}

/** Everything that one decision has said: whom it chose, what it included and left out, and the proof. */
function decidedText(detail: Detail, words: Words): string {
  const { t, list, has } = words;
  const chosen = String(detail['candidates'] ?? '')
    .split(', ')
    .filter(Boolean);
  const answered = (['identifiers', 'contacts', 'conversations'] as const).filter(
    (name) => count(detail, name) > 0,
  );
  const method = `officer.decision.methods.${String(detail['method'])}`;
  const undecided = `officer.custody.decided.undecided.${String(detail['undecided'])}`;
  const parts = [
    ...(chosen.length > 0
      ? [
          t('officer.custody.decided.contacts', {
            count: chosen.length,
            contacts: list(chosen.map((number) => letterOf(Number(number)))),
          }),
        ]
      : []),
    ...answered.map((name) => answersText(detail, name, words)),
    ...(has(method) ? [t('officer.custody.decided.proof', { method: t(method) })] : []),
    ...(detail['kindsWithheld'] === undefined ? [] : [t('officer.custody.decided.withheld')]),
    ...(has(undecided) ? [t(undecided)] : []),
  ];
  return parts.length === 0 ? t('officer.custody.decided.method') : parts.join('. ');
}

/** How many were included, and how many left out. */
function answersText(
  detail: Detail,
  name: 'identifiers' | 'contacts' | 'conversations',
  { t }: Words,
): string {
  const all = count(detail, name);
  const included = count(detail, `${name}Included`);
  return t(`officer.custody.decided.${name}Answers`, {
    count: all,
    included,
    withheld: all - included,
  });
}

/** The facts under the sentence: methods, reasons and sizes, in words. */
export function factsOf(line: CustodyLine, words: Words): string {
  const { bytes } = words;
  const { event, detail = {}, reasonCode = null } = line;
  const size = detail['bytes'];
  return [
    reasonText(reasonCode, words),
    // The sentence on a decision says the method itself.
    event === 'decided' ? '' : codeWords('methodNames', detail['method'], words),
    codeWords('methodNames', detail['checkMethod'], words),
    codeWords('mandates', detail['mandate'], words),
    codeWords('messages.templates', detail['kind'], words),
    codeWords('channels', detail['channel'], words),
    codeWords('reasons', detail['reasonCode'] ?? detail['outcome'], words),
    codeWords('noticeWays', detail['by'], words),
    codeWords('roles', String(detail['role'] ?? '').replace('Requests.', ''), words),
    ...(typeof size === 'number' ? [bytes(size)] : []),
  ]
    .filter(Boolean)
    .join(', ');
}

/** The start of a fingerprint, as it can be compared by eye. */
export const shortHash = (hash: string): string => `${hash.slice(0, 4)} ${hash.slice(4, 8)}`;
