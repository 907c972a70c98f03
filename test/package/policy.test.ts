import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { organisationOf } from '../helpers/organisation';
import { root } from '../helpers/root';
import { type Downloaded, Scenario, type Status } from '../helpers/scenario';

const card = '4111 1111 1111 1111';

/** A package made under a policy, of an organisation in which everybody reads out a card number. */
async function fulfilUnder(
  policyFile: string,
  settings: Record<string, string> = {},
): Promise<{
  scenario: Scenario;
  downloaded: Downloaded;
  status: Status;
  texts: string;
}> {
  const generated = organisationOf(14, 71);
  for (const { recordings, messages, emails, ...conversation } of generated.organisation
    .conversations) {
    for (const { transcript } of recordings)
      transcript?.forEach((phrase) => (phrase.text += ` ${card}`));
    for (const text of [...messages, ...emails]) text.text += ` ${card}`;
    conversation.attributes['note'] = card;
  }
  const scenario = await Scenario.start({
    generated,
    settings: { REDACTION_POLICY_FILE: policyFile, ...settings },
  });
  const requestId = await scenario.request();
  const downloaded = await scenario.fulfil(requestId);
  const texts = downloaded.names
    .filter((name) => /\.(json|csv|eml|vtt|html|js)$/.test(name))
    .map((name) => readFileSync(join(downloaded.folder, name), 'utf8'))
    .join('\n');
  return { scenario, downloaded, status: await scenario.status(requestId), texts };
}

const audioOf = ({ generated }: Scenario) =>
  generated.organisation.conversations
    .filter(({ ownerId, start }) => ownerId === generated.subject.id && start > '2022')
    .flatMap(({ recordings }) => recordings.filter(({ media }) => media === 'audio'));

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
    const { scenario, downloaded, status, texts } = await fulfilUnder(policy, {
      GENESYS_CUSTOMER_CHANNEL: '0',
    });
    try {
      const audio = audioOf(scenario);
      const apart = audio.filter(({ channels }) => channels === 2);
      expect(apart.length).toBeGreaterThan(0);
      expect(apart.length).toBeLessThan(audio.length);
      expect(status.progress.audio).toMatchObject({
        exported: apart.length,
        withheld: audio.length - apart.length,
      });
      const asked = scenario.exchanges.filter(({ path }) => /\/recordings\/[^/]+$/.test(path));
      expect(asked.some(({ query }) => query['download'] === 'false')).toBe(true);
      expect(asked.some(({ query }) => query['download'] === 'true')).toBe(false);
      const report = status.availability?.join(' ');
      expect(report).toContain('the voice of the agent is in the same channel');
      // Everybody reads out a card, and each transcript says when.
      expect(report).toMatch(
        /\d audio recordings? (?:is|are) silent where something is said that is masked/,
      );
      expect(report).toMatch(/\d recordings? (?:has|have) no transcript that could be read/);
      for (const { id, name } of scenario.generated.organisation.users) {
        expect(texts).not.toContain(id);
        expect(texts).not.toContain(name);
      }
      expect(texts).not.toContain(card);
      expect(texts).not.toContain('Good morning');
      expect(texts).toContain('[card number removed]');
      const log = JSON.parse(
        readFileSync(join(downloaded.folder, 'redaction-log.json'), 'utf8'),
      ) as { redactions: { reason: string; count: number }[] };
      const counted = Object.fromEntries(
        log.redactions.map(({ reason, count }) => [reason, count]),
      );
      expect(counted['cardNumber']).toBeGreaterThan(3);
      expect(counted['agent']).toBeGreaterThan(10);
      expect(counted['pattern:greeting']).toBeGreaterThan(0);
    } finally {
      await scenario.stop();
    }
  }, 120_000);

  it('gives transcripts instead of audio', async () => {
    const { scenario, downloaded, status } = await fulfilUnder(
      join(root, 'policies/transcript-only.json'),
    );
    try {
      expect(downloaded.names.filter((name) => name.includes('/audio-'))).toEqual([]);
      expect(status.progress.audio).toMatchObject({
        exported: 0,
        withheld: audioOf(scenario).length,
      });
      expect(status.progress.transcript['exported']).toBeGreaterThan(0);
      expect(scenario.exchanges.some(({ path }) => path.startsWith('/media/'))).toBe(false);
    } finally {
      await scenario.stop();
    }
  }, 120_000);
});
