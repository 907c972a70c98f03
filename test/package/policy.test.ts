import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StatusView } from '../../src/services/status-view';
import { AppWorld } from '../helpers/app-world';
import { openPackage, type OpenedPackage } from '../helpers/fulfilled';
import type * as MovingTime from '../helpers/moving-time';
import { startMovingTime, stopMovingTime } from '../helpers/moving-time';
import { foundOf, organisationOf } from '../helpers/organisation';
import { RequestDriver } from '../helpers/request-driver';
import { root } from '../helpers/root';

jest.mock(
  'node:timers/promises',
  () => jest.requireActual<typeof MovingTime>('../helpers/moving-time').movedTimers,
);

const card = '4111 1111 1111 1111';

let world: AppWorld;
beforeEach(startMovingTime);
afterEach(async () => {
  stopMovingTime();
  await world.stop();
});

/** A package made under a policy, of an organisation in which everybody reads out a card number. */
async function fulfilUnder(
  policyFile: string,
  settings: Record<string, string> = {},
): Promise<{ opened: OpenedPackage; status: StatusView }> {
  const generated = organisationOf(14, 71);
  for (const { recordings, messages, emails, ...conversation } of generated.organisation
    .conversations) {
    for (const { transcript } of recordings)
      transcript?.forEach((phrase) => (phrase.text += ` ${card}`));
    for (const text of [...messages, ...emails]) text.text += ` ${card}`;
    conversation.attributes['note'] = card;
  }
  world = await AppWorld.start({
    generated,
    settings: { SEARCH_WINDOW_DAYS: '366', REDACTION_POLICY_FILE: policyFile, ...settings },
    simulator: { transcodeDuration: 100 },
    hasPlainStorage: true,
  });
  const driver = new RequestDriver(world, 'T-1');
  await driver.fulfil();
  const { app } = await driver.present();
  const opened = await openPackage(app, driver.requestId, (name) =>
    /\.(json|csv|eml|vtt|html|js)$/.test(name),
  );
  return { opened, status: await driver.status() };
}

const audioOf = ({ generated }: AppWorld) =>
  foundOf(generated).flatMap(({ recordings }) =>
    recordings.filter(({ media }) => media === 'audio'),
  );

describe('a policy of sanitisation', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'policy-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("gives the customer's channel alone, masks cards and patterns, and calls agents by pseudonyms", async () => {
    const policy = join(folder, 'policy.json');
    const preset = JSON.parse(
      readFileSync(join(root, 'policies/customer-channel.json'), 'utf8'),
    ) as object;
    const patterns = [{ name: 'greeting', pattern: 'Good morning' }];
    writeFileSync(policy, JSON.stringify({ ...preset, patterns }));
    const { opened, status } = await fulfilUnder(policy, {
      GENESYS_CUSTOMER_CHANNEL: '0',
      AUDIO_FORMAT: 'wav',
    });
    const audio = audioOf(world);
    const apart = audio.filter(({ channels }) => channels === 2);
    expect(apart.length).toBeGreaterThan(0);
    expect(apart.length).toBeLessThan(audio.length);
    expect(status.progress.audio).toMatchObject({
      exported: apart.length,
      withheld: audio.length - apart.length,
    });
    const files = opened.names.filter((name) => name.includes('/audio-'));
    expect(files.filter((name) => name.endsWith('.wav'))).toHaveLength(apart.length);
    expect(files).toHaveLength(apart.length);
    const asked = world.exchanges.filter(({ path }) => /\/recordings\/[^/]+$/.test(path));
    expect(asked.some(({ query }) => query['download'] === 'false')).toBe(true);
    expect(asked.some(({ query }) => query['download'] === 'true')).toBe(false);
    const report = status.availability?.join(' ');
    expect(report).toContain('the voice of the agent is in the same channel');
    // Everybody reads out a card, and each transcript says when.
    expect(report).toMatch(
      /\d audio recordings? (?:is|are) silent where something is said that is masked/,
    );
    expect(report).toMatch(/\d recordings? (?:has|have) no transcript that could be read/);
    for (const { id, name } of world.generated.organisation.users) {
      expect(opened.texts).not.toContain(id);
      expect(opened.texts).not.toContain(name);
    }
    expect(opened.texts).not.toContain(card);
    expect(opened.texts).not.toContain('Good morning');
    expect(opened.texts).toContain('[card number removed]');
    const log = JSON.parse(opened.files.get('redaction-log.json') ?? '') as {
      redactions: { reason: string; count: number }[];
    };
    const counted = Object.fromEntries(log.redactions.map(({ reason, count }) => [reason, count]));
    expect(counted['cardNumber']).toBeGreaterThan(3);
    expect(counted['agent']).toBeGreaterThan(10);
    expect(counted['pattern:greeting']).toBeGreaterThan(0);
  }, 120_000);

  it('gives transcripts instead of audio', async () => {
    const { opened, status } = await fulfilUnder(join(root, 'policies/transcript-only.json'));
    expect(opened.names.filter((name) => name.includes('/audio-'))).toEqual([]);
    expect(status.progress.audio).toMatchObject({
      exported: 0,
      withheld: audioOf(world).length,
    });
    expect(status.progress.transcript['exported']).toBeGreaterThan(0);
    expect(world.exchanges.some(({ path }) => path.startsWith('/media/'))).toBe(false);
  }, 120_000);
});
