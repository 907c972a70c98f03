/** What an officer's answers mean for a conversation: for the searches, and for the console that shows it. */

/** Whether something is exported as the person's or left out. */
export const verdicts = ['include', 'withhold'] as const;
export type Verdict = (typeof verdicts)[number];

/** An officer's verdict on one thing. */
export interface Answer {
  verdict: Verdict;
  /** Decision that gave it: where several answers apply to one conversation, the latest counts. */
  version: number;
}

/** The answers of a decision, each on what it is about. */
export interface StoredAnswers {
  /**
   * By `identifierKey`: whether an identifier in question is the person's. It covers conversations that
   * the identifier ties to the person and that carry no other contact.
   */
  identifiers: Record<string, Answer>;
  /** By contact id: whether the doubtful conversations that carry another contact are the person's. */
  contacts: Record<string, Answer>;
  /** By conversation id. */
  conversations: Record<string, Answer>;
}

/** Conversations that one call answers on, at most. */
export const answersInCall = 1000;

/** What ties a conversation to a person, and what speaks against it. */
export interface Ties {
  conversationId: string;
  /** `identifierKey` of the person's identifiers in it. */
  tiedBy: readonly string[];
  /** Contacts in it that are not the person. */
  otherContacts: readonly string[];
}

/**
 * An officer's verdict on a doubtful conversation; null while there is none. A conversation that carries
 * another contact is covered by an answer on itself or on that contact, never by one on an identifier.
 * Among the answers that apply, the latest counts; of those given together, the one that is about the
 * conversation itself.
 */
export function verdictOn(
  { conversationId, tiedBy, otherContacts }: Ties,
  decision: StoredAnswers | null,
): Verdict | null {
  if (decision === null) return null;
  const own = decision.conversations[conversationId] ?? null;
  const wider =
    otherContacts.length > 0
      ? ofAll(otherContacts.map((id) => decision.contacts[id] ?? null))
      : ofAny(tiedBy.map((key) => decision.identifiers[key] ?? null));
  if (own === null || wider === null) return (own ?? wider)?.verdict ?? null;
  return (wider.version > own.version ? wider : own).verdict;
}

type MaybeAnswer = Answer | null;
const latest = (answers: readonly Answer[]): MaybeAnswer =>
  answers.reduce<MaybeAnswer>((a, b) => (a !== null && a.version >= b.version ? a : b), null);
const withVerdict = (answers: readonly MaybeAnswer[], verdict: Verdict): Answer[] =>
  answers.filter((one): one is Answer => one?.verdict === verdict);

/** One contact that is left out keeps the conversation out; all have to be named to include it. */
function ofAll(answers: readonly MaybeAnswer[]): MaybeAnswer {
  const withheld = latest(withVerdict(answers, 'withhold'));
  if (withheld !== null) return withheld;
  const included = withVerdict(answers, 'include');
  return included.length === answers.length ? latest(included) : null;
}

/** One identifier that is the person's is enough; all have to be denied to leave it out. */
function ofAny(answers: readonly MaybeAnswer[]): MaybeAnswer {
  const included = latest(withVerdict(answers, 'include'));
  if (included !== null) return included;
  const withheld = withVerdict(answers, 'withhold');
  return withheld.length === answers.length ? latest(withheld) : null;
}
