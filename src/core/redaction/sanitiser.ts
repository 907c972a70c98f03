import type {
  SourceConversation,
  SourceParticipant,
  ConversationDetails,
} from '../genesys/conversation';
import type { AgentForm, Policy } from './policy';
import { assertShallow, reading } from '../genesys/reading';
import { merged, withMarks, type Finding } from './findings';

/** How often something was masked, by the code of why: `agent`, `cardNumber`, `otherPerson`, `pattern:NAME`. */
export type Redactions = Record<string, number>;

export const addRedactions = (one: Redactions, other: Redactions): Redactions => {
  const sum = { ...one };
  for (const [reason, count] of Object.entries(other)) sum[reason] = (sum[reason] ?? 0) + count;
  return sum;
};

const reasonWords: Record<string, string> = {
  agent: 'Name or id of an agent of the company, who has a right to privacy, too',
  cardNumber: 'Number of a payment card',
  otherPerson: 'Somebody else from outside who took part: name and addresses',
  unreadableMailPart: 'Part of a mail that is a text and cannot be read',
};

/** Counted with what was masked, and nothing that was: attachments of mails that stay as they are. */
const notRead = 'mailAttachmentNotRead';

/** `redaction-log.json`: what was masked in the package, how often and why. */
export function redactionLog(policy: Policy, redactions: Redactions, createdAt: string): object {
  const { patterns, ...rest } = policy;
  const { [notRead]: mailAttachments = 0, ...masked } = redactions;
  return {
    format: 'redaction-log',
    version: 1,
    createdAt,
    // Expressions would tell what is looked for; their names are in the texts.
    policy: { ...rest, patterns: patterns.map(({ name }) => name) },
    redactions: Object.entries(masked)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([reason, count]) => ({
        reason,
        justification:
          reasonWords[reason] ??
          `Found by the company's pattern “${reason.slice('pattern:'.length)}”`,
        count,
      })),
    // What was not looked into, and may hold what is masked elsewhere.
    ...(mailAttachments === 0 ? {} : { notExamined: { mailAttachments } }),
  };
}

/** Fields that hold ids, addresses of the API and times: nothing is searched for in them. */
const technical =
  /^(id|.*Id|.*Ids|.*Uri|.*URI|.*Date|.*Time|.*Start|.*End|timestamp|time|sha256|correlationId)$/;
/** Fields that hold a user of the company as an object. */
const userFields = new Set(['user', 'createdBy', 'modifiedBy', 'fromUser', 'users', 'agent']);
const agentPurposes: ReadonlySet<unknown> = new Set(['agent', 'user']);
/** Fields of a participant or session by which somebody could be told. */
const addressFields = new Set([
  ...['ani', 'aniName', 'dnis', 'sessionDnis', 'remote', 'remoteNameDisplayable', 'address'],
  ...['addressFrom', 'addressTo', 'addressSelf', 'addressOther', 'callbackNumbers'],
  ...['callbackUserName', 'participantName', 'name', 'attributes'],
]);

/**
 * 13 to 2,000 digits with spaces or hyphens between, and no `+` before them, which makes a phone number.
 * An id (UUID, RFC 9562) is matched first, as a whole: digits in it are no card's.
 */
const digitRun =
  /(?<id>(?<![0-9a-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z]))|(?<![+\d])\d(?:[ -]?\d){12,1999}(?!\d)/gi;

/** Check digit by the formula of Luhn (ISO/IEC 7812-1 annex B). */
export function isCardNumber(text: string): boolean {
  const digits = [...text.replaceAll(/\D/g, '')].map(Number).reverse();
  const sum = digits.reduce((total, digit, i) => {
    const value = i % 2 === 0 ? digit : digit * 2;
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0 && new Set(digits).size > 1;
}

const leastDigits = 13;
const mostDigits = 19;

/**
 * The card numbers in a run of digits: the whole run, or groups of it. What people write before and
 * after a card, as its expiry, is separated from it by a space only.
 */
function cardsInRun(run: string): { start: number; end: number }[] {
  const digits = run.replaceAll(/\D/g, '').length;
  if (digits <= mostDigits && isCardNumber(run)) return [{ start: 0, end: run.length }];
  // Groups of digits and, between them, their separators.
  const parts = run.split(/(\D)/);
  const found: { start: number; end: number }[] = [];
  let start = 0;
  for (let at = 0; at < parts.length;) {
    const count = Math.max(cardAt(parts, at), 1);
    const end = start + parts.slice(at, at + count).join('').length;
    if (cardAt(parts, at) > 0) found.push({ start, end });
    start = end;
    at += count;
  }
  return found;
}

/** The card numbers in a text. */
export function cardsIn(text: string): { start: number; end: number }[] {
  return [...text.matchAll(digitRun)].flatMap(({ 0: run, index, groups }) =>
    groups?.['id'] === undefined
      ? cardsInRun(run).map(({ start, end }) => ({ start: index + start, end: index + end }))
      : [],
  );
}

/** Most groups and separators of a card number: 19 single digits. */
const mostParts = 2 * mostDigits - 1;

/**
 * How many parts from one on are a card number, as many as can be; 0 when it begins none. The first
 * digits are those of cards that are in use (ISO/IEC 7812-1: travel, banking, merchandising).
 */
function cardAt(parts: readonly string[], from: number): number {
  const candidates = parts.slice(from, from + mostParts);
  if (!/^[2-6]/.test(candidates[0] ?? '')) return 0;
  let digits = '';
  let found = 0;
  candidates.forEach((part, i) => {
    if (/\D/.test(part)) return;
    digits += part;
    const isOfLength = digits.length >= leastDigits && digits.length <= mostDigits;
    if (isOfLength && isCardNumber(digits)) found = i + 1;
  });
  return found;
}

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** Masks texts and documents by a policy, and counts what it has masked. */
export class Sanitiser {
  redactions: Redactions = {};
  private readonly patterns: { reason: string; pattern: RegExp; mark: string }[];

  /** @param pseudonymOf a name for the id of a user, the same for the same one within a package */
  constructor(
    private readonly policy: Policy,
    private readonly pseudonymOf: (userId: string) => string,
    private readonly form: AgentForm = policy.agents,
  ) {
    this.patterns = policy.patterns.map(({ name, pattern }) => ({
      reason: `pattern:${name}`,
      pattern: new RegExp(pattern, 'gu'),
      mark: `[${name} removed]`,
    }));
  }

  /** Card numbers in a text and what the policy's patterns find, in order. Nothing is counted. */
  find(value: string): Finding[] {
    const cards = this.policy.cardNumbers === 'mask' ? cardsIn(value) : [];
    const found = this.patterns.flatMap(({ reason, pattern, mark }) =>
      [...value.matchAll(pattern)].map(({ 0: { length }, index }) => ({
        ...{ start: index, end: index + length },
        ...{ mark, reason },
      })),
    );
    const card = { mark: '[card number removed]', reason: 'cardNumber' };
    return merged([...cards.map((range) => ({ ...range, ...card })), ...found]);
  }

  /** A text without card numbers and what the policy's patterns find. */
  text(value: string): string {
    const findings = this.find(value);
    for (const { reason } of findings) this.note(reason);
    return withMarks(value, findings);
  }

  /**
   * A document of the source with its texts masked and its agents called as the policy says.
   * @throws UnreadableError when it cannot be processed
   */
  document<T>(value: T): T {
    assertShallow(value);
    return reading(() => this.walk(value, '') as T);
  }

  /**
   * A conversation in which nobody else from outside can be told any more.
   * @param isOwn tells the person's own participants from those of others
   */
  withoutOthers<T extends SourceConversation | ConversationDetails>(
    conversation: T,
    isOwn: (participant: SourceParticipant) => boolean,
  ): T {
    const { participants } = conversation as { participants?: SourceParticipant[] };
    if (this.policy.otherPeople === 'keep' || !participants) return conversation;
    const masked = participants.map((participant) => {
      const isOutside = participant.purpose === 'customer' || participant.purpose === 'external';
      if (!isOutside || isOwn(participant)) return participant;
      this.note('otherPerson');
      return {
        ...withoutAddresses(participant),
        ...(participant.sessions
          ? { sessions: participant.sessions.map((session) => withoutAddresses(session)) }
          : {}),
      };
    });
    return { ...conversation, participants: masked };
  }

  private note(reason: string): void {
    this.redactions[reason] = (this.redactions[reason] ?? 0) + 1;
  }

  private walk(value: unknown, field: string): unknown {
    if (typeof value === 'string')
      return technical.test(field) && !/\s/.test(value) ? value : this.text(value);
    if (Array.isArray(value)) return value.map((one) => this.walk(one, field));
    if (!isFields(value)) return value;
    const own = this.withAgents(value, field);
    const result: Fields = {};
    for (const [name, inner] of Object.entries(own)) result[name] = this.walk(inner, name);
    // What was said word by word says it again.
    if (typeof own['text'] === 'string' && result['text'] !== own['text'] && 'words' in result) {
      delete result['words'];
      delete result['alternatives'];
    }
    return result;
  }

  private withAgents(value: Fields, field: string): Fields {
    if (this.form === 'name') return value;
    const isUser = userFields.has(field) && typeof value['id'] === 'string';
    const isAgent = agentPurposes.has(value['purpose'] ?? value['participantPurpose']);
    const userId = isUser ? value['id'] : value['userId'];
    if (typeof userId !== 'string') {
      if (!isAgent || typeof value['name'] !== 'string') return value;
      this.note('agent');
      return { ...value, name: this.display(value['name'], null) };
    }
    this.note('agent');
    const pseudonym = this.pseudonymOf(userId);
    const named = (name: unknown): string =>
      this.display(typeof name === 'string' ? name : '', pseudonym);
    if (isUser) return { id: pseudonym, name: named(value['name']) };
    return {
      ...value,
      userId: pseudonym,
      ...(isAgent && 'name' in value ? { name: named(value['name']) } : {}),
    };
  }

  private display(name: string, pseudonym: string | null): string {
    if (this.form === 'pseudonym' && pseudonym !== null) return pseudonym;
    const [first = ''] = this.form === 'firstName' ? name.trim().split(/\s+/) : [];
    return first === '' ? 'Agent' : first;
  }
}

const withoutAddresses = (value: Fields): Fields =>
  Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      !addressFields.has(name)
        ? inner
        : typeof inner === 'string'
          ? '[another person]'
          : Array.isArray(inner)
            ? []
            : {},
    ]),
  );
