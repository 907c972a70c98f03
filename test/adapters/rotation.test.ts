import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { Webhook } from 'standardwebhooks';
import { generateOrganisation } from '../../local/genesys/generate';
import { GenesysSimulator } from '../../local/genesys/simulator';
import { OpenIdLogin } from '../../src/adapters/authentication/openid-login';
import { GenesysClient } from '../../src/adapters/genesys/client';
import { genesysSource } from '../../src/adapters/genesys/source';
import { Secret } from '../../src/adapters/keys/secret';
import { SmtpMailer } from '../../src/adapters/messaging/notifier';
import { SignedWebhooks } from '../../src/adapters/messaging/webhooks';
import { LoginRefusedError, MessageNotAcceptedError, SourceError } from '../../src/core/errors';
import { Directory } from '../helpers/directory';
import { TestStorage } from '../helpers/storage';
import { loopbackFetch } from '../helpers/loopback-fetch';

const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;

describe('a secret that is changed while the app runs', () => {
  it('of Genesys Cloud is read again when the old one is refused, and the call is made', async () => {
    const storage = await TestStorage.start();
    const { organisation } = generateOrganisation({ seed: 7, conversations: 1, now: new Date() });
    const simulator = await GenesysSimulator.start({ organisation });
    try {
      let kept = 'simulator-secret';
      const source = (secret: Secret) =>
        genesysSource(
          new GenesysClient({
            region: 'mypurecloud.de',
            gatewayUrl: simulator.url,
            clientId: 'simulator-client',
            clientSecret: secret,
            budget: storage.callLimit({ calls: 1000, windowSeconds: 60, percentPerRequest: 100 }),
          }),
          '',
          loopbackFetch,
        );
      const fromVault = source(new Secret('simulator-secret', () => Promise.resolve(kept)));
      const fromSettings = source(new Secret('simulator-secret'));
      await fromVault.retention();
      await fromSettings.retention();
      // The client gets a new secret, and the tokens of the old one are no longer taken.
      simulator.settings.clientSecret = 'second';
      simulator.endTokens();
      await expect(fromVault.retention()).rejects.toBeInstanceOf(SourceError);
      kept = 'second';
      await expect(fromVault.retention()).resolves.toHaveProperty('days');
      await expect(fromSettings.retention()).rejects.toBeInstanceOf(SourceError);
    } finally {
      await simulator.stop();
      await storage.stop();
    }
  }, 60_000);

  it('of the mail server is read again when the server refuses the sign-in', async () => {
    let password = 'first';
    const mails: string[] = [];
    const server = new SMTPServer({
      authOptional: false,
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: (auth, _session, done) =>
        auth.password === password
          ? done(null, { user: 'app' })
          : done(Object.assign(new Error('535 no'), { responseCode: 535 })),
      onData: (stream, _session, done) => {
        let text = '';
        stream.on('data', (part: Buffer) => (text += part.toString()));
        stream.on('end', () => {
          mails.push(text);
          done();
        });
      },
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));
    try {
      const address = (word: string) => `smtp://app:${word}@127.0.0.1:${portOf(server.server)}`;
      const mailer = new SmtpMailer(
        new Secret(address('first'), () => Promise.resolve(address('second'))),
        'privacy@shop.example',
        null,
      );
      const mail = (subject: string) => ({
        to: 'person@mail.example',
        subject,
        text: 'Hello',
        html: '<p>Hello</p>',
        messageId: '<1@shop.example>',
      });
      await mailer.email(mail('before'));
      password = 'second';
      await mailer.email(mail('after'));
      expect(mails.map((text) => /^Subject: (.*)$/m.exec(text)?.[1])).toEqual(['before', 'after']);
      password = 'third';
      await expect(mailer.email(mail('never'))).rejects.toBeInstanceOf(MessageNotAcceptedError);
    } finally {
      await new Promise<void>((done) => server.close(done));
    }
  });

  describe('of a sign-in', () => {
    let directory: Directory;
    beforeAll(async () => {
      directory = await Directory.start();
    });
    afterAll(() => directory.stop());
    const redirectUri = 'https://portal.example/portal/officer/callback';
    const loginOf = (clientSecret: Secret) =>
      new OpenIdLogin({
        ...{ issuer: directory.issuer, clientId: 'officers', clientSecret, redirectUri },
        ...{ scope: 'openid', signIn: { acr: [], amr: [], context: null, maxAgeSeconds: null } },
      });
    const signIn = async (login: OpenIdLogin) => {
      const start = await login.begin();
      return login.finish(directory.signIn(start.url, { name: 'Ms Privacy' }), start);
    };

    it('is read again when the provider refuses the app, and the same sign-in ends well', async () => {
      let kept = 'first';
      const reads: string[] = [];
      const login = loginOf(
        new Secret('first', () => {
          reads.push(kept);
          return Promise.resolve(kept);
        }),
      );
      directory.clientSecret = 'first';
      await expect(signIn(login)).resolves.toMatchObject({ name: 'Ms Privacy' });
      directory.clientSecret = 'second';
      await expect(signIn(login)).rejects.toBeInstanceOf(LoginRefusedError);
      kept = 'second';
      await expect(signIn(login)).resolves.toMatchObject({ name: 'Ms Privacy' });
      await expect(signIn(login)).resolves.toMatchObject({ name: 'Ms Privacy' });
      expect(reads).toEqual(['first', 'second']);
      await expect(signIn(loginOf(new Secret('first')))).rejects.toBeInstanceOf(LoginRefusedError);
    });

    it('is not read again when the provider refuses the sign-in', async () => {
      const reread = jest.fn(() => Promise.resolve('other'));
      directory.clientSecret = null;
      const login = loginOf(new Secret('first', reread));
      const start = await login.begin();
      const query = directory.signIn(start.url, {}).replace(/code=[^&]+/, 'code=none');
      await expect(login.finish(query, start)).rejects.toBeInstanceOf(LoginRefusedError);
      expect(reread).not.toHaveBeenCalled();
    });
  });

  describe('of webhooks', () => {
    let server: Server;
    let accepted: string;
    beforeAll(async () => {
      server = createServer((request, response) => {
        let body = '';
        request.on('data', (part: Buffer) => (body += part.toString()));
        request.on('end', () => {
          try {
            new Webhook(accepted).verify(body, request.headers as Record<string, string>);
            response.writeHead(204).end();
          } catch {
            response.writeHead(401).end();
          }
        });
      });
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    });
    afterAll(() => new Promise((done) => server.close(done)));

    it('is read again when the receiver refuses the signature', async () => {
      const secretOf = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`;
      const webhooks = new SignedWebhooks(
        new Secret(secretOf(1), () => Promise.resolve(secretOf(2))),
        loopbackFetch,
      );
      const url = `http://127.0.0.1:${portOf(server)}/hook`;
      accepted = secretOf(1);
      await expect(webhooks.send(url, 'msg_1', '{}')).resolves.toBe('delivered');
      accepted = secretOf(2);
      await expect(webhooks.send(url, 'msg_2', '{}')).resolves.toBe('delivered');
      accepted = secretOf(3);
      await expect(webhooks.send(url, 'msg_3', '{}')).resolves.toBe('retry');
    });
  });
});
