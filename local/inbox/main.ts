/** Command line of the inbox: `node dist/local/inbox/main.js [--port N] [--smtp-port N]`. */
import { parseArgs } from 'node:util';
import { Inbox } from './inbox';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'smtp-port': { type: 'string', default: '0' },
  },
});

async function main(): Promise<void> {
  const inbox = await Inbox.start({ web: Number(values.port), smtp: Number(values['smtp-port']) });
  if (process.send) process.send({ ready: { url: inbox.url, smtpUrl: inbox.smtpUrl } });
  else process.stderr.write(`Inbox at ${inbox.url}, SMTP at ${inbox.smtpUrl}\n`);
  const end = (): void => {
    void inbox.stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  process.on('disconnect', end);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
