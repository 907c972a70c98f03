import type { HandOverPolicy } from '../core/custody/hand-over';
import type { StepUpPolicy } from '../core/authentication/step-up';
import type { Branding } from '../core/messages/branding';
import type { ChosenGround } from '../core/package/grounds';
import type { Processing } from '../core/package/processing';
import type { AttributeAllowList } from '../core/redaction/attributes';
import type { Policy } from '../core/redaction/policy';
import type { Law, LegalClockPolicy } from '../core/request/legal-clock';
import type { DecisionPolicy } from '../core/subject/unanswered';
import type { MailboxOwners } from '../core/subject/contact';
import type { AudioFormat } from './source';

/** How many codes are sent by text message: limits against SMS pumping fraud. */
export interface CodeLimits {
  perNumberPerDay: number;
  perCountryPerDay: number;
  /** Countries (ISO 3166) that text messages go to; null for all. */
  countries: ReadonlySet<string> | null;
}

/** How far back conversations are searched, and in how long windows. */
export interface SearchSettings {
  years: number;
  windowDays: number;
  mailboxOwners: MailboxOwners;
}

/** What is exported, and in which form. */
export interface ExportSettings {
  /** Whether no new export begins. */
  isPaused: boolean;
  conversationsPerPage: number;
  /** Which of the recording exporters is used; see docs/settings.md. */
  recordingExporter: 'formatted' | 'batch' | 'bulkS3';
  audioFormat: AudioFormat;
  restoreArchived: boolean;
  summaries: boolean;
  secureAttributes: boolean;
  evaluations: boolean;
  sentiment: boolean;
  /** Whether the source is asked to delete none of the conversations while a request runs. */
  deletionHold: boolean;
  /** Participant attributes that are exported. */
  attributes: AttributeAllowList;
  /** On which grounds what is never exported is left out. */
  grounds: Record<'attributes' | 'secureAttributes' | 'evaluations', ChosenGround>;
  policy: Policy;
}

export interface CompletenessSettings {
  /** Failed items that a package may lack without an officer's acceptance. */
  failuresAllowed: number;
}

/** How long a package and its links live. */
export interface DeliverySettings {
  availabilityHours: number;
  /** Hours before the end at which the person is reminded. */
  reminderHours: number;
  /** Minutes that a link lives that the portal renews while it downloads. */
  portalLinkMinutes: number;
  /** Minutes that a link lives that the browser downloads by itself. */
  browserLinkMinutes: number;
  /** Who may hand a package over. */
  handOver: HandOverPolicy;
}

export interface AuthenticationSettings {
  stepUp: StepUpPolicy;
  /** Claim of the customers' login that is compared with the contact on file. */
  loginClaim: 'email' | 'phone_number';
  codeLimits: CodeLimits;
}

export interface PortalSettings {
  /** POST calls allowed from one address per minute. */
  callsPerMinute: number;
}

export interface CallbackSettings {
  /** Hosts (with port) that webhooks may be sent to. */
  hosts: readonly string[];
}

/** The page on which people ask for their data themselves. */
export interface IntakeSettings {
  /** Address of the ticketing system that receives what was entered. */
  webhook: string;
  /** Requests that are taken in a day from one address, and from all. */
  perAddressPerDay: number;
  perDay: number;
}

/** The controller's privacy notice, and its name in the package. */
export interface PrivacyNotice {
  name: string;
  path: string;
}

/** How long it can be shown what became of a request. */
export interface ProofSettings {
  retentionYears: number;
}

/** Settings by topic. Whoever needs one topic is given that topic only. */
export interface Settings {
  search: SearchSettings;
  export: ExportSettings;
  completeness: CompletenessSettings;
  delivery: DeliverySettings;
  proof: ProofSettings;
  authentication: AuthenticationSettings;
  portal: PortalSettings;
  callbacks: CallbackSettings;
  /** Null where no intake page is offered. */
  intake: IntakeSettings | null;
  branding: Branding;
  /** Language of emails to the officers. */
  officerLocale: string;
  /** Whether requests for people who have died are refused, or handled as those of a representative. */
  estates: 'refuse' | 'representative';
  /** The law of a request that names none. */
  law: Law;
  legalClock: LegalClockPolicy;
  decisions: DecisionPolicy;
  /** What is said of the processing (Art. 15(1) and (2) GDPR); null on loopback without a file. */
  processing: Processing | null;
  /** Null without one. */
  notice: PrivacyNotice | null;
}
