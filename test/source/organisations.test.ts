import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomFaults } from '../../local/genesys/faults';
import { generateOrganisation, type Generated } from '../../local/genesys/generate';
import type { OrgConversation } from '../../local/genesys/organisation';
import { withOtherSpellings } from '../../local/genesys/spellings';
import { randomOf } from '../../local/random';
import { refusedAtMost } from '../helpers/chaos-plan';
import { withShortRecordings } from '../helpers/organisation';
import { Scenario } from '../helpers/scenario';

/** `ORGANISATIONS` organisations are tried, from seed `ORGANISATION_SEED` on, with a plan of faults each. */
const organisations = Number(process.env['ORGANISATIONS'] ?? 1);
const firstSeed = Number(process.env['ORGANISATION_SEED'] ?? 1);

/** What can become of media; what is still under way is waited for, which other tests do. */
const states = ['AVAILABLE', 'RESTORED', 'ARCHIVED', 'DELETED', 'ERROR'] as const;

/** An organisation in which anything may be as it may be: lost media, purged texts, others' calls. */
function anyOrganisation(seed: number): Generated {
  const random = randomOf(seed * 7919);
  const below = (limit: number): number => Math.floor(random() * limit);
  const now = new Date();
  const plain = withShortRecordings(
    generateOrganisation({
      seed,
      conversations: 4 + below(10),
      now,
      conversationsOfOthers: below(4),
    }),
  );
  const generated = withOtherSpellings(plain, { seed, now });
  const { organisation, subject } = generated;
  for (const conversation of organisation.conversations) {
    if (random() < 0.15) conversation.isPurged = true;
    if (random() < 0.1) conversation.isVoicemail = true;
    for (const recording of conversation.recordings) {
      if (random() < 0.25) recording.fileState = states[below(states.length)] ?? 'AVAILABLE';
    }
    // Linked to somebody else, but made from the subject's number.
    const phone = subject.phones[0]?.e164;
    if (conversation.ownerId !== subject.id && phone !== undefined && random() < 0.1)
      Object.assign(conversation, { linked: true, channel: 'voice', address: phone });
  }
  return generated;
}

const isFound = ({ subject }: Generated, { ownerId, start, address }: OrgConversation): boolean =>
  start > new Date(Date.now() - 5 * 365 * 86_400_000).toISOString() &&
  (ownerId === subject.id || subject.phones.some(({ e164 }) => e164 === address));

describe('any organisation, under any plan of faults', () => {
  it.each(Array.from({ length: organisations }, (_, i) => firstSeed + i))(
    'by seed %d: what is expected is accounted for, and nothing is of another person',
    async (seed) => {
      const generated = anyOrganisation(seed);
      const { organisation, subject } = generated;
      const scenario = await Scenario.start({
        generated,
        years: 7,
        isHurried: true,
        // Others' calls from the person's number are left out: whom to ask is tested elsewhere.
        settings: { FAILURES_ALLOWED: '1000', DOUBTFUL_CONVERSATIONS: 'withhold' },
      });
      try {
        const faults = randomFaults(seed, 8);
        scenario.simulator.setFaults(faults);
        const requestId = await scenario.request();
        const { folder, names } = await scenario.fulfil(requestId);
        const { progress, conversations } = await scenario.status(requestId);
        const found = organisation.conversations.filter((one) => isFound(generated, one));
        const own = found.filter(({ ownerId }) => ownerId === subject.id);
        expect(conversations).toBe(found.length);
        expect(progress.conversation['withheld']).toBe(found.length - own.length);
        expect(progress.conversation['exported']).toBe(own.length);
        // Every recording that there is has come to something, and media that is there is exported.
        const audio = own.flatMap(({ recordings }) =>
          recordings.filter(({ media }) => media === 'audio'),
        );
        const inState = (...states: string[]): number =>
          audio.filter(({ fileState }) => states.includes(fileState)).length;
        const refused = (progress.audio['failed'] ?? 0) - inState('ERROR');
        expect(refused).toBeGreaterThanOrEqual(0);
        expect(refused).toBeLessThanOrEqual(refusedAtMost(faults));
        expect(progress.audio).toMatchObject({
          expected: audio.length,
          pending: 0,
          exported: inState('AVAILABLE', 'RESTORED') - refused,
          expired: inState('DELETED'),
          archived: inState('ARCHIVED'),
        });
        const texts = names
          .filter((name) => !/\.(mp3|webm|bin|png|pdf)$/.test(name))
          .map((name) => readFileSync(join(folder, name), 'utf8'))
          .join('\n');
        for (const { id, ownerId } of organisation.conversations)
          if (ownerId !== subject.id) expect(texts).not.toContain(id);
        const owners = [...texts.matchAll(/owner[ =]([0-9a-f-]{36})/g)].map(([, owner]) => owner);
        expect(new Set(owners)).toEqual(new Set([subject.id]));
      } finally {
        await scenario.stop();
      }
    },
    180_000,
  );
});
