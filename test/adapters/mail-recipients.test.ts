import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { Secret } from '../../src/adapters/keys/secret';
import { SmtpMailer } from '../../src/adapters/messaging/notifier';

describe('an email', () => {
  let server: SMTPServer;
  let mailer: SmtpMailer;
  let recipients: string[];
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
        stream.on('end', done).resume();
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
    connections = 0;
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
