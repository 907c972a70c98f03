/** Command line of the inbox: `node dist/local/inbox/main.js [--port N] [--smtp-port N]`. */
import { parseArgs } from 'node:util';
import { Inbox } from './inbox';
import { runService } from '../service';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'smtp-port': { type: 'string', default: '0' },
  },
});

runService(async () => {
  const inbox = await Inbox.start({ web: Number(values.port), smtp: Number(values['smtp-port']) });
  return {
    ready: { url: inbox.url, smtpUrl: inbox.smtpUrl },
    message: `Inbox at ${inbox.url}, SMTP at ${inbox.smtpUrl}`,
    stop: () => inbox.stop(),
  };
});
