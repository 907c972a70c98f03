import type { z } from 'zod';
import type { decisionBody } from '../../core/api/bodies';
import type { RequestDetails } from '../../core/request/record';
import type { Contact } from '../../core/subject/contact';
import type { Decision, DecisionChange } from '../../core/subject/decision';
import type { Verdict } from '../../core/subject/verdicts';
import { IdentifierNumbers } from '../../core/subject/evidence';
import { contactPointProblem, resolveRequest } from '../../core/subject/no-contact';
import { currentNumber } from '../../core/subject/number-plans';
import { smsNumberOf } from '../../core/subject/reachability';
import { identifierKey } from '../../core/subject/spellings';
import type { StoredRequest } from '../../ports';
import type { DoubtfulConversations } from '../../services/doubtful';
import { HttpProblem } from '../shared/http';
import { contactNotInQuestion, identifierNotInQuestion } from './evidence';

/** The answers of an officer's call, checked against what is stored of the request. */

export type GivenAnswers = Omit<z.output<typeof decisionBody>, 'justification' | 'basedOn'>;

/** Answers on single conversations and contacts that are stored of a request, at most. */
const answersLimit = 5000;

/**
 * The answers with the identifiers themselves in place of their numbers, and with the conversations whose own
 * answers they keep.
 * @param doubtful those that an officer decides on; null where the answers say nothing of them, or before they
 *   are known
 * @throws HttpProblem 400 when an identifier is not in question
 */
export function changeOf(
  details: RequestDetails,
  given: GivenAnswers,
  doubtful: DoubtfulConversations | null,
): DecisionChange {
  const { identifiers, codeTo, inviteTo, keepsOwn, ...others } = given;
  const numbers = new IdentifierNumbers(details);
  const keyOf = (number: number): string => {
    const identifier = numbers.at(number);
    if (identifier === null) throw identifierNotInQuestion();
    return identifierKey(identifier);
  };
  const keyOrNull = (number: number | null): string | null =>
    number === null ? null : keyOf(number);
  return {
    ...others,
    ...(identifiers === undefined
      ? {}
      : {
          identifiers: identifiers.map(({ identifier, verdict }) => ({
            key: keyOf(identifier),
            verdict,
          })),
        }),
    ...(keepsOwn === true && doubtful ? { keepsOwn: doubtful.answered(details.decision) } : {}),
    ...(codeTo === undefined ? {} : { codeTo: keyOrNull(codeTo) }),
    ...(inviteTo === undefined ? {} : { inviteTo: keyOrNull(inviteTo) }),
  };
}

/**
 * @throws HttpProblem 409 when codes or the invitation cannot go where the decision sends them, or when
 *   the person was invited already and the decision leaves out where that or the codes have gone
 */
export function requireContactPoints(
  { record, details }: StoredRequest,
  { codeTo, inviteTo }: DecisionChange,
  decision: Decision,
): void {
  const isGiven = [codeTo, inviteTo].some((one) => one !== undefined && one !== null);
  const problem = isGiven ? contactPointProblem({ ...details, decision }) : null;
  if (problem === 'codeToNotPossible')
    throw new HttpProblem(
      409,
      'codeToNotPossible',
      'Codes go to a number that is named as the person’s and that conversations carry.',
    );
  if (problem === 'inviteToNotPossible')
    throw new HttpProblem(
      409,
      'inviteToNotPossible',
      'The invitation goes to a mailbox that is named as the person’s.',
    );
  const before = details.decision;
  const isChanged =
    decision.codeTo !== (before?.codeTo ?? null) ||
    decision.inviteTo !== (before?.inviteTo ?? null);
  const { contact, contactMatches } = details;
  if (contact === null || contactMatches === null || record.verificationRequestedAt === null)
    return;
  const after = resolveRequest(contactMatches, { ...details, decision }, contact).contact;
  // What is proven since the invitation is proven of where that and the codes went, and of somebody.
  if (isChanged || after === null || !isReachedAs(contact, after))
    throw alreadyInvited('The person has been invited. Cancel this request and submit a new one.');
}

/** Whether the number that codes went to and the mailbox that was invited are a person's still. */
function isReachedAs(invited: Contact, { phones, emails }: Contact): boolean {
  const smsNumber = smsNumberOf(invited);
  const [mailbox] = invited.emails;
  const isKnown = phones.some(({ number }) => currentNumber(number) === smsNumber);
  return (smsNumber === null || isKnown) && (mailbox === undefined || emails.includes(mailbox));
}

const alreadyInvited = (title: string): HttpProblem =>
  new HttpProblem(409, 'subjectAlreadyInvited', title);

/**
 * Checks answers on conversations, and on contacts in them.
 * @param doubtful those that an officer decides on; null before they are known
 * @throws HttpProblem 400 when one is not in question
 */
export function requireInQuestion(
  { conversations = [], contacts = [] }: GivenAnswers,
  doubtful: DoubtfulConversations | null,
): void {
  if (!conversations.every(({ conversationId }) => doubtful?.hasConversation(conversationId)))
    throw new HttpProblem(
      400,
      'conversationNotInQuestion',
      'A conversation is not among those that an officer decides on.',
    );
  if (!contacts.every(({ contactId }) => doubtful?.hasContact(contactId)))
    throw contactNotInQuestion();
}

/**
 * @returns the numbers of the contacts among the candidates, from 1
 * @throws HttpProblem 400 if a contact is not a candidate, 409 if another contact was invited
 */
export function requireCandidates(
  { record, details }: StoredRequest,
  contactIds: readonly string[] = [],
): number[] {
  const candidates = details.contactMatches?.candidates ?? [];
  const numbers = contactIds.map((contactId) => {
    const index = candidates.findIndex(({ id }) => id === contactId);
    if (index === -1)
      throw new HttpProblem(
        400,
        'contactNotACandidate',
        'This contact is not a candidate of the request.',
      );
    return index + 1;
  });
  const isInvited = details.contact !== null && record.verificationRequestedAt !== null;
  if (isInvited && numbers.length > 0 && contactIds[0] !== details.contact?.id)
    throw alreadyInvited(
      'Another contact has been invited. Cancel this request and submit a new one.',
    );
  return numbers;
}

/** @throws HttpProblem 409 when a decision has more answers than are stored */
export function requireFewAnswers({ conversations, contacts }: Decision): void {
  if (Object.keys(conversations).length + Object.keys(contacts).length > answersLimit)
    throw new HttpProblem(
      409,
      'tooManyAnswers',
      `There are more than ${answersLimit} answers on single conversations and contacts. Decide by identifier, or go on without the undecided.`,
    );
}

/**
 * What the custody record says: counts, numbers and methods. Candidates and identifiers by their
 * numbers: the record outlives the request's key, and a contact's id, or a hash of it, would connect
 * the records of all requests of one person.
 */
export function factOf(
  candidates: readonly number[],
  given: GivenAnswers,
): Record<string, string | number> {
  const { identifiers, contacts, conversations, method, codeTo, inviteTo, undecided } = given;
  const { keepsOwn, rightsOfOthers: parts } = given;
  return {
    ...(candidates.length > 0 ? { candidates: candidates.join(', ') } : {}),
    ...tally('identifiers', identifiers),
    ...tally('contacts', contacts),
    ...tally('conversations', conversations),
    ...(keepsOwn === true ? { own: 'kept' } : {}),
    ...(method === undefined ? {} : { method: method ?? 'onFile' }),
    ...(codeTo === undefined ? {} : { codeTo: codeTo ?? 'onFile' }),
    ...(inviteTo === undefined ? {} : { inviteTo: inviteTo ?? 'onFile' }),
    ...(undecided === undefined ? {} : { undecided }),
    ...(parts === undefined
      ? {}
      : {
          kindsWithheld: parts.kinds.join(', '),
          conversationsWithheld: parts.conversations.length,
        }),
  };
}

/** How many answers there are, and how many of them include what they are about. */
const tally = (
  name: string,
  answers: readonly { verdict: Verdict }[] | undefined,
): Record<string, number> =>
  answers === undefined
    ? {}
    : {
        [name]: answers.length,
        [`${name}Included`]: answers.filter(({ verdict }) => verdict === 'include').length,
      };
