import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { linkFrom, PortalRefusal, Subject } from '../../local/portal-client';
import { eventually } from './eventually';
import type { Scenario, Status } from './scenario';

/**
 * A ticketing system and a person who retry whatever fails, as real ones do. The supervisor restarts
 * the host whenever it is down, as Azure does.
 */
export class RetryingClient {
  private supervising = true;
  readonly restarts: string[] = [];
  private readonly supervisor: Promise<void>;

  constructor(private readonly scenario: Scenario) {
    this.supervisor = this.supervise();
  }

  async stop(): Promise<void> {
    this.supervising = false;
    await this.supervisor;
  }

  /** Points at which the next hosts crash, one for each start. */
  readonly faults: string[] = [];

  private async supervise(): Promise<void> {
    while (this.supervising) {
      if (!this.scenario.stack.isHostRunning) {
        const fault = this.faults.shift();
        this.restarts.push(fault ?? '');
        // It may be killed again while it starts.
        await this.scenario.stack.startHost(fault).catch(() => undefined);
      }
      await delay(50);
    }
  }

  private async retry<T>(what: string, attempt: () => Promise<T | null>): Promise<T> {
    let last: unknown = null;
    const look = (): Promise<T | null> =>
      attempt().catch((error: unknown) => {
        last = error;
        return null;
      });
    try {
      return await eventually(what, look, 90);
    } catch {
      throw new Error(`${what} did not succeed: ${String(last)}`, { cause: last });
    }
  }

  /** Posts a ticket until it is accepted. */
  request(ticketId: string): Promise<string> {
    return this.retry('the request', async () => {
      const response = await this.scenario.post(this.scenario.body({ ticketId }));
      return response.ok ? ((await response.json()) as Status).requestId : null;
    });
  }

  status(requestId: string): Promise<Status> {
    return this.retry('the status', async () => {
      const status = await this.scenario.status(requestId);
      if (status.state === 'failed') throw new Error(`failed: ${String(status.reasonCode)}`);
      return status.state === undefined ? null : status;
    });
  }

  /** Proves who they are, with as many codes as it takes; returns the person's session. */
  async stepUp(mailsBefore: number, isDone: () => Promise<boolean>): Promise<Subject> {
    const { scenario } = this;
    return this.retry('the step-up', async () => {
      const mails = (await scenario.messages())
        .filter(({ kind }) => kind === 'email')
        .slice(mailsBefore);
      const link = linkFrom(mails, scenario.email);
      if (link === null) return null;
      const person = new Subject(scenario.stack.hostUrl);
      await person.open(link);
      const texts = (await scenario.messages()).filter(({ kind }) => kind === 'sms').length;
      await person.call('POST', 'code');
      const code = (await scenario.messages())
        .filter(({ kind }) => kind === 'sms')
        .slice(texts)
        .at(-1)
        ?.text.slice(0, 8);
      if (code === undefined) return null;
      await person.verify(code).catch((error: unknown) => {
        if (error instanceof PortalRefusal && error.code === 'codeExpired') return;
        throw error;
      });
      return (await isDone()) ? person : null;
    });
  }

  /** Fulfils a request from the ticket to the download; returns the hashes of every payload file of the package. */
  async fulfil(ticketId: string): Promise<string[]> {
    const { scenario } = this;
    const mails = (await scenario.messages()).filter(({ kind }) => kind === 'email').length;
    const requestId = await this.request(ticketId);
    await this.stepUp(mails, async () => (await scenario.status(requestId)).verifiedAt !== null);
    await this.retry('the package', async () => {
      await scenario.sweep();
      return (await this.status(requestId)).state === 'available' ? true : null;
    });
    const count = () =>
      scenario.messages().then((all) => all.filter(({ kind }) => kind === 'email').length);
    await this.retry('the second mail', async () => ((await count()) >= mails + 2 ? true : null));
    const person = await this.stepUp(mails, () => Promise.resolve(true));
    scenario.adopt(person);
    const { folder } = await this.retry('the download', () => scenario.fetchPackage());
    const manifest = readFileSync(join(folder, 'manifest-sha256.txt'), 'utf8');
    rmSync(folder, { recursive: true });
    return manifest.trim().split('\n').sort();
  }
}
