import { createChallenge, randomInt, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { z } from 'zod';
import { addSeconds } from '../../core/time/time';
import type { Clock, KeyStore, PuzzleCheck, Puzzles } from '../../ports';

/**
 * How hard a puzzle is: a key is derived by so many rounds of PBKDF2, some thousand times until the right
 * one is found. That takes a computer about a second, and a slow phone some seconds.
 */
const algorithm = 'PBKDF2/SHA-256';
const rounds = 1000;
const attempts = { least: 2000, most: 4000 };
const lifeSeconds = 30 * 60;

/** A solved puzzle, as ALTCHA writes it (https://altcha.org/docs/v2/proof-of-work). */
const payloadForm = z.object({
  challenge: z.object({
    parameters: z
      .object({
        algorithm: z.literal(algorithm),
        nonce: z.string(),
        salt: z.string(),
        cost: z.number(),
        keyLength: z.number(),
        keyPrefix: z.string(),
        keySignature: z.string(),
        data: z.object({ until: z.iso.datetime() }),
      })
      .loose(),
    signature: z.string(),
  }),
  solution: z.object({ counter: z.number(), derivedKey: z.string() }).loose(),
});
type Payload = z.infer<typeof payloadForm>;

/**
 * Puzzles by the protocol of ALTCHA, made and checked here, without a third party and without a store: a
 * puzzle is signed, and says until when it is valid. Checking a solution takes no work but two signatures.
 */
export class AltchaPuzzles implements Puzzles {
  readonly seconds = lifeSeconds;

  constructor(
    private readonly keys: Pick<KeyStore, 'keyedHash' | 'keyedHashes'>,
    private readonly clock: Clock,
    /** Chooses the attempt that succeeds: at most the first, at least the second. */
    private readonly choose: (most: number, least: number) => number = randomInt,
  ) {}

  issue(): Promise<object> {
    return createChallenge({
      algorithm,
      cost: rounds,
      counter: this.choose(attempts.most, attempts.least),
      deriveKey,
      // In the signed data, because the library compares its own field with the machine's clock.
      data: { until: addSeconds(this.clock.now(), lifeSeconds).toISOString() },
      hmacSignatureSecret: this.keys.keyedHash(purpose, 'puzzle'),
      hmacKeySignatureSecret: this.keys.keyedHash(purpose, 'solution'),
    });
  }

  async check(solution: string): Promise<PuzzleCheck> {
    const payload = payloadOf(solution);
    if (payload === null) return { kind: 'wrong' };
    const puzzleKeys = this.keys.keyedHashes(purpose, 'puzzle');
    const solutionKeys = this.keys.keyedHashes(purpose, 'solution');
    for (const [i, hmacSignatureSecret] of puzzleKeys.entries()) {
      const { verified } = await verifySolution({
        ...payload,
        deriveKey,
        hmacSignatureSecret,
        hmacKeySignatureSecret: solutionKeys[i] ?? hmacSignatureSecret,
      });
      if (verified) return this.timed(payload);
    }
    return { kind: 'wrong' };
  }

  private timed({ challenge: { parameters } }: Payload): PuzzleCheck {
    const isOver = parameters.data.until <= this.clock.now().toISOString();
    return isOver ? { kind: 'expired' } : { kind: 'solved', id: parameters.nonce };
  }
}

/** What the keys of the signatures are derived for. */
const purpose = 'intakePuzzle';

function payloadOf(solution: string): Payload | null {
  try {
    const json = Buffer.from(solution, 'base64').toString('utf8');
    return payloadForm.parse(JSON.parse(json));
  } catch {
    return null;
  }
}
