/** What an officer, or somebody who wanted to be one, did that concerns no request alone. */
export interface OfficerAuditEvent {
  event: 'signedIn' | 'signInRefused' | 'signedOut' | 'roleRefused' | 'enrolmentNotTold';
  /** Opaque id of the officer, as in custody records; null where nobody is known. */
  actor: string | null;
  /** Why a sign-in was refused, or the role that was missing; null for others. */
  code: string | null;
}

/** Keeps these events for as long as officers' names are kept, in no log that is sampled. */
export interface OfficerAuditLog {
  append(event: OfficerAuditEvent): Promise<void>;
  /** Deletes the events of the days before a time. May run any number of times. */
  deleteBefore(time: Date): Promise<void>;
}
