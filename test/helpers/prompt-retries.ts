import { join } from 'node:path';
import { root } from './root';

/** Milliseconds between the attempts of a client of Azure. */
const pause = 1;

const actual = (path: string): object =>
  jest.requireActual<object>(join(root, 'node_modules', path));

/**
 * Stand for the modules by which the clients of Azure wait between their attempts, which takes them
 * seconds for a service that is away: they make the same attempts, one soon after the other. A test
 * installs them by `jest.mock`.
 */
export const promptRetries = {
  /** For `@typespec/ts-http-runtime/dist/commonjs/util/delay.js`: tables, vault and identity. */
  runtime: (): object => ({
    ...actual('@typespec/ts-http-runtime/dist/commonjs/util/delay.js'),
    calculateRetryDelay: () => ({ retryAfterInMs: pause }),
  }),
  /**
   * For `@typespec/ts-http-runtime/dist/commonjs/util/helpers.js`, by which these wait as long as a service that has
   * too much to do asks them to.
   * @param pass is told the milliseconds that are not waited for
   */
  waits: (pass: (milliseconds: number) => void = () => undefined): object => ({
    ...actual('@typespec/ts-http-runtime/dist/commonjs/util/helpers.js'),
    delay: (milliseconds: number) => {
      pass(milliseconds);
      return new Promise((done) => setTimeout(done, pause));
    },
  }),
  /** For `@azure/storage-common/dist/commonjs/utils/utils.common.js`: blobs. */
  blobs: (): object => ({
    ...actual('@azure/storage-common/dist/commonjs/utils/utils.common.js'),
    delay: () => new Promise((done) => setTimeout(done, pause)),
  }),
};
