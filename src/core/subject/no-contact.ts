import { verdictOnIdentifier, type Decision } from './decision';
import type { Identifier } from './identifiers';
import { identifierKey } from './spellings';

/** What the source holds under one identifier of a person without a contact record. */
export interface IdentifierEvidence {
  /** `identifierKey` of an identifier that the request gives. */
  key: string;
  /** Conversations that carry it, those that carry a contact as well included. */
  conversations: number;
  /** When the first and the last of them began (ISO 8601); null without one. */
  from: string | null;
  to: string | null;
}

/**
 * What is known of a person of whom no contact record was found: all that is read of conversations
 * before the person has proven who they are.
 */
export interface NoContactEvidence {
  /** In the order in which the request gives the identifiers, spellings of one identifier once. */
  identifiers: IdentifierEvidence[];
  /**
   * Data subjects that the source itself names for these identifiers (`GET /api/v2/gdpr/subjects`),
   * each once; null when it cannot be asked by any of them.
   */
  subjects: number | null;
}

export type ContactPointProblem = 'codeToNotPossible' | 'inviteToNotPossible';

/**
 * Why codes or the invitation cannot go where a decision sends them; null when they can. Codes go to a
 * number without an extension that conversations carry, the invitation to a mailbox; the decision has to
 * name both as the person's.
 */
export function contactPointProblem({
  identifiers,
  noContact,
  decision,
}: {
  identifiers: readonly Identifier[];
  noContact?: NoContactEvidence | null;
  decision: Decision;
}): ContactPointProblem | null {
  const { codeTo, inviteTo } = decision;
  const named = (key: string): Identifier | undefined =>
    identifiers.find(
      (one) => identifierKey(one) === key && verdictOnIdentifier(one, decision) === 'include',
    );
  if (codeTo !== null) {
    const number = named(codeTo);
    const counted = noContact?.identifiers.find(({ key }) => key === codeTo);
    const isPossible = number?.type === 'phone' && number.extension === undefined;
    if (!isPossible || !counted || counted.conversations === 0) return 'codeToNotPossible';
  }
  return inviteTo !== null && (!noContact || named(inviteTo)?.type !== 'email')
    ? 'inviteToNotPossible'
    : null;
}
