import { createDefaultHttpClient } from '@azure/core-rest-pipeline';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import {
  CommunicationMailer,
  CommunicationTexter,
} from '../../src/adapters/messaging/communication-services';
import { MessageNotAcceptedError, MessageRefusedError } from '../../src/core/errors';

/** The SDK's own client, which speaks without TLS here. */
const inner = createDefaultHttpClient();
/** Calls an origin where a server on this machine stands for it. */
const reaching = (origin: string, server: string) => ({
  sendRequest: (request: Parameters<typeof inner.sendRequest>[0]) => {
    const url = request.url.replace(origin, server);
    return inner.sendRequest(Object.assign(request, { url, allowInsecureConnection: true }));
  },
});
const options = { httpClient: reaching('', '') };

/** Answers as Communication Services do, as far as their REST reference says it. */
class Services {
  readonly calls: { path: string; headers: IncomingMessage['headers']; body: unknown }[] = [];
  status = 202;
  outcome: 'Succeeded' | 'Failed' = 'Succeeded';
  /** Seconds that an error asks to wait; null to say nothing. */
  retryAfter: number | null = null;
  /** Body of an error. */
  refusal: unknown = {};
  /** Origin by which the services name themselves; null for their own address. */
  origin: string | null = null;
  private constructor(private readonly server: Server) {}

  static async start(): Promise<Services> {
    const server = createServer();
    const services = new Services(server);
    server.on(
      'request',
      (request, response) =>
        void services.answer(request).then(({ status, body, headers }) => {
          response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
          response.end(JSON.stringify(body));
        }),
    );
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return services;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get connectionString(): string {
    return `endpoint=${this.url}/;accesskey=${Buffer.from('key').toString('base64')}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(
    request: IncomingMessage,
  ): Promise<{ status: number; body: unknown; headers: Record<string, string> }> {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    const body = request.method === 'POST' ? await json(request) : null;
    this.calls.push({ path, headers: request.headers, body });
    if (this.status >= 400) {
      const headers: Record<string, string> =
        this.retryAfter === null ? {} : { 'retry-after': String(this.retryAfter) };
      return { status: this.status, body: this.refusal, headers };
    }
    if (path === '/emails:send') {
      const operation = `${this.origin ?? this.url}/emails/operations/1`;
      const headers = { 'Operation-Location': operation, 'retry-after': '0' };
      return { status: 202, body: { id: '1', status: 'Running' }, headers };
    }
    if (path === '/emails/operations/1')
      return {
        status: 200,
        body: { id: '1', status: this.outcome },
        headers: { 'retry-after': '0' },
      };
    const { smsRecipients } = body as { smsRecipients: { to: string }[] };
    const value = smsRecipients.map(({ to }) => ({
      to,
      messageId: 'm',
      httpStatusCode: this.outcome === 'Succeeded' ? 202 : 400,
      successful: this.outcome === 'Succeeded',
    }));
    return { status: 202, body: { value }, headers: {} };
  }
}

describe('Communication Services', () => {
  let services: Services;
  const mail = {
    to: 'person@mail.example',
    subject: 'Your data',
    text: 'Hello',
    html: '<p>Hello</p>',
    messageId: '<abc@shop.example>',
  };
  /** A connection string names a key, so nobody's identity is asked for. */
  const account = () => ({
    services: services.connectionString,
    identity: { getToken: () => Promise.reject(new Error('unused')) },
  });
  const mailer = () => new CommunicationMailer(account(), 'shop@shop.example', null, options);
  const texter = () => new CommunicationTexter(account(), '+4930123', options);
  const text = { to: '+4915112345', text: '12345678', operationId: 'x' };
  beforeEach(async () => {
    services = await Services.start();
  });
  afterEach(() => services.stop());

  it('receive a repeated email with the same operation id, so that it is sent once', async () => {
    await mailer().email(mail);
    await mailer().email(mail);
    await mailer().email({ ...mail, messageId: '<other@shop.example>' });
    const sent = services.calls.filter(({ path }) => path === '/emails:send');
    const ids = sent.map(({ headers }) => headers['operation-id']);
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
    expect(sent[0]?.body).toMatchObject({
      senderAddress: 'shop@shop.example',
      recipients: { to: [{ address: mail.to }] },
      content: { subject: mail.subject, plainText: mail.text, html: mail.html },
    });
  });

  it('receive a text message', async () => {
    await texter().sms(text);
    expect(services.calls[0]?.body).toMatchObject({ from: '+4930123', message: text.text });
  });

  it('receive the logo under the content id by which the email shows it', async () => {
    const logo = { contentType: 'image/png', content: Buffer.from('the logo') };
    await new CommunicationMailer(account(), 'shop@shop.example', logo, options).email(mail);
    await mailer().email(mail);
    const attached = services.calls
      .filter(({ path }) => path === '/emails:send')
      .map(({ body }) => (body as { attachments?: unknown }).attachments);
    const contentInBase64 = Buffer.from('the logo').toString('base64');
    expect(attached).toStrictEqual([
      [{ name: 'logo', contentType: 'image/png', contentInBase64, contentId: 'logo' }],
      undefined,
    ]);
  });

  it('are called by the identity of the app where the settings name an endpoint without a key', async () => {
    services.origin = 'https://services.example';
    const byIdentity = {
      services: services.origin,
      identity: {
        getToken: () =>
          Promise.resolve({ token: 'the token', expiresOnTimestamp: Date.now() + 3_600_000 }),
      },
    };
    const here = { httpClient: reaching('https://services.example', services.url) };
    await new CommunicationMailer(byIdentity, 'shop@shop.example', null, here).email(mail);
    await new CommunicationTexter(byIdentity, '+4930123', here).sms(text);
    expect(services.calls.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/emails:send', 'Bearer the token'],
      ['/emails/operations/1', 'Bearer the token'],
      ['/sms', 'Bearer the token'],
    ]);
  });

  const refusal = (code: string, message: string) => ({ error: { code, message } });
  const validation = (field: string) => ({
    title: 'One or more validation errors occurred.',
    status: 400,
    errors: { [field]: ['The value +4915112345 is invalid.'] },
  });
  const invalidAddress = refusal('BadRequest', 'Invalid format for email address: a@mail.example');
  const email = () => mailer().email(mail);
  const sms = () => texter().sms(text);

  it.each([
    ['an address in a form that is none', email, 400, invalidAddress],
    ['a recipient that is none', email, 400, refusal('InvalidRecipient', 'a@mail.example')],
    ['a number that is none', sms, 400, validation('SmsRecipients[0].To')],
  ])('say of %s that it never will be reached', async (_, send, status, body) => {
    Object.assign(services, { status, refusal: body });
    const reason: unknown = await send().catch((thrown: unknown) => thrown);
    expect(reason).toBeInstanceOf(MessageRefusedError);
    expect(String(reason)).not.toMatch(/mail\.example|4915112345/);
  });

  it.each([email, sms])(
    'say of what they took and could not deliver that it never will be (%#)',
    async (send) => {
      services.outcome = 'Failed';
      const reason: unknown = await send().catch((thrown: unknown) => thrown);
      expect(reason).toBeInstanceOf(MessageRefusedError);
      expect(String(reason)).not.toMatch(/mail\.example|4915112345/);
    },
  );

  const notLinked = 'The specified sender domain has not been linked.';
  it.each([
    ['the domain is not linked', email, 404, refusal('DomainNotLinked', notLinked)],
    ['the domain is not linked', email, 403, refusal('DomainNotLinked', notLinked)],
    ['the sender is unknown', email, 400, refusal('InvalidSenderUserName', 'shop')],
    [
      'the sender has no address',
      email,
      400,
      refusal('BadRequest', 'Invalid format for email address in senderAddress'),
    ],
    ['the reason is unknown', email, 400, refusal('BadRequest', 'a@mail.example')],
    ['they are set up otherwise', email, 404, refusal('ResourceNotFound', 'a@mail.example')],
    ['the role is missing', email, 403, refusal('Denied', 'a@mail.example')],
    ['the quota is used up', email, 429, refusal('TooManyRequests', 'a@mail.example')],
    ['the number of the sender is unknown', sms, 400, validation('From')],
    ['they are set up otherwise', sms, 404, refusal('NotFound', 'x')],
  ])(
    'can be called again after %s (%#), which says nothing of the recipient',
    async (_, send, status, body) => {
      Object.assign(services, { status, refusal: body });
      const reason: unknown = await send().catch((thrown: unknown) => thrown);
      expect(reason).toBeInstanceOf(MessageNotAcceptedError);
      expect(String(reason)).not.toMatch(/mail\.example|4915112345/);
    },
  );

  it.each([
    ['as long as they say', 1200, 1200],
    ['an hour at most', 86_400, 3600],
    ['half a minute, where they say nothing', null, 30],
  ])('are called again after a quota is used up: %s', async (_, retryAfter, afterSeconds) => {
    const body = refusal('TooManyRequests', 'x');
    Object.assign(services, { status: 429, refusal: body, retryAfter });
    for (const send of [email, sms]) await expect(send()).rejects.toMatchObject({ afterSeconds });
    // The pause is one of the orchestration; no call is repeated while an activity runs.
    expect(services.calls).toHaveLength(2);
  });

  it('can be called again when they do not answer', async () => {
    const sender = texter();
    services.stop();
    await expect(sender.sms(text)).rejects.toBeInstanceOf(MessageNotAcceptedError);
  }, 60_000);
});
