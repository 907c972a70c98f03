import fc from 'fast-check';
import type { PersonRecords } from '../../src/core/package/person-records';
import { writePerson } from '../../src/activities/export-person';
import { exportDocuments } from '../../src/export/conversation';
import { FormattedExporter } from '../../src/export/recordings';
import type { RecordingPage } from '../../src/export/recording-exporter';
import { sanitiserFor } from '../../src/export/sanitiser';
import { newItem } from '../../src/core/package/items';
import { wholePlan } from '../../src/core/redaction/spoken';
import { viewerScript } from '../../src/core/package/viewer-script';
import { ownNumbers } from '../../src/core/redaction/own-numbers';
import { onlySubject } from '../../src/core/redaction/people/known';
import type { SourceEmail, SourceMessage } from '../../src/ports';
import { conversationIn, exportEnvironment, fakeSource, MemoryWriter } from '../helpers/exports';
import { PlantedConversation } from '../helpers/planted-people';

/** Conversations that are exported; `npm run test:long` tries 100,000. */
const numRuns = Number(process.env['PEOPLE_DOCUMENTS'] ?? 50);
/** A hundred thousand take long. */
jest.setTimeout(120 * 60_000);

/** Each makes a conversation; there is no smaller one. */
const seeds = fc.noShrink(fc.integer({ min: 0 }));

/** All that is written of a conversation, as text: mails decoded. */
async function writtenOf(planted: PlantedConversation): Promise<string> {
  const { own } = planted;
  const { conversation, details } = planted.documents();
  const files: Record<string, string> = {
    'https://files.example/t1': JSON.stringify(planted.transcript()),
    'https://files.example/a1': planted.csv(),
    'https://files.example/eml': planted.mail(),
  };
  const email = planted.email();
  const message = planted.message();
  const survey = planted.survey();
  const summary = planted.summary();
  const thread = planted.thread();
  const { source } = fakeSource({
    conversation: () => Promise.resolve(details),
    listRecordings: () =>
      Promise.resolve([
        { recordingId: 'r1', media: 'audio', file: 'available' },
        { recordingId: 'r2', media: 'email', file: 'available' },
        { recordingId: 'r3', media: 'messaging', file: 'available' },
      ]),
    transcriptUrls: () => Promise.resolve([{ recordingId: 'r1', url: 'https://files.example/t1' }]),
    async *download(url) {
      yield await Promise.resolve(Buffer.from(files[url] ?? ''));
    },
    listEmails: () => Promise.resolve(['mail1']),
    email: () => Promise.resolve(email as SourceEmail),
    messages: () => Promise.resolve([message as SourceMessage]),
    surveys: () => Promise.resolve([survey]),
    summary: () => Promise.resolve(summary),
    sentiment: () => Promise.resolve(null),
    requestRecording: (_id, { media }) =>
      Promise.resolve(
        media === 'email'
          ? { kind: 'file', url: 'https://files.example/eml' }
          : { kind: 'document', document: thread },
      ),
  });
  const env = exportEnvironment(source);
  const subject = {
    contactIds: [own.id],
    phones: [own.number],
    emails: [own.mailbox],
    names: [`${own.first} ${own.last}`],
    handles: [],
    since: null,
  };
  const ownDigits = ownNumbers(subject);
  const writer = new MemoryWriter();
  const entry = conversationIn('voice', conversation);
  const sanitiser = sanitiserFor(env, 'request', { own: ownDigits });
  const context = { timeZone: 'UTC', subject, sanitiser };
  const result = await exportDocuments(
    env,
    writer,
    entry,
    newItem(1, 'conversation', 1, null),
    context,
  );
  const texts = result.items.filter(({ kind }) => /^(emailRecording|messageRecording)$/.test(kind));
  const page: RecordingPage = {
    owner: { record: { requestId: 'request' }, subject } as unknown as RecordingPage['owner'],
    own: ownDigits,
    page: 1,
    pass: 1,
    writer,
    wanted: texts.map((item) => ({ item, conversationId: 'c1', start: '', sound: wholePlan })),
    peopleOf: () => result.people,
    siblingsOf: () => result.items,
    mayWait: () => false,
    wasAnyReady: false,
    noteAsked: () => undefined,
    hasTime: () => Promise.resolve(true),
  };
  const outcomes: string[] = [];
  const shown: unknown[] = [];
  for await (const { result: done } of new FormattedExporter(env).export(page)) {
    outcomes.push(done.kind);
    if (done.kind === 'exported') shown.push(done.messages);
  }
  expect(outcomes).toEqual(['exported', 'exported']);
  expect(writer.entries.size).toBe(6);
  const mails = [...writer.entries].filter(([name]) => name.endsWith('.eml'));
  return [
    writer.all,
    ...mails.map(([, bytes]) => decodedMail(bytes.toString('latin1'))),
    viewerScript('page', [result.texts, ...shown]),
    JSON.stringify(result.row),
  ].join('\n');
}

/** A mail with everything decoded that is encoded in it. */
function decodedMail(mail: string): string {
  const quoted = mail
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  const blocks = mail.match(/(?:^[A-Za-z0-9+/]{4,}={0,2}\r?$\n?)+/gm) ?? [];
  return [quoted, ...blocks.map((block) => Buffer.from(block, 'base64').toString())].join('\n');
}

const plain = (text: string): string => text.toLowerCase();

/** Whatever was planted of others and stands in what was written. */
function survivors(planted: PlantedConversation, written: string): string[] {
  const { own, others } = planted;
  const all = plain(written);
  const ofOwn = planted.planted
    .filter(({ role }) => role === 'own')
    .map(({ written: one }) => plain(one));
  const withoutOwn = [...ofOwn, plain(own.number)]
    .sort((a, b) => b.length - a.length)
    .reduce((text, one) => text.replaceAll(one, ' '), all);
  const found = planted.planted.flatMap(({ written: one, role }) => {
    if (role === 'own') return [];
    const text = plain(one);
    const isLonger = ofOwn.some((mine) => text.includes(mine));
    return (isLonger ? all : withoutOwn).includes(text) ? [one] : [];
  });
  const telling = others.flatMap(({ id, last }) => [id, last]);
  return [...found, ...telling.filter((one) => all.includes(plain(one)))];
}

/** Whatever was planted of the person and is not there any more. */
const lost = (planted: PlantedConversation, written: string): string[] =>
  planted.planted
    .filter(({ role, written: one }) => role === 'own' && !written.includes(one))
    .map(({ written: one }) => one);

describe('people at any place of a conversation', () => {
  it('are in nothing that is written, and the person always is', async () => {
    let pieces = 0;
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const planted = new PlantedConversation(seed);
        const written = await writtenOf(planted);
        expect(survivors(planted, written)).toEqual([]);
        expect(lost(planted, written)).toEqual([]);
        pieces += planted.planted.length;
      }),
      { numRuns },
    );
    expect(pieces).toBeGreaterThan(numRuns * 40);
  });
});

describe('staff at any place of what is of the person', () => {
  it('are in nothing that is written, and the person always is', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const planted = new PlantedConversation(seed);
        planted.others.splice(0, planted.others.length, ...planted.staff);
        const { own } = planted;
        const listing = (found: Record<string, unknown>[]) => ({
          found,
          problems: [],
          expected: found.length,
          isWhole: true,
        });
        const everybody = planted.staff.map((one) => planted.user(one));
        const notes = everybody.map((createdBy, i) => ({
          id: `n${i}`,
          noteText: planted.text(),
          createdBy,
        }));
        const event = { id: 'a1', user: planted.user(), message: { message: planted.text() } };
        const collected = {
          contacts: { ...listing([{ id: own.id, firstName: own.first }]), merged: 0 },
          notes: listing(notes),
          journeySessions: listing([
            { id: 'j1', searchTerms: [planted.text()], lastConnectedUser: planted.user() },
          ]),
          campaignContacts: listing([{ id: 'd1', data: { remark: planted.text() } }]),
          audits: [{ state: 'done', problem: null, results: [event] }],
        } as unknown as PersonRecords;
        const env = exportEnvironment(fakeSource({}).source);
        const people = onlySubject({
          contactIds: [own.id],
          phones: [own.number],
          emails: [own.mailbox],
          names: [`${own.first} ${own.last}`],
          handles: [],
        });
        const masks = {
          records: sanitiserFor(env, 'request', { people }),
          audits: sanitiserFor(env, 'request', { people }),
        };
        const writer = new MemoryWriter();
        const { view } = await writePerson(writer, collected, masks);
        const written = `${writer.all}\n${JSON.stringify(view)}`;
        // A number is known of nobody here.
        const { planted: all } = planted;
        const named = all.filter(
          ({ written: one, role }) => role === 'own' || !/^[\d+(t]/.test(one),
        );
        all.splice(0, all.length, ...named);
        expect(survivors(planted, written)).toEqual([]);
        expect(lost(planted, written)).toEqual([]);
      }),
      { numRuns },
    );
  });
});
