import { createExportPerson } from '../../src/activities/export-person';
import type { Contact } from '../../src/core/subject/contact';
import { personWithoutRecord } from '../../src/core/subject/no-contact';
import type { Identifier } from '../../src/core/subject/identifiers';
import type { StepUpMethod } from '../../src/core/authentication/step-up';
import type { AppContext } from '../../src/composition/app-context';
import { fakeSource, requestEnvironment } from '../helpers/exports';

const now = new Date('2026-11-25T12:00:00.000Z');
const own: Identifier = { type: 'phone', value: '+493011111' };
const other: Identifier = { type: 'phone', value: '+493022222' };
const mailbox: Identifier = { type: 'email', value: 'ada@mail.example' };

/** Exports the records of a person; returns what the rows of campaigns were asked for by, and the items. */
async function exportOf(contact: Contact, verifiedBy: StepUpMethod) {
  const asked: string[] = [];
  const { source } = fakeSource({
    contactRecord: () => Promise.resolve({ id: 'contact-1', createDate: '2020-01-01T00:00:00Z' }),
    notes: () => Promise.resolve({ notes: [], total: 0, isWhole: true }),
    journeySessions: () => Promise.resolve([]),
    retention: () => Promise.resolve({ days: 1825, now }),
    submitAuditQuery: () => Promise.resolve('query'),
    auditQueryState: () => Promise.resolve('fulfilled'),
    auditQueryResults: () => Promise.resolve([]),
    campaignContacts: ({ value }) => {
      asked.push(value);
      return Promise.resolve([]);
    },
  });
  const { env, record, itemsOf } = requestEnvironment(source);
  record['verifiedBy'] = verifiedBy;
  const details = { contact, decision: null, timeZone: 'UTC', locale: 'en' };
  const ledger = { ...env.ledger, details: () => Promise.resolve(details) };
  const activity = createExportPerson({ ...env, ledger } as unknown as AppContext);
  for (let calls = 0; calls < 20; calls += 1) {
    const result = await activity({ requestId: 'request' });
    if (result.kind !== 'done') throw new Error(JSON.stringify(result));
    if (result.value.waiting === 0) return { asked, items: itemsOf(0) };
  }
  throw new Error('The export does not end.');
}

describe('the rows of campaigns', () => {
  const onFile: Contact = {
    ...personWithoutRecord([]),
    id: 'contact-1',
    mergeSet: ['contact-1'],
    phones: [{ number: own.value, receivesSms: true }],
    emails: [mailbox.value],
  };

  it('are asked for by what is the contact’s, and not by what others have, too', async () => {
    const { asked } = await exportOf({ ...onFile, undecided: [other] }, 'sms');
    expect(asked).toEqual([own.value, mailbox.value]);
  });

  it.each<[StepUpMethod, string[]]>([
    ['sms', [own.value]],
    ['oidc', [own.value, mailbox.value, other.value]],
    ['officer', [own.value, mailbox.value, other.value]],
  ])('of a person without a record are asked for by what is proven by %s', async (method, by) => {
    const { phones, emails } = onFile;
    const person = { ...personWithoutRecord([other]), phones, emails };
    const { asked, items } = await exportOf(person, method);
    expect(asked).toEqual(by);
    // The source was asked for nothing else of them: every other call is refused here.
    expect(items.map(({ kind, status, reason }) => [kind, status, reason])).toEqual([
      ['contact', 'absent', 'noContactRecord'],
    ]);
  });
});
