/** What a mail transport answers when nothing is sent. */
export type MailAnswer = 'accepted' | 'credentialsRefused' | 'noAnswer';

/** Examines the transport of emails. No email is sent. */
export interface MailProbe {
  /** Never throws. */
  transport(): Promise<MailAnswer>;
}
