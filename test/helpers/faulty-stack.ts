import { RetryingClient } from './retrying-client';
import { HttpProxy, TcpProxy } from './fault-proxy';
import { organisationOf, Scenario } from './scenario';

/** A stack with proxies in front of its servers, and the content of a package made without faults. */
export class FaultyStack {
  private tickets = 0;

  private constructor(
    readonly scenario: Scenario,
    readonly blobs: HttpProxy,
    readonly tables: HttpProxy,
    readonly mail: TcpProxy,
    readonly client: RetryingClient,
    readonly expected: string[],
  ) {}

  static async start(): Promise<FaultyStack> {
    const proxies: { blobs?: HttpProxy; tables?: HttpProxy; mail?: TcpProxy } = {};
    const scenario = await Scenario.start({
      hosting: 'processes',
      isComparable: true,
      generated: organisationOf(8, 21),
      settings: { CONVERSATIONS_PER_PAGE: '3', EXPORT_CONCURRENCY: '2' },
      between: async (ports) => {
        const blobs = await HttpProxy.start(ports.blob);
        const tables = await HttpProxy.start(ports.table);
        const mail = await TcpProxy.start(ports.smtp);
        Object.assign(proxies, { blobs, tables, mail });
        return { blob: blobs.port, table: tables.port, smtp: mail.port };
      },
    });
    const { blobs, tables, mail } = proxies;
    if (!blobs || !tables || !mail) throw new Error('The proxies did not start.');
    const client = new RetryingClient(scenario);
    const expected = await client.fulfil('T-undisturbed');
    return new FaultyStack(scenario, blobs, tables, mail, client, expected);
  }

  nextTicket(): string {
    this.tickets += 1;
    return `T-${this.tickets}`;
  }

  async stop(): Promise<void> {
    await this.client.stop();
    await this.scenario.stop();
    await Promise.all([this.blobs.stop(), this.tables.stop(), this.mail.stop()]);
  }
}
