import type { Fields } from '../../src/core/redaction/fields';
import { PeopleCollector } from '../../src/core/redaction/people/collect';
import type { ParticipantRole } from '../../src/core/redaction/people/fields';
import type { KnownPeople } from '../../src/core/redaction/people/known';
import { finish } from './mail-masking';

export const ownNumber = '+493055501012';
export const ownMailbox = 'zoe@home.example';
export const number = '+494077712345';
export const furtherNumber = '+494077754321';
export const mailbox = 'pat.cross@firm.example';
export const uuid = '5d1f0c62-8e8c-4e0b-9c5f-2f1f6a0e7b11';
export const beginning = (change: Partial<KnownPeople> = {}): KnownPeople => ({
  traces: [],
  own: { ids: ['contact-of-zoe'], names: ['Zoe Weber'], addresses: [ownNumber, ownMailbox] },
  lines: [],
  ...change,
});

/** Participants, each with what it is in the conversation. */
export const as = (role: ParticipantRole, fields: Fields): Fields => ({ ...fields, role });
export function inConversation(participants: unknown, from = beginning()): KnownPeople {
  const collector = new PeopleCollector(from);
  finish(collector.conversation({ participants }, ({ role }) => role as ParticipantRole));
  return collector.known;
}
export function inDocument(document: unknown, from = beginning()): KnownPeople {
  const collector = new PeopleCollector(from);
  finish(collector.document(document));
  return collector.known;
}
/** Everybody but the person, in words. */
export const told = ({ traces }: KnownPeople): string[] =>
  traces
    .map(({ role, kind, value, userId }) =>
      [role, kind, value, ...(userId === undefined ? [] : [`of ${userId}`])].join(' '),
    )
    .sort();
/** What is the person's besides what was known of them before. */
export const learned = ({ own }: KnownPeople): string[] => {
  const before = beginning().own;
  return [
    ...own.ids.slice(before.ids.length),
    ...own.names.slice(before.names.length),
    ...own.addresses.slice(before.addresses.length),
  ];
};
export const pauses = (document: unknown): number =>
  [...new PeopleCollector(beginning()).document(document)].length;

export const callers = ['ani', 'addressFrom', 'fromAddress'];
export const called = ['dnis', 'sessionDnis', 'addressTo', 'toAddress'];
export const near = ['address', 'addressSelf', 'callbackNumbers', 'videoAddressSelf', 'self'];
export const far = ['addressOther', 'other'];
export const names = ['name', 'participantName', 'aniName', 'callbackUserName'];
export const communications = [
  ...['sessions', 'calls', 'callbacks', 'chats', 'cobrowsesessions', 'emails', 'messages'],
  ...['internalMessages', 'screenMonitorings', 'screenshares', 'socialExpressions', 'videos'],
];
