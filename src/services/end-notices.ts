import { ConflictError, MessageNotAcceptedError, MessageRefusedError } from '../core/errors';
import {
  endNotices,
  endNoticeToTell,
  endReasonOf,
  type EndMessage,
  type NoticeWay,
} from '../core/messages/end-notices';
import { isClosed, type EndState } from '../core/request/states';
import type { KeyStore, Ledger, RequestDetails, RequestRecord } from '../ports';
import {
  mailboxOf,
  mailOfficer,
  mailPerson,
  momentIn,
  translatorOf,
  wordsOf,
  type MessageServices,
} from './messaging';

/** What the notice of an end uses. */
export type EndNoticeServices = MessageServices & {
  keys: Pick<KeyStore, 'unwrap'>;
  ledger: Pick<Ledger, 'details' | 'noteEnd' | 'custodyEntries'>;
};

/** An end to be notified, and whether an email to the person is still tried. */
interface End {
  end: EndState;
  mail: 'try' | 'skip';
}

/**
 * Tells the person why their request has ended and where to complain (Art. 12(3) and (4) GDPR). An email goes
 * to the mailbox on file and to no other. Without one, or when it refuses the email, a privacy officer is
 * asked for a letter to an address on file; with nobody on file the ticketing system is told what to tell.
 * Nothing is sent twice, and nothing once the data of the request are deleted.
 * @throws MessageNotAcceptedError when it can be tried again
 */
export async function notifyOfEnd(
  services: EndNoticeServices,
  record: RequestRecord,
  { end, mail }: End,
): Promise<void> {
  const { ledger } = services;
  if (record.endNotice || record.cleanedAt !== null || (await hasData(services, record, end)))
    return;
  const details = await detailsOf(services, record, end);
  const message = messageOf(services, record, end, details);
  const by = await tryWays(services, record, { message, mail, details });
  const words = wordsOf(services, record, details);
  const told = endNoticeToTell(message, words, services.settings.branding);
  await ledger.noteEnd(record.requestId, {
    end,
    reasonCode: message.reason,
    by,
    tell: by === 'email' ? null : { language: words.tag, ...told },
  });
}

/**
 * Has the ticketing system tell the person of a recall, in their language, which is forgotten with the key.
 * @param details as they were before the key was destroyed
 */
export async function leaveRecallToTicket(
  services: Pick<EndNoticeServices, 'locales' | 'settings'> & { ledger: Pick<Ledger, 'noteEnd'> },
  record: RequestRecord,
  details: RequestDetails,
): Promise<void> {
  const end = 'recalled';
  const reason = endReasonOf(end, end);
  const words = wordsOf(services, record, details);
  const message = { end, reason, explanation: null, until: '' } as const;
  const told = endNoticeToTell(message, words, services.settings.branding);
  const tell = { language: words.tag, ...told };
  await services.ledger.noteEnd(record.requestId, { end, reasonCode: reason, by: 'ticket', tell });
}

/** Whether the person has their data, so that the end of the package is no refusal. */
async function hasData(
  { ledger }: EndNoticeServices,
  { requestId, state }: RequestRecord,
  end: EndState,
): Promise<boolean> {
  if (end !== 'expired') return false;
  if (state === 'delivered') return true;
  const entries = await ledger.custodyEntries(requestId);
  return entries.some(({ event }) => event === 'handedOver');
}

/** The personal part of a request; null where the end has destroyed its key, or it was deleted already. */
async function detailsOf(
  { ledger }: EndNoticeServices,
  record: RequestRecord,
  end: EndState,
): Promise<RequestDetails | null> {
  const isReadable = endNotices[end].to === 'person' && record.wrappedSecret !== null;
  if (!isReadable) return null;
  try {
    return await ledger.details(record);
  } catch (error) {
    if (error instanceof ConflictError && isClosed(record.state)) return null;
    throw error;
  }
}

function messageOf(
  services: EndNoticeServices,
  { reason, availableUntil }: RequestRecord,
  end: EndState,
  details: RequestDetails | null,
): EndMessage {
  const isExplained = end === 'refused' || end === 'cancelled';
  const notice = isExplained ? details?.statutoryNotices[end] : null;
  const isTimed = end === 'expired' && details !== null && availableUntil !== null;
  return {
    end,
    reason: endReasonOf(end, reason),
    explanation: notice?.explanation ?? null,
    until: isTimed
      ? momentIn(translatorOf(services, details).tag, details.timeZone, availableUntil)
      : '',
  };
}

/** A message, what it is about, and whether an email is tried. */
interface Attempt extends Pick<End, 'mail'> {
  message: EndMessage;
  details: RequestDetails | null;
}

/** Sends the message by the first way that is open, and returns which. */
async function tryWays(
  services: EndNoticeServices,
  record: RequestRecord,
  attempt: Attempt,
): Promise<NoticeWay> {
  const { details, mail } = attempt;
  if (details !== null && mailboxOf(details, record.requester) !== '' && mail === 'try') {
    if (await mailEnd(services, record, { ...attempt, details })) return 'email';
  }
  const by = details?.contact ? 'letter' : 'ticket';
  if (by === 'letter' || !record.hasCallback) await askOfficer(services, record, mail);
  return by;
}

/** @returns false when the mailbox refuses the email for good */
async function mailEnd(
  services: EndNoticeServices,
  record: RequestRecord,
  { message, details }: Attempt & { details: RequestDetails },
): Promise<boolean> {
  const { end: kind, reason, explanation } = message;
  const keys = await services.keys.unwrap(record.wrappedSecret ?? '');
  try {
    await mailPerson(services, {
      request: { record, keys },
      details,
      message: { kind, reason, explanation },
      until: kind === 'expired' ? record.availableUntil : null,
    });
    return true;
  } catch (error) {
    if (error instanceof MessageRefusedError) return false;
    throw error;
  }
}

/** Asks the privacy officer to write. Where nothing is tried again, the notice itself still says so. */
async function askOfficer(
  services: EndNoticeServices,
  record: RequestRecord,
  mail: End['mail'],
): Promise<void> {
  try {
    await mailOfficer(services, record, 'endNotice');
  } catch (error) {
    const isForGood = error instanceof MessageRefusedError;
    const isLast = mail === 'skip' && error instanceof MessageNotAcceptedError;
    if (!isForGood && !isLast) throw error;
  }
}
