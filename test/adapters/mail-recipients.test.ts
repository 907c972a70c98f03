import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { Secret } from '../../src/adapters/keys/secret';
import { SmtpMailer } from '../../src/adapters/messaging/notifier';
import type { Branding } from '../../src/core/messages/branding';
import { emailHtml } from '../../src/core/messages/email-html';

describe('an email', () => {
  let server: SMTPServer;
  let mailer: SmtpMailer;
  let recipients: string[];
  let mails: Buffer[];
  let connections: number;
  beforeAll(async () => {
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onConnect: (_session, done) => {
        connections += 1;
        done();
      },
      onRcptTo: ({ address }, _session, done) => {
        recipients.push(address);
        done();
      },
      onData: (stream, _session, done) => {
        void buffer(stream).then((mail) => {
          mails.push(mail);
          done();
        });
      },
    });
    await new Promise<void>((done) => {
      server.listen(0, '127.0.0.1', done);
    });
  });
  afterAll(() => new Promise<void>((done) => server.close(done)));
  beforeEach(() => {
    const { port } = server.server.address() as AddressInfo;
    mailer = new SmtpMailer(new Secret(`smtp://127.0.0.1:${port}`), 'app@shop.example', null);
    recipients = [];
    mails = [];
    connections = 0;
  });

  it('carries the logo that it shows, in itself and not as a file', async () => {
    const { port } = server.server.address() as AddressInfo;
    const address = new Secret(`smtp://127.0.0.1:${port}`);
    const logo = { contentType: 'image/png', content: Buffer.from('the logo') };
    const branding = { controllerName: 'Shop', controllerContact: 'x', colour: '#000000' };
    const message = {
      to: 'person@mail.example',
      subject: 'Subject',
      text: 'Text',
      html: emailHtml('en', { ...branding, hasLogo: true } as Branding, 'Subject', []),
      messageId: '<1@x>',
    };
    for (const one of [logo, null])
      await new SmtpMailer(address, 'app@shop.example', one).email(message);
    const [withLogo, without] = await Promise.all(mails.map((mail) => simpleParser(mail)));
    const [, shown] = /<img src="cid:([^"]+)"/.exec(message.html) ?? [];
    expect(withLogo?.attachments).toEqual([
      expect.objectContaining({
        ...{ cid: shown, contentType: 'image/png', content: logo.content },
        ...{ contentDisposition: 'inline', related: true },
      }),
    ]);
    expect(without?.attachments).toEqual([]);
  });

  const sentTo = async (to: string): Promise<string[]> => {
    const message = {
      to,
      subject: 'Subject',
      text: 'Text',
      html: '<p>Text</p>',
      messageId: '<1@x>',
    };
    await mailer.email(message).catch(() => undefined);
    return recipients;
  };

  it('leaves this machine by TLS only, also where the server offers none', async () => {
    const { port } = server.server.address() as AddressInfo;
    // An address of this machine that is not written as one.
    mailer = new SmtpMailer(new Secret(`smtp://127.1:${port}`), 'app@shop.example', null);
    expect(await sentTo('person@mail.example')).toEqual([]);
    // It was reached, and told nothing.
    expect(connections).toBe(1);
  });

  it('goes to its address', async () => {
    expect(await sentTo('person@mail.example')).toEqual(['person@mail.example']);
  });

  it.each([
    'x,foo@corp.example',
    'person@mail.example, foo@corp.example',
    'person@mail.example;foo@corp.example',
    'Person <foo@corp.example>',
    'group: foo@corp.example;',
    '"person@mail.example" foo@corp.example',
    'person@mail.example\r\nRCPT TO:<foo@corp.example>',
  ])('never goes to an address that is read out of another text: %j', async (to) => {
    expect(await sentTo(to)).not.toContain('foo@corp.example');
  });
});
