/** Command line of the inbox: `node dist/local/inbox/main.js [--port N] [--smtp-port N] [--file FILE]`. */
import { parseArgs } from 'node:util';
import { Inbox } from './inbox';
import { runService } from '../service';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'smtp-port': { type: 'string', default: '0' },
    file: { type: 'string' },
  },
});

runService(async () => {
  const inbox = await Inbox.start(
    { web: Number(values.port), smtp: Number(values['smtp-port']) },
    values.file ?? null,
  );
  return {
    ready: { url: inbox.url, smtpUrl: inbox.smtpUrl },
    message: `Inbox at ${inbox.url}, SMTP at ${inbox.smtpUrl}`,
    stop: () => inbox.stop(),
  };
});
