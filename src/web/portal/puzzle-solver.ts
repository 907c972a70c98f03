import { solveChallengeWorkers, type Challenge } from 'altcha-lib';
import { signal } from '@preact/signals';
import { call } from './portal-api';

export const puzzleStages = ['waiting', 'working', 'solved', 'failed'] as const;
export type PuzzleStage = (typeof puzzleStages)[number];

const workerAddress = '/portal/puzzle.js';
const mostWorkers = 4;

interface TypePolicy {
  createScriptURL(text: string): string;
}

/** The address of the worker, as browsers with trusted types take it: the only one that the page may start. */
function trustedAddress(): string {
  const { trustedTypes } = globalThis as {
    trustedTypes?: {
      createPolicy(name: string, rules: { createScriptURL(text: string): string }): TypePolicy;
    };
  };
  const policy = trustedTypes?.createPolicy('puzzle', { createScriptURL: () => workerAddress });
  return policy?.createScriptURL('') ?? workerAddress;
}

/** A puzzle that this device solves by itself, so that programs cannot flood the page for nothing. */
export class PuzzleSolver {
  readonly stage = signal<PuzzleStage>('waiting');
  private address: string | null = null;
  private solving: Promise<string | null> | null = null;

  /** Begins unless it has begun. */
  begin(): void {
    if (this.stage.value === 'waiting' || this.stage.value === 'failed') void this.again();
  }

  /**
   * The solution, as the server takes it, when there is one; null where there is none.
   */
  solution(): Promise<string | null> {
    this.begin();
    return this.solving ?? Promise.resolve(null);
  }

  /** Solves another puzzle, because the one before is too old or was used. */
  again(): Promise<string | null> {
    this.stage.value = 'working';
    this.solving = this.solve().then(
      (solution) => {
        this.stage.value = 'solved';
        return solution;
      },
      () => {
        this.stage.value = 'failed';
        return null;
      },
    );
    return this.solving;
  }

  private async solve(): Promise<string> {
    const challenge = await call<Challenge>('POST', 'intake/puzzle');
    this.address ??= trustedAddress();
    const { address } = this;
    const solution = await solveChallengeWorkers({
      challenge,
      concurrency: Math.min(mostWorkers, navigator.hardwareConcurrency || 1),
      createWorker: () => new Worker(address),
    });
    if (solution === null) throw new Error('The puzzle was not solved in time.');
    return btoa(JSON.stringify({ challenge, solution }));
  }
}
