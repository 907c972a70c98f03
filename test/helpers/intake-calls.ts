import { randomInt, solveChallenge, type Challenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import type * as Altcha from '../../src/adapters/intake/altcha';
import { HttpApp, portalOrigin, read, type Answer } from './http-app';
import { outside } from './outside-jest';

const { AltchaPuzzles } = outside.app<typeof Altcha>('adapters/intake/altcha');

/** With what the app signs what it sends to the ticketing system. */
export const webhookSecret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;

/** Chooses the right key of a puzzle so that it is soon found: the whole work takes a second. */
export const soon = (most: number, least: number): number =>
  randomInt(Math.min(most, least + 9), least);

/**
 * The app with the page on which people ask for their data, which takes two requests a day from an address
 * and five in all.
 * @param ticketing host of the ticketing system, which gets what was entered
 */
export const startIntakeApp = (ticketing: string, choose = soon): Promise<HttpApp> =>
  HttpApp.start(
    {
      WEBHOOK_SECRET: webhookSecret,
      WEBHOOK_HOSTS: ticketing,
      INTAKE: 'true',
      INTAKE_WEBHOOK_URL: `http://${ticketing}/privacy`,
      INTAKE_PER_ADDRESS_PER_DAY: '2',
      INTAKE_PER_DAY: '5',
    },
    { having: ({ keys, clock }) => ({ puzzles: new AltchaPuzzles(keys, clock, choose) }) },
  );

let addresses = 0;
/** An address from which nothing has come. */
export const newAddress = (): string => `198.18.${(addresses += 1) >> 8}.${addresses & 255}:4000`;

/** The work of a page, as it is sent. */
export const encoded = (payload: unknown): string =>
  Buffer.from(JSON.stringify(payload)).toString('base64');

/** Does the work that a page does. The right key is not among the first ones. */
export async function solved(challenge: Challenge): Promise<string> {
  const solution = await solveChallenge({ challenge, deriveKey, counterStart: 2000 });
  return encoded({ challenge, solution });
}

/** What somebody enters on the page. */
export const entered = (change: object = {}): Record<string, unknown> => ({
  name: 'Maria Schneider',
  identifiers: [
    { type: 'email', value: ' Maria.Schneider@Mail.example ' },
    { type: 'phone', value: '+49 171 5550166' },
  ],
  locale: 'de',
  timeZone: 'Europe/Berlin',
  ...change,
});

/** Calls of the page. */
export function intakeCalls(app: () => HttpApp) {
  const call = async <T = Record<string, unknown>>(
    path: string,
    body: unknown,
    { address = newAddress(), headers = {} }: { address?: string; headers?: object } = {},
  ): Promise<Answer<T>> =>
    read<T>(
      await app().fetch(`/portal/api/intake${path}`, {
        method: 'POST',
        headers: { Origin: portalOrigin, 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(body),
        address,
      }),
    );
  const puzzle = async (): Promise<Challenge> => (await call<Challenge>('/puzzle', {})).body;
  const solve = async (): Promise<string> => solved(await puzzle());
  const enter = async (change: object = {}, address = newAddress()): Promise<Answer> =>
    call('', { ...entered(change), solution: await solve() }, { address });
  return { call, puzzle, solve, enter };
}
