import type { z } from 'zod';
import type {
  conversationsResponse,
  evidenceResponse,
  revealResponse,
} from '../core/api/evidence-responses';
import { holdersOf } from '../core/subject/holders';
import { day } from './print';

export type EvidenceView = z.output<typeof evidenceResponse>;
export type ConversationView = z.output<typeof conversationsResponse>['conversations'][number];
export type RevealedView = z.output<typeof revealResponse>;

/** Parts of a line that are there, between two spaces. */
const line = (...parts: (string | false | null)[]): string =>
  parts.filter((part) => part !== false && part !== null && part !== '').join('  ');
const since = (at: string | null): string => (at === null ? '' : `since ${day(at)}`);
/** How many there are of something. */
const counted = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;
const list = (numbers: readonly number[]): string => numbers.join(', ');

/** The candidates that have an identifier, and those that have nearly the same. */
function candidatesText(identifier: EvidenceView['identifiers'][number]): string {
  const { nearly } = identifier;
  const holders = holdersOf(identifier);
  return line(
    holders.length > 0 && `candidate ${list(holders)}`,
    nearly.length > 0 && `nearly candidate ${list(nearly)}`,
  );
}

const identifierLine = (one: EvidenceView['identifiers'][number]): string =>
  line(
    `  ${one.number}`,
    one.type.padEnd(9),
    one.masked.padEnd(22),
    one.isGiven && 'given',
    one.isShared && 'shared',
    one.hasExtension && 'with an extension',
    candidatesText(one),
    one.answer,
  );

const candidateLines = (one: EvidenceView['candidates'][number]): string[] => [
  line(
    `  ${one.number}`,
    one.contactId,
    since(one.createdAt),
    one.mergedContacts > 0 && `${one.mergedContacts} merged`,
    one.isChosen && 'CHOSEN',
  ),
  line('     name', one.name, one.maskedName),
  ...one.matches.map(({ identifier, verdict, since: at }) =>
    line(`     identifier ${identifier}`, verdict, since(at)),
  ),
  line(
    `     ${counted(one.phones, 'number', 'numbers')}, ${counted(one.mailboxes, 'mailbox', 'mailboxes')}`,
    one.codeGoesTo === null ? 'no code can be sent' : `codes go to ${one.codeGoesTo}`,
  ),
];

function noContactLines({ noContact }: EvidenceView): string[] {
  if (noContact === null) return [];
  const { identifiers, subjects } = noContact;
  return [
    'nobody on file; conversations by identifier',
    ...identifiers.map(({ identifier, conversations, from, to }) =>
      line(
        `  ${identifier}`,
        String(conversations),
        from !== null && to !== null && `${day(from)} to ${day(to)}`,
      ),
    ),
    ...(subjects === null ? [] : [`  data subjects that the source names: ${subjects}`]),
  ];
}

function doubtfulLines({ doubtful }: EvidenceView): string[] {
  if (doubtful === null) return [];
  const { total, undecided, included, withheld, byIdentifier, byContact } = doubtful;
  return [
    `conversations that may be another person's: ${total}; ${undecided} undecided, ${included} included, ${withheld} withheld`,
    ...byIdentifier.map(
      (one) => `  identifier ${one.identifier}: ${one.total}, ${one.undecided} undecided`,
    ),
    ...byContact.map(
      (one) => `  contact ${one.contactId}: ${one.total}, ${one.undecided} undecided`,
    ),
  ];
}

/** How the person proves who they are; of somebody without a contact record nothing is on file. */
function methodText({ decision, noContact }: EvidenceView): string {
  const method = decision?.method ?? null;
  if (method === null && noContact !== null) return 'no method';
  return `method ${method ?? 'onFile'}`;
}

function decisionLines(evidence: EvidenceView): string[] {
  const { decision } = evidence;
  if (decision === null) return ['nothing is decided'];
  const { contactIds, method, codeTo, inviteTo, undecided, at } = decision;
  return [
    line(
      `decided   ${at}`,
      methodText(evidence),
      method === 'sms' && codeTo !== null && `codes to ${codeTo}`,
      inviteTo !== null && `invitation to ${inviteTo}`,
      undecided === 'withhold' && 'goes on without the undecided',
    ),
    ...contactIds.map((id) => `  ${id}`),
  ];
}

/** The evidence for a decision. */
export const evidenceText = (evidence: EvidenceView): string =>
  [
    `request   ${evidence.requestId}`,
    `state     ${[evidence.status.state, evidence.reasonCode].filter(Boolean).join(': ')}`,
    'identifiers',
    ...evidence.identifiers.map(identifierLine),
    'candidates',
    ...evidence.candidates.flatMap(candidateLines),
    ...noContactLines(evidence),
    ...doubtfulLines(evidence),
    ...decisionLines(evidence),
  ].join('\n');

/** One doubtful conversation, in the columns of the headings; what is not known is a dash. */
const conversationLine = (one: ConversationView): string =>
  [
    one.conversationId,
    one.startedAt,
    one.channels.join('+'),
    one.direction,
    one.queues.join(', '),
    one.doubt,
    list(one.tiedBy),
    one.otherContacts.join(', '),
    one.verdict ?? 'undecided',
  ]
    .map((part) => part || '-')
    .join('  ');

const conversationHeadings = [
  ...['conversation', 'started', 'channels', 'direction', 'queues', 'doubt'],
  ...['identifiers', 'other contacts', 'verdict'],
].join('  ');

/** Doubtful conversations, one a line. */
export const conversationsText = (conversations: readonly ConversationView[]): string =>
  conversations.length === 0
    ? 'There are no such conversations.'
    : [conversationHeadings, ...conversations.map(conversationLine)].join('\n');

/** Names and identifiers in clear. */
export function revealedText({ candidates, identifiers }: RevealedView): string {
  const identifierText = (one: RevealedView['identifiers'][number]): string =>
    line(
      `  ${one.number}`,
      one.type.padEnd(9),
      one.value,
      one.extension !== undefined && `extension ${one.extension}`,
    );
  return [
    'identifiers',
    ...identifiers.map(identifierText),
    ...candidates.flatMap((one) => [
      line(`candidate ${one.number}`, one.contactId, one.firstName, one.lastName),
      ...one.identifiers.map(identifierText),
    ]),
  ].join('\n');
}
