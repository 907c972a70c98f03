import { readFileSync } from 'node:fs';
import type { Answers } from '../core/api/bodies';
import { chosenMethods } from '../core/subject/decision';
import { answersInCall, verdicts, type Verdict } from '../core/subject/verdicts';
import { partKinds } from '../core/subject/withheld-parts';
import { UsageError } from './api';
import { idOf, numberOf, oneOf, type Options } from './options';

/** A thing and the verdict on it, as `THING=include`. @throws UsageError */
function answerOf(name: string, value: string): { thing: string; verdict: Verdict } {
  const [, thing = '', verdict = ''] = /^(.*)=(.*)$/.exec(value) ?? [];
  if (thing === '') throw new UsageError(`--${name} is what it is about, = and a verdict.`);
  return { thing, verdict: oneOf(name, verdicts, verdict) };
}

/** @throws UsageError when something is named twice */
function eachOnce<T>(name: string, all: readonly T[], keyOf: (one: T) => string | number): T[] {
  if (new Set(all.map(keyOf)).size < all.length)
    throw new UsageError(`--${name} names one thing twice.`);
  return [...all];
}

const conversationAnswer = (name: string, id: string, verdict: Verdict) => ({
  conversationId: idOf(name, id),
  verdict,
});

/** Conversations in a file, one a line: its id and the verdict. @throws UsageError */
function conversationsIn(file: string) {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch {
    throw new UsageError('--conversations-from is a file that can be read.');
  }
  return content.split(/\r?\n/).flatMap((line, i) => {
    if (line.trim() === '') return [];
    const [, id, given] = /^\s*(\S+?)[\s,;]+(\S+)\s*$/.exec(line) ?? [];
    const verdict = verdicts.find((one) => one === given);
    if (id === undefined || verdict === undefined)
      throw new UsageError(
        `Line ${i + 1} of the conversations is not an id and one of ${verdicts.join(', ')}.`,
      );
    return [conversationAnswer('conversations-from', id, verdict)];
  });
}

/** How the person proves who they are; null for the methods on file. */
const methodOf = (value: string) => {
  const method = oneOf('method', ['onFile', ...chosenMethods], value);
  return method === 'onFile' ? null : method;
};

/** The number of an identifier; null for what is on file. */
const reachedBy = (name: string, value: string): number | null =>
  value === 'onFile' ? null : numberOf(name, value);

function undecidedOf(options: Options): Pick<Answers, 'undecided'> {
  const [withhold, wait] = [
    options.isSet('without-undecided'),
    options.isSet('wait-for-undecided'),
  ];
  if (withhold && wait)
    throw new UsageError('Give one of --without-undecided and --wait-for-undecided.');
  if (withhold) return { undecided: 'withhold' };
  return wait ? { undecided: 'wait' } : {};
}

/** What is withheld for the rights of others. @throws UsageError */
function partsOf(options: Options): Pick<Answers, 'rightsOfOthers'> {
  const kinds = options
    .all('withhold-kind')
    .map((value) => oneOf('withhold-kind', partKinds, value));
  const conversations = options
    .all('withhold-conversation')
    .map((value) => idOf('withhold-conversation', value));
  const isNamed = kinds.length + conversations.length > 0;
  if (isNamed && options.isSet('withhold-nothing'))
    throw new UsageError('Give --withhold-nothing alone, or what is withheld.');
  if (!isNamed && !options.isSet('withhold-nothing')) return {};
  const same = <T>(one: T): T => one;
  return {
    rightsOfOthers: {
      kinds: eachOnce('withhold-kind', kinds, same),
      conversations: eachOnce('withhold-conversation', conversations, same),
    },
  };
}

/**
 * The answers on a command line, in as many calls as they take.
 * @throws UsageError when one is not understood, or there are none
 */
export function answersOf(options: Options): Answers[] {
  const contactIds = eachOnce(
    'contact',
    options.all('contact').map((id) => idOf('contact', id)),
    (id) => id,
  );
  const identifiers = options.all('identifier').map((value) => {
    const { thing, verdict } = answerOf('identifier', value);
    return { identifier: numberOf('identifier', thing), verdict };
  });
  const contacts = options.all('of-contact').map((value) => {
    const { thing, verdict } = answerOf('of-contact', value);
    return { contactId: idOf('of-contact', thing), verdict };
  });
  const file = options.text('conversations-from');
  const named = options.all('conversation').map((value) => {
    const { thing, verdict } = answerOf('conversation', value);
    return conversationAnswer('conversation', thing, verdict);
  });
  const conversations = eachOnce(
    'conversation',
    [...named, ...(file === undefined ? [] : conversationsIn(file))],
    (one) => one.conversationId,
  );
  const [method, codeTo, inviteTo] = [
    options.text('method'),
    options.text('code-to'),
    options.text('invite-to'),
  ];
  const answers: Answers = {
    ...(contactIds.length > 0 ? { contactIds } : {}),
    ...(identifiers.length > 0
      ? { identifiers: eachOnce('identifier', identifiers, (one) => one.identifier) }
      : {}),
    ...(contacts.length > 0
      ? { contacts: eachOnce('of-contact', contacts, (one) => one.contactId) }
      : {}),
    ...(options.isSet('keep-own') ? { keepsOwn: true } : {}),
    ...(method === undefined ? {} : { method: methodOf(method) }),
    ...(codeTo === undefined ? {} : { codeTo: reachedBy('code-to', codeTo) }),
    ...(inviteTo === undefined ? {} : { inviteTo: reachedBy('invite-to', inviteTo) }),
    ...undecidedOf(options),
    ...partsOf(options),
  };
  return inCalls(answers, conversations);
}

/**
 * Splits what one call does not take. Answers on contacts and identifiers come first, because a later one
 * would count more than those on conversations that were given with it; going on without the undecided
 * comes last.
 */
function inCalls(
  { undecided, ...wider }: Answers,
  conversations: NonNullable<Answers['conversations']>,
): Answers[] {
  const batches: Answers[] = [];
  for (let from = 0; from < conversations.length; from += answersInCall)
    batches.push({ conversations: conversations.slice(from, from + answersInCall) });
  const [first = {}, ...others] = batches;
  const calls = [{ ...wider, ...first }, ...others];
  const last = { ...calls.pop(), ...(undecided === undefined ? {} : { undecided }) };
  const { keepsOwn: _, ...given } = calls[0] ?? last;
  if (Object.keys(given).length === 0) throw new UsageError('Give at least one answer.');
  return [...calls, last];
}
