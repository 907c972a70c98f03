import { createBeginExportAttempt } from '../../src/activities/begin-export-attempt';
import { createExportPerson, writePerson } from '../../src/activities/export-person';
import { partManifestBlob, partName, personPart } from '../../src/core/package/blob-names';
import { failed, newItem } from '../../src/core/package/items';
import { sanitiserFor } from '../../src/export/sanitiser';
import {
  exportEnvironment,
  fakeSource,
  MemoryWriter,
  requestEnvironment,
} from '../helpers/exports';
import { outline, pageOf } from '../helpers/one-page';

describe('the contact record', () => {
  const nothing = { found: [], problems: [], expected: 0, isWhole: true };
  const itemsWith = async (ids: string[], merged: number | null): Promise<string[]> => {
    const env = exportEnvironment(fakeSource({}).source);
    const masks = { records: sanitiserFor(env, 'request'), audits: sanitiserFor(env, 'request') };
    const contacts = { ...nothing, found: ids.map((id) => ({ id })), expected: ids.length, merged };
    const others = { notes: nothing, journeySessions: nothing, campaignContacts: nothing };
    const collected = { contacts, ...others, audits: [] };
    const { items } = await writePerson(new MemoryWriter(), collected, masks, []);
    return items.map((item) => `${outline(item)} ${item.ordinal}`);
  };

  it('of a contact that others were merged into names those of which there is none by itself', async () => {
    expect(await itemsWith(['c1'], 0)).toEqual(['contact exported 1']);
    expect(await itemsWith(['c1', 'm1'], 1)).toEqual(['contact exported 1', 'contact exported 2']);
    expect(await itemsWith(['c1', 'm1'], 3)).toEqual([
      ...['contact exported 1', 'contact exported 2'],
      ...['contact absent mergedAway 3', 'contact absent mergedAway 4'],
    ]);
  });

  it('that there is not is named', async () => {
    expect(await itemsWith([], null)).toEqual(['contact absent noContactRecord 1']);
  });
});

describe('failures that an officer has accepted', () => {
  it.each([
    [1, 0, 'email failed notDelivered'],
    [0, 3, 'conversation pending'],
  ])('are not asked for again: %d accepted, at least %d calls', async (accepted, atLeast, item) => {
    const page = await pageOf('email', {
      listEmails: () => Promise.resolve(['e1']),
      email: () => Promise.resolve(null),
    });
    await page.run();
    Object.assign(page.record, { pages: 1, conversations: 1, acceptedFailures: accepted });
    page.calls.length = 0;
    await createBeginExportAttempt(page.env)({ requestId: 'request' });
    expect(page.items()).toContain(item);
    await page.run(2, 1);
    const asked = page.calls.filter((name) => name !== 'then');
    expect(asked.length).toBeGreaterThanOrEqual(atLeast);
    if (accepted > 0) expect(asked).toEqual([]);
    expect(page.items()).toContain('email failed notDelivered');
  });

  it('are asked for again once there are more of them', async () => {
    const page = await pageOf('email', {});
    await page.run();
    await page.env.items.put('request', 1, [
      failed(newItem(1, 'email', 1, 'e1'), 'notDelivered'),
      failed(newItem(1, 'email', 2, 'e2'), 'notDelivered'),
    ]);
    Object.assign(page.record, { pages: 1, conversations: 1, acceptedFailures: 1 });
    await createBeginExportAttempt(page.env)({ requestId: 'request' });
    expect(page.items()).toContain('conversation pending');
  });

  it('leave the parts that are written as they are', async () => {
    const page = await pageOf('email', {
      listEmails: () => Promise.resolve(['e1']),
      email: () => Promise.resolve(null),
    });
    await page.run();
    const part = partManifestBlob(partName(1, 1, 1));
    Object.assign(page.record, { pages: 1, conversations: 1, acceptedFailures: 1 });
    await createBeginExportAttempt(page.env)({ requestId: 'request' });
    expect(await page.env.scratch.read('request', part, Buffer.alloc(32))).not.toBeNull();
  });
});

describe('records of the person', () => {
  const nameless = { id: 'contact-1' };
  const whole = { id: 'contact-1', firstName: 'Ada' };
  const note = { id: 'n1', noteText: 'Hello' };

  it.each([
    [
      'are exported again after one has failed, and nothing that has failed is left',
      nameless,
      [
        'contact failed notDelivered',
        'note exported',
        'note failed notDelivered',
        'note failed notDelivered',
      ],
      4,
    ],
    [
      'are not asked for again where none has failed',
      whole,
      ['contact exported', 'note exported'],
      0,
    ],
  ])('in another attempt %s', async (_name, first, before, calls) => {
    let contact: Record<string, unknown> = first;
    let total = before.length - 1;
    let asked = 0;
    const counted = <T>(answer: () => T) => {
      asked += 1;
      return Promise.resolve(answer());
    };
    const { source } = fakeSource({
      contactRecord: () => counted(() => contact),
      notes: () => counted(() => ({ notes: [note], total, isWhole: true })),
      journeySessions: () => counted(() => []),
      campaignContacts: () => counted(() => []),
      retention: () => Promise.resolve({ days: 1, now: new Date('2026-11-25T12:00:00.000Z') }),
      submitAuditQuery: () => Promise.resolve('query'),
      auditQueryState: () => Promise.resolve('fulfilled'),
      auditQueryResults: () => Promise.resolve([]),
    });
    const { env, record, itemsOf } = requestEnvironment(source);
    const run = async () => {
      for (let waiting = 1; waiting > 0;) {
        const result = await createExportPerson(env)({ requestId: 'request' });
        waiting = result.kind === 'done' ? result.value.waiting : 0;
      }
      const items = itemsOf(0).map(outline);
      return items.filter((item) => !item.startsWith('auditQuery'));
    };
    const part = async () =>
      (await env.scratch.read('request', partManifestBlob(personPart), Buffer.alloc(32)))?.entries;
    expect(await run()).toStrictEqual(before);
    const written = await part();
    await env.items.put('request', 1, [failed(newItem(1, 'audio', 1, 'r1'), 'transferFailed')]);
    Object.assign(record, { pages: 1, conversations: 1 });
    contact = whole;
    total = 1;
    asked = 0;
    await createBeginExportAttempt(env)({ requestId: 'request' });
    expect(await run()).toStrictEqual(['contact exported', 'note exported']);
    expect(asked).toBe(calls);
    const names = (await part())?.map(({ name }) => name) ?? [];
    expect(names.filter((name) => /contact|notes/.test(name))).toStrictEqual([
      'data/contact.json',
      'data/notes.json',
    ]);
    if (calls === 0) expect(await part()).toStrictEqual(written);
  });
});
