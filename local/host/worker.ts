/**
 * The child process that runs the app. It provides `@azure/functions-core` in the way of the
 * official Node.js worker (a proxied `require`), loads what the `main` glob of the app's
 * package.json matches, and answers invocations. The app cannot tell the difference, and nothing of
 * it is rewritten.
 */
import { errorText, FunctionRegistry, type Invocation } from './function-registry';
import type { FromWorker, ToWorker } from './protocol';

const send = (message: FromWorker): void => {
  process.send?.(message);
};
const registry = new FunctionRegistry({
  env: null,
  log: (level, functionName, message) => send({ type: 'log', level, functionName, message }),
});

async function load(root: string): Promise<void> {
  try {
    send({ type: 'loaded', functions: await registry.load(root) });
  } catch (error) {
    send({ type: 'loadFailed', message: errorText(error).message });
    process.disconnect();
  }
}

async function invoke(invocation: Invocation): Promise<void> {
  const { invocationId } = invocation;
  try {
    send({ type: 'result', invocationId, value: await registry.invoke(invocation) });
  } catch (error) {
    send({ type: 'error', invocationId, ...errorText(error) });
  }
}

// The worker never outlives its host: when the host is killed, the channel closes.
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal reaches every process; the host decides when its workers end.
process.on('SIGINT', () => undefined);
process.on('message', (message: ToWorker) => {
  void (message.type === 'load' ? load(message.root) : invoke(message));
});
