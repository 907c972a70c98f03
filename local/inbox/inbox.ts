import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { z } from 'zod';

export interface InboxMessage {
  number: number;
  kind: 'email' | 'sms';
  at: string;
  to: string;
  subject: string | null;
  text: string;
  /** The mail as a page; null of a text message. */
  html: string | null;
}

const sms = z.strictObject({ to: z.string(), text: z.string().max(1600) });

/** Catches what the app sends: mail by SMTP, text messages by the gateway call, shown on a page. */
export class Inbox {
  readonly messages: InboxMessage[] = [];
  /** While true nothing is taken, and the refusal repeats the recipient, as real servers' do. */
  private isRefusing = false;
  /** Addresses that are refused for good: to whom nothing can be sent. */
  private readonly unknown = new Set<string>();

  private constructor(
    private readonly web: Server,
    private readonly smtp: SMTPServer,
    private readonly file: string | null,
  ) {
    if (file !== null && existsSync(file)) {
      const lines = readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '');
      this.messages.push(...lines.map((line) => JSON.parse(line) as InboxMessage));
    }
  }

  /**
   * Starts both servers on 127.0.0.1; port 0 takes a free one.
   * @param file where messages are kept, one JSON text a line; null keeps them in memory only
   */
  static async start(
    ports: { web: number; smtp: number },
    file: string | null = null,
  ): Promise<Inbox> {
    const web = createServer();
    const smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      logger: false,
      onRcptTo: ({ address }, _session, done) => {
        const refusal = (responseCode: number, text: string): Error =>
          Object.assign(new Error(`<${address}>: ${text}`), { responseCode });
        if (inbox.unknown.has(address)) done(refusal(550, 'Recipient address rejected'));
        else if (inbox.isRefusing) done(refusal(451, 'Try again later'));
        else done();
      },
      onData: (stream, _session, done) => {
        simpleParser(stream)
          .then((mail) => {
            const to = [mail.to ?? []].flat().map((address) => address.text);
            inbox.add({
              kind: 'email',
              to: to.join(', '),
              subject: mail.subject ?? null,
              text: mail.text ?? '',
              html: mail.html === false ? null : (mail.html ?? null),
            });
            done();
          })
          .catch((error: unknown) =>
            done(error instanceof Error ? error : new Error(String(error))),
          );
      },
    });
    const inbox = new Inbox(web, smtp, file);
    web.on('request', (request, response) => {
      inbox.serve(request, response).catch(() => response.writeHead(500).end());
    });
    await new Promise<void>((resolve, reject) => {
      web.once('error', reject);
      web.listen(ports.web, '127.0.0.1', resolve);
    });
    await new Promise<void>((resolve, reject) => {
      smtp.once('error', reject);
      smtp.listen(ports.smtp, '127.0.0.1', resolve);
    });
    return inbox;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.web.address() as AddressInfo).port}`;
  }

  get smtpUrl(): string {
    return `smtp://127.0.0.1:${(this.smtp.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.web.closeAllConnections();
    await new Promise((resolve) => this.web.close(resolve));
    await new Promise<void>((resolve) => this.smtp.close(() => resolve()));
  }

  private add(message: Omit<InboxMessage, 'number' | 'at'>): void {
    const stored = { number: this.messages.length + 1, at: new Date().toISOString(), ...message };
    if (this.file !== null) appendFileSync(this.file, `${JSON.stringify(stored)}\n`);
    this.messages.push(stored);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', this.url).pathname;
    if (request.method === 'GET' && path === '/') {
      response.writeHead(200, {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy':
          "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'",
      });
      response.end(readFileSync(join(__dirname, 'inbox.html')));
    } else if (request.method === 'GET' && path === '/messages') {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(this.messages));
    } else if (request.method === 'POST' && path === '/sms') {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const parsed = sms.safeParse(jsonOrNull(Buffer.concat(chunks).toString('utf8')));
      if (!parsed.success) {
        response.writeHead(400).end();
        return;
      }
      if (this.unknown.has(parsed.data.to)) {
        response.writeHead(422).end(`${parsed.data.to} is not a number`);
        return;
      }
      if (this.isRefusing) {
        response.writeHead(502).end(`no route to ${parsed.data.to}`);
        return;
      }
      this.add({
        kind: 'sms',
        to: parsed.data.to,
        subject: null,
        text: parsed.data.text,
        html: null,
      });
      response.writeHead(202).end();
    } else if (request.method === 'POST' && path === '/unknown') {
      const address = new URL(request.url ?? '/', this.url).searchParams.get('address');
      if (address !== null) this.unknown.add(address);
      response.writeHead(204).end();
    } else if (request.method === 'POST' && (path === '/refuse' || path === '/take')) {
      this.isRefusing = path === '/refuse';
      response.writeHead(204).end();
    } else {
      response.writeHead(404).end();
    }
  }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
