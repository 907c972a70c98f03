import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GenesysSimulator } from '../../local/genesys/simulator';
import { Subject } from '../../local/portal-client';
import { Officer } from '../helpers/officer';
import { foundOf, organisationOf } from '../helpers/organisation';
import { type Downloaded, Scenario } from '../helpers/scenario';

const formerPhone = '+4930999888';
const facebookId = '10987654321';
const mergedId = '00000000-0000-4000-a000-000000000001';
const salesId = '00000000-0000-4000-a000-000000000002';

function text({ folder }: Downloaded, name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

describe('everything that the source holds', () => {
  const generated = organisationOf(12, 41);
  const { subject } = generated;
  const conversations = foundOf(generated);
  const calls = conversations.filter(({ channel }) => channel === 'voice');
  const [byFormerNumber, voicemail] = calls;
  const template = conversations.find(({ channel }) => channel === 'message') ?? calls[2];
  let scenario: Scenario;
  let other: GenesysSimulator;
  let downloaded: Downloaded;
  let requestId: string;
  let wasProtected = 0;
  let stillProtected = Number.NaN;

  beforeAll(async () => {
    if (!byFormerNumber || !voicemail || !template) throw new Error('too small an organisation');
    subject.divisionId = salesId;
    subject.handles.push({ network: 'facebook', value: facebookId });
    subject.customFields['loyaltyNumber'] = 'gold-7';
    subject.mergedFrom.push(mergedId);
    subject.mergedRecords.push({
      id: mergedId,
      phones: [{ kind: 'cellPhone', e164: formerPhone }],
      emails: [],
    });
    Object.assign(byFormerNumber, {
      linked: false,
      address: formerPhone,
      secureAttributes: { contract: 'A-77' },
      survey: { id: '00000000-0000-4000-a000-000000000006', score: 8, answer: 'Quick help.' },
    });
    Object.assign(voicemail, { isVoicemail: true, recordings: [] });
    const photo = (id: string) => ({
      id,
      name: 'photo.png',
      contentType: 'image/png',
      text: `[attachment ${id} owner ${subject.id}]`,
    });
    // A thread that the conversation store has let go of: its photo stands in the recording only.
    Object.assign(template, {
      linked: false,
      channel: 'message',
      network: 'facebook',
      address: facebookId,
      isPurged: true,
      emails: [],
      messages: [
        {
          id: '00000000-0000-4000-a000-000000000003',
          from: 'customer',
          text: 'See this',
          at: 0,
          attachment: photo('00000000-0000-4000-a000-000000000004'),
        },
      ],
      recordings: [
        {
          id: '00000000-0000-4000-a000-000000000005',
          media: 'messaging',
          fileState: 'AVAILABLE',
          isSensitive: false,
          channels: 1,
          seconds: 1,
          transcript: null,
        },
      ],
    });
    other = await GenesysSimulator.start({
      organisation: organisationOf(2, 42).organisation,
    });
    scenario = await Scenario.start({
      generated,
      settings: {
        DELETION_HOLD: 'true',
        EXPORT_SECURE_ATTRIBUTES: 'true',
        EXPORT_EVALUATIONS: 'true',
        GENESYS_ORGANISATION: 'main',
        GENESYS_DIVISION_CONTACTS: `Sales=${subject.id}`,
        GENESYS_ADDITIONAL_ORGANISATIONS: JSON.stringify([
          {
            name: 'emea',
            gatewayUrl: other.url,
            clientId: 'simulator-client',
            clientSecret: 'simulator-secret',
          },
        ]),
      },
    });
    requestId = await scenario.request({
      identifiers: [{ type: 'facebook', value: facebookId }],
    });
    const onProtection = scenario.simulator.onExchange;
    scenario.simulator.onExchange = (exchange) => {
      onProtection?.(exchange);
      const { protectedConversations } = scenario.simulator.state;
      wasProtected = Math.max(wasProtected, protectedConversations.size);
    };
    downloaded = await scenario.fulfil(requestId);
    scenario.simulator.onExchange = onProtection;
    stillProtected = scenario.simulator.state.protectedConversations.size;
  }, 120_000);
  afterAll(async () => {
    await scenario.stop();
    await other.stop();
  });

  it('is found by an id at a network, and by a number from before a merge', () => {
    const rows = JSON.parse(text(downloaded, 'data/conversations.json')) as {
      conversationId: string;
    }[];
    const found = rows.map(({ conversationId }) => conversationId);
    expect(found).toContain(byFormerNumber?.id);
    expect(found).toContain(template?.id);
    expect(found).toHaveLength(conversations.length);
  });

  it('holds the records of the contact and of those merged into it, own fields included', () => {
    const records = JSON.parse(text(downloaded, 'data/contact.json')) as {
      customFields?: object;
      cellPhone?: { e164: string };
    }[];
    expect(records).toHaveLength(2);
    expect(records[0]?.customFields).toEqual({ loyaltyNumber: 'gold-7' });
    expect(records[1]?.cellPhone?.e164).toBe(formerPhone);
  });

  it('holds media that stand in a recorded thread only, and no address of them', () => {
    const names = downloaded.names.filter((name) => name.includes('recorded-attachment'));
    expect(names).toHaveLength(1);
    expect(text(downloaded, names[0] ?? '')).toContain('000000000004');
    const thread = downloaded.names.find((name) => name.includes('recorded-messages'));
    expect(text(downloaded, thread ?? '')).toContain('recorded-attachment-1.png');
    expect(text(downloaded, thread ?? '')).not.toContain('Signature=');
  });

  it('holds the sentiment of what was transcribed', async () => {
    const { progress } = await scenario.status(requestId);
    const sentiment = (progress as Record<string, Record<string, number>>)['sentiment'];
    expect(sentiment?.['exported']).toBeGreaterThan(0);
    const documents = downloaded.names.filter((one) => one.endsWith('/conversation.json'));
    expect(documents.map((name) => text(downloaded, name)).join('')).toContain('sentimentScore');
  });

  it('holds secure attributes and evaluations, which the company has chosen to export', async () => {
    const status = await scenario.status(requestId);
    const progress = status.progress as Record<string, Record<string, number>>;
    expect(progress['secureAttributes']?.['exported']).toBe(1);
    expect(progress['evaluation']?.['exported']).toBeGreaterThan(0);
    const documents = downloaded.names.filter((one) => one.endsWith('/conversation.json'));
    const all = documents.map((name) => text(downloaded, name)).join('');
    expect(all).toContain('A-77');
    expect(all).toContain('The customer was helped.');
    expect(status.availability?.join(' ')).not.toMatch(
      /Left out by policy: .*(secure|evaluations)/,
    );
  });

  it('says which voicemail it lacks, which organisations and divisions it speaks of', async () => {
    const sentences = (await scenario.status(requestId)).availability?.join(' ') ?? '';
    expect(sentences).toContain('1 voicemail kept as voicemail only');
    expect(sentences).toContain('Searched: the organisation main. emea is not part');
    expect(sentences).toContain('the division Sales. Not provable');
  });

  it('was protected from deletion until the package was made, and not any longer', () => {
    expect(wasProtected).toBe(conversations.length);
    expect(stillProtected).toBe(0);
  });

  it('is asked of another organisation by a request of its own, with the same ticket', async () => {
    scenario.adopt(new Subject(scenario.stack.hostUrl));
    const ofOther = await scenario.request({ organisation: 'emea' });
    expect(ofOther).not.toBe(requestId);
    // Nobody there has this mailbox.
    await scenario.untilState(ofOther, 'noDataFound');
    const unknown = await scenario.post(scenario.body({ organisation: 'apac' }));
    expect(unknown.status).toBe(400);
  });

  it('stops where a division is not shown, and names it', async () => {
    scenario.adopt(new Subject(scenario.stack.hostUrl));
    const { length: before } = await scenario.mailsToPerson();
    const next = await scenario.request({ ticketId: 'T-2' });
    await scenario.link(before + 1);
    scenario.simulator.settings.inaccessibleDivisions = [salesId];
    await scenario.stepUp(before + 1);
    const status = await scenario.untilState(next, 'failed');
    expect(status.reasonCode).toBe('sourceDivisionInaccessible');
    expect(
      (status as unknown as { inaccessibleDivisions: string[] }).inaccessibleDivisions,
    ).toEqual(['Sales']);
    scenario.simulator.settings.inaccessibleDivisions = [];
  });

  it('stops where a list is cut, until an officer accepts that', async () => {
    const officer = new Officer(scenario);
    scenario.adopt(new Subject(scenario.stack.hostUrl));
    const { length: before } = await scenario.mailsToPerson();
    const next = await scenario.request({ ticketId: 'T-3' });
    await scenario.link(before + 1);
    scenario.simulator.settings.partialResults = true;
    await scenario.stepUp(before + 1);
    expect((await scenario.untilState(next, 'failed')).reasonCode).toBe('packageIncomplete');
    const accepted = { justification: 'Known gap.', acceptFailures: true };
    expect((await officer.post(`/${next}/retry`, accepted)).status).toBe(200);
    const { availability } = await scenario.untilState(next, 'available');
    expect(availability?.join(' ')).toContain('in a list that the source calls incomplete');
    scenario.simulator.settings.partialResults = false;
    // The mail about the package, which another test would take for its invitation.
    await scenario.link(before + 2);
  });
});
