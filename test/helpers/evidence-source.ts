import fc from 'fast-check';
import type { Contact } from '../../src/core/subject/contact';
import { withAnswers, type Decision } from '../../src/core/subject/decision';
import type { DoubtfulConversation } from '../../src/core/subject/doubtful';
import type { EvidenceSource } from '../../src/core/subject/evidence';
import type { Identifier } from '../../src/core/subject/identifiers';

/** What evidence for a decision is made of: contacts, identifiers, answers and conversations. */

export const contactOf = (change: Partial<Contact> = {}): Contact => ({
  id: 'c1',
  firstName: 'Zoë',
  lastName: 'Müller',
  mergeSet: ['c1'],
  phones: [{ number: '+4915112345666', receivesSms: true }],
  emails: ['zoe@mail.example'],
  handles: [],
  former: [],
  createdAt: '2020-01-01T00:00:00Z',
  ...change,
});
export const email = (value: string): Identifier => ({ type: 'email', value });
export const phone = (value: string, extension?: string): Identifier => ({
  type: 'phone',
  value,
  ...(extension === undefined ? {} : { extension }),
});
export const sourceOf = (change: Partial<EvidenceSource> = {}): EvidenceSource => ({
  identifiers: [email('zoe@mail.example')],
  name: null,
  contactMatches: { candidates: [contactOf()], shared: [], isPartial: false, isNearMatch: false },
  decision: null,
  ...change,
});
export const matchesOf = (candidates: Contact[], shared: string[] = []) => ({
  candidates,
  shared,
  isPartial: false,
  isNearMatch: false,
});
export const decided = (change: Parameters<typeof withAnswers>[1]): Decision =>
  withAnswers(null, change, 1, '2026-11-23T12:00:00.000Z');

export function doubtful(
  id: string,
  change: Partial<DoubtfulConversation> = {},
): DoubtfulConversation {
  return {
    conversationId: id,
    tiedBy: [],
    otherContacts: [],
    startedAt: '2026-01-01T00:00:00.000Z',
    channels: ['voice'],
    direction: 'inbound',
    queues: ['Sales'],
    doubt: 'otherContact',
    ...change,
  };
}

const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzäöüñ');
const word = fc.array(letter, { minLength: 5, maxLength: 12 }).map((all) => all.join(''));
export const digitsOf = (length: number) =>
  fc
    .array(fc.constantFrom(...'0123456789'), { minLength: length, maxLength: length })
    .map((all) => all.join(''));
export const number = digitsOf(8).map((digits) => `+49151${digits}`);
export const mailbox = fc
  .tuple(word, word, fc.constantFrom('example', 'com', 'co.uk'))
  .map(([name, domain, end]) => `${name}@${domain}.${end}`);
export const nameOf = fc.option(
  fc.array(word, { minLength: 1, maxLength: 3 }).map((all) => all.join(' ')),
);
