import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A collector of telemetry: keeps what is sent to it by OTLP over HTTP. */
export class Collector {
  readonly received: { path: string; body: string }[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Collector> {
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        collector.received.push({
          path: request.url ?? '',
          body: Buffer.concat(parts).toString('utf8'),
        });
        response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
      });
    });
    const collector = new Collector(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Settings by which the app sends here, soon after something has happened. */
  get settings(): Record<string, string> {
    return {
      OTEL_EXPORTER_OTLP_ENDPOINT: this.url,
      OTEL_BSP_SCHEDULE_DELAY: '200',
      OTEL_METRIC_EXPORT_INTERVAL: '1000',
    };
  }

  /** Everything that came to an address, as text. */
  text(path: string): string {
    return this.received
      .filter((one) => one.path === path)
      .map(({ body }) => body)
      .join('\n');
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
