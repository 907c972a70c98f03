import type { EndState } from '../request/states';
import type { Translator } from '../i18n/translator';
import type { Branding } from './branding';
import { personEmail } from './person-email';
import { cancellationReasons, refusalReasons } from './statutory-notices';

/** What is said of an end: the reasons that it may have, and whether the person may be written to. */
interface EndNoticeRule {
  /** Codes of `messages.<end>.reasons`; the last one stands in for a code that is not among them. */
  reasons: readonly [string, ...string[]];
  /** The person, at a mailbox on file; or the ticketing system alone, because nothing on file can be read. */
  to: 'person' | 'ticket';
}

/**
 * The notice of each state that a request ends in. Whoever asked is told the reason and where to complain,
 * whatever the end (Art. 12(3) and (4) GDPR). A recall destroys the key of the request at once, and with it
 * what is known of the person.
 */
export const endNotices: Readonly<Record<EndState, EndNoticeRule>> = {
  expired: { reasons: ['notFetched'], to: 'person' },
  cancelled: { reasons: cancellationReasons, to: 'person' },
  refused: { reasons: refusalReasons, to: 'person' },
  unverified: { reasons: ['notConfirmed'], to: 'person' },
  noDataFound: { reasons: ['nothingFound'], to: 'person' },
  recalled: { reasons: ['recalled'], to: 'ticket' },
};

/**
 * The reason that the notice of an end gives.
 * @param reason reason code of the request
 */
export function endReasonOf(end: EndState, reason: string | null): string {
  const { reasons } = endNotices[end];
  return reasons.find((one) => one === reason) ?? reasons.at(-1) ?? reasons[0];
}

/**
 * How the end of a request was notified: by an email of the app; by a letter that a privacy officer has to
 * write to an address on file; or by the ticketing system, because nobody is on file.
 */
export const noticeWays = ['email', 'letter', 'ticket'] as const;
export type NoticeWay = (typeof noticeWays)[number];

/** The notice of an end, as the ticketing system is told. It contains no personal data. */
export interface EndNotice {
  end: EndState;
  reasonCode: string;
  by: NoticeWay;
  /** What the person has to be told, in their language; null where the app has told them. */
  tell: { language: string; subject: string; text: string } | null;
}

/** An end and its reason, in a language. */
export interface EndMessage {
  end: EndState;
  reason: string;
  /** An officer's own words; null for none. */
  explanation: string | null;
  /** When the package could be had, in the person's language; '' for none. */
  until: string;
}

/** The subject and the text of the notice of an end. */
export function endNoticeText(
  { end, reason, explanation, until }: EndMessage,
  translator: Translator,
  branding: Branding,
): { subject: string; text: string } {
  const message = { kind: end, reason, explanation };
  const { subject, text } = personEmail(message, translator, branding, { token: '', until });
  return { subject, text };
}

/**
 * The same for somebody else to tell: what an officer wrote may be about the person, so that its place alone
 * is marked.
 */
export const endNoticeToTell = (
  message: EndMessage,
  translator: Translator,
  branding: Branding,
): { subject: string; text: string } => {
  const { reason, explanation } = message;
  const isMarked = explanation !== null || reason === 'asExplained';
  const marked = isMarked ? translator.t('messages.explanationHere') : null;
  return endNoticeText({ ...message, explanation: marked }, translator, branding);
};
