import { createTransport } from 'nodemailer';
import { lookup } from 'node:dns/promises';
import { ask, notChecked, ok, problem, type Check, type Diagnostic } from './diagnostics';

const patience = 10_000;

/** The way of mails. None is sent. */
export const checkMail: Check = async ({ config }) => {
  const diagnostics: Diagnostic[] = [];
  for (const setting of ['MAIL_FROM', 'CONTROLLER_CONTACT'] as const) {
    if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(config[setting])) {
      diagnostics.push(
        problem(
          `mail.${setting}`,
          `${setting} is not a mailbox.`,
          'Set it to an address such as privacy@shop.example.',
        ),
      );
    }
  }
  if (config.SMTP_URL === undefined) {
    const services = config.COMMUNICATION_SERVICES ?? '';
    if (!services.startsWith('https://'))
      return [...diagnostics, notChecked('mail.way', 'A connection string is not tried out.')];
    const answer = await ask(services);
    diagnostics.push(
      answer === null
        ? problem(
            'mail.way',
            'Communication Services do not answer.',
            'Check the address in COMMUNICATION_SERVICES.',
          )
        : ok(
            'mail.way',
            'Communication Services answer. Whether they know the sender shows a mail.',
          ),
    );
    return diagnostics;
  }
  const transport = createTransport(config.SMTP_URL, {
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
  } as object);
  try {
    await transport.verify();
    diagnostics.push(ok('mail.way', 'The mail server lets the app in.'));
  } catch (error) {
    const isRefused = (error as { code?: string }).code === 'EAUTH';
    diagnostics.push(
      problem(
        'mail.way',
        isRefused ? 'The mail server refuses the sign-in.' : 'The mail server does not answer.',
        'Check host, port, user and password in SMTP_URL (smtps:// for TLS from the start).',
      ),
    );
  } finally {
    transport.close();
  }
  return diagnostics;
};

/** The way of text messages. None is sent. */
export const checkSms: Check = async ({ config }) => {
  if (!config.STEP_UP_METHODS.includes('sms'))
    return [notChecked('sms.way', 'Codes by text message are not offered.')];
  if (config.SMS_GATEWAY_URL === undefined) {
    const isNumber = /^\+[1-9]\d{6,14}$/.test(config.SMS_FROM ?? '');
    return [
      isNumber
        ? notChecked('sms.way', 'Whether the number may send shows a message.')
        : problem(
            'sms.from',
            'SMS_FROM is not a number with a country code.',
            'Set it to a number of the Communication Services, such as +4930123456.',
          ),
    ];
  }
  const answer = await ask(config.SMS_GATEWAY_URL, { method: 'HEAD' });
  return [
    answer === null
      ? problem(
          'sms.way',
          'The gateway for text messages does not answer.',
          'Check host and port in SMS_GATEWAY_URL.',
        )
      : ok('sms.way', 'The gateway for text messages answers.'),
  ];
};

/** Hosts that are told of changes. */
export const checkWebhooks: Check = async ({ config }) => {
  const diagnostics: Diagnostic[] = [];
  for (const host of config.WEBHOOK_HOSTS) {
    const name = host.replace(/:\d+$/, '');
    const isKnown = await lookup(name).then(
      () => true,
      () => false,
    );
    diagnostics.push(
      isKnown
        ? ok('webhooks.hosts', `${host} has an address.`)
        : problem(
            'webhooks.hosts',
            `${host} has no address.`,
            'Correct WEBHOOK_HOSTS: host names, with a port where it is not 443.',
          ),
    );
  }
  return diagnostics;
};
