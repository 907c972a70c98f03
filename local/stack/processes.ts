import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

/** Whether a process has not ended. */
export const isRunning = (child: ChildProcess): boolean =>
  child.exitCode === null && child.signalCode === null;

/** Ends a process as a power cut would: no signal handler runs. */
export async function kill(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await ended;
}

/** Ends a process that was started here; by force when it ignores the signal. */
export async function end(child: ChildProcess | undefined): Promise<void> {
  if (!child || !isRunning(child)) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  const hasEnded = await Promise.race([ended.then(() => true), delay(8000, false, { ref: false })]);
  if (!hasEnded) {
    child.kill('SIGKILL');
    await ended;
  }
}

/** Waits until a child reports that it is ready. Rejects when it ends first; its log says why. */
export function readyMessage(child: ChildProcess, name: string, log: string): Promise<unknown> {
  return new Promise((done, fail) => {
    child.once('message', (message: { ready: unknown }) => done(message.ready));
    child.once('exit', (code) =>
      fail(new Error(`The ${name} ended with exit code ${String(code)}; see ${log}.`)),
    );
  });
}
