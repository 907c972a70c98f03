import { lookup } from 'node:dns/promises';
import type { MailDomainAnswer } from '../ports/mail-domain-probe';
import type { MailProbe } from '../ports/mail-probe';
import { domainOf, isMailbox } from '../services/trials';
import { ask, notChecked, ok, problem, warning, type Check, type Diagnostic } from './diagnostics';

/** Sender and transport of emails. No email is sent. */
export const checkMail: Check = async ({ config: { mail, controller }, mail: probe }) => {
  const mailboxes = { MAIL_FROM: mail.from, CONTROLLER_CONTACT: controller.contact };
  const wrong = Object.entries(mailboxes)
    .filter(([, mailbox]) => !isMailbox(mailbox))
    .map(([setting]) =>
      problem(
        `mail.${setting}`,
        `${setting} is not a mailbox.`,
        'Set it to an address such as privacy@shop.example.',
      ),
    );
  const { transport } = mail;
  const checked =
    transport.kind === 'smtp' ? await checkSmtp(probe) : await checkCommunicationServices(probe);
  return [...wrong, checked];
};

async function checkSmtp(mail: MailProbe): Promise<Diagnostic> {
  const answer = await mail.transport();
  if (answer === 'accepted') return ok('mail.transport', 'The mail server accepts the sign-in.');
  return problem(
    'mail.transport',
    answer === 'credentialsRefused'
      ? 'The mail server refuses the sign-in.'
      : 'The mail server does not answer.',
    'Check host, port, user and password in SMTP_URL (smtps:// for TLS from the start).',
  );
}

async function checkCommunicationServices(mail: MailProbe): Promise<Diagnostic> {
  return (await mail.transport()) === 'accepted'
    ? ok(
        'mail.transport',
        'Communication Services answer. Send a test email to confirm the sender.',
      )
    : problem(
        'mail.transport',
        'Communication Services do not answer.',
        'Check the address in COMMUNICATION_SERVICES.',
      );
}

/** What is wrong with the records of the sender's domain, and what to do. */
const recordFaults = {
  spfMissing: [
    'The domain in MAIL_FROM has no SPF record.',
    'Set the TXT record of SPF that docs/deployment.md, step 8, shows; with a mail server of your own, one that names it.',
  ],
  spfTwice: [
    'The domain in MAIL_FROM has several SPF records, for which emails may be refused.',
    'Join them into one record.',
  ],
  dkimMissing: [
    'The domain in MAIL_FROM lacks a record of DKIM that Communication Services sign by.',
    'Set both CNAME records that docs/deployment.md, step 8, shows.',
  ],
  mxMissing: [
    'The domain in MAIL_FROM takes no emails: answers of people and failure notices have nowhere to go.',
    'Set an MX record, or send from a domain that has one.',
  ],
} as const;

/** Records of the domain of emails. They are others' to set, and change without the app: nothing of it is a problem. */
export const checkMailDomain: Check = async ({ config: { mail }, mailDomain }) => {
  const domain = domainOf(mail.from);
  return domain === null ? [] : [domainDiagnostic(await mailDomain.records(domain))];
};

export function domainDiagnostic(answer: MailDomainAnswer): Diagnostic {
  const check = 'mail.domain';
  switch (answer) {
    case 'good':
      return ok(check, 'The domain in MAIL_FROM has its DNS records.');
    case 'noAnswer':
      return notChecked(check, 'No DNS server tells the records of the domain in MAIL_FROM.');
    default: {
      const [message, fix] = recordFaults[answer];
      return warning(check, message, fix);
    }
  }
}

/**
 * Whether Communication Services can send from it: a number, or an alphanumeric sender id of 11 characters at most with a
 * letter in it. `pending` stands for a sender that is not there yet (docs/deployment.md).
 */
export const isSender = (from: string): boolean =>
  from !== 'pending' &&
  (/^\+[1-9]\d{6,14}$/.test(from) || /^(?=.*[A-Za-z])[A-Za-z0-9]{1,11}$/.test(from));

/** Transport of text messages. None is sent. */
export const checkSms: Check = async ({ config: { stepUp, textMessages } }) => {
  if (!stepUp.methods.includes('sms'))
    return [notChecked('sms.transport', 'The portal offers no codes by text message.')];
  if (textMessages.kind === 'communicationServices') {
    return [
      isSender(textMessages.from)
        ? notChecked('sms.transport', 'Send a test message to confirm the sender.')
        : problem(
            'sms.from',
            'SMS_FROM is neither a number with a country code nor an alphanumeric sender id.',
            'Set it to a number of the Communication Services, such as +15550100, or to the sender id that they have given you.',
          ),
    ];
  }
  const answer = await ask(textMessages.url, { method: 'HEAD' });
  return [
    answer === null
      ? problem(
          'sms.transport',
          'The gateway for text messages does not answer.',
          'Check host and port in SMS_GATEWAY_URL.',
        )
      : ok('sms.transport', 'The gateway for text messages answers.'),
  ];
};

/** Hosts that webhooks are sent to. */
export const checkWebhooks: Check = async ({ config: { webhooks } }) => {
  if (webhooks.kind === 'none') return [];
  return Promise.all(
    webhooks.hosts.map(async (host) => {
      const isKnown = await lookup(host.replace(/:\d+$/, '')).then(
        () => true,
        () => false,
      );
      return isKnown
        ? ok('webhooks.hosts', `${host} has an address.`)
        : problem(
            'webhooks.hosts',
            `${host} has no address.`,
            'Correct WEBHOOK_HOSTS: host names, with a port where it is not 443.',
          );
    }),
  );
};
