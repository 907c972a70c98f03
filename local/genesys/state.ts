import { createHmac, randomUUID } from 'node:crypto';
import type { OrgAudit, OrgContact, OrgConversation, Organisation } from './organisation';

/** What can be turned while the simulator runs. Times are in milliseconds. */
export interface SimulatorSettings {
  clientId: string;
  clientSecret: string;
  callsPerMinute: number;
  /** The minute that calls are counted in; less for measurements. */
  rateWindow: number;
  tokenLifetime: number;
  /** How long an analytics job stays unfinished, and when its results are gone. */
  jobDuration: number;
  jobLifetime: number;
  transcodeDuration: number;
  /** How long an archived recording takes to be restored. */
  restoreDuration: number;
  mediaUrlLifetime: number;
  /** Integration of the bulk export. */
  integrationId: string;
  /** Permissions that the client lacks. */
  missingPermissions: string[];
  /** Every call is answered 503. */
  outage: boolean;
  /** Ids that delivering calls leave out while the calls that list know them. */
  hidden: string[];
  /** Longest intervals that a search, an audit query and a bulk job may have, in days. */
  longestSearchDays: number;
  longestAuditDays: number;
  longestBulkDays: number;
  /** A search that finds more fails, and a query with more predicates is refused. */
  mostSearchResults: number;
  mostPredicates: number;
  /** Actions on notes of which audits are kept. */
  noteActions: string[];
  /** Whether listings say that they are not whole. */
  partialResults: boolean;
  /** Divisions of contacts that the client's roles do not cover: nothing of them is shown. */
  inaccessibleDivisions: string[];
  /** How many conversations may be protected from deletion at a time. */
  protectionLimit: number;
  /** Recordings whose transcoding never ends. */
  stuckRecordings: string[];
  /**
   * Bodies that calls and files have in place of their own, whatever they are: the first counts whose
   * regular expression matches `METHOD /path`.
   */
  bodies: { match: string; body: string }[];
}

export const defaultSettings: SimulatorSettings = {
  clientId: 'simulator-client',
  clientSecret: 'simulator-secret',
  callsPerMinute: 300,
  rateWindow: 60_000,
  tokenLifetime: 86_400_000,
  jobDuration: 900,
  jobLifetime: 86_400_000,
  transcodeDuration: 1500,
  restoreDuration: 3000,
  mediaUrlLifetime: 120_000,
  integrationId: 'simulator-integration',
  missingPermissions: [],
  outage: false,
  hidden: [],
  longestSearchDays: 366,
  longestAuditDays: 30,
  longestBulkDays: 366,
  mostSearchResults: 100_000,
  mostPredicates: 200,
  noteActions: ['Create', 'Update', 'Delete'],
  partialResults: false,
  inaccessibleDivisions: [],
  protectionLimit: 1000,
  stuckRecordings: [],
  bodies: [],
};

export interface AnalyticsJob {
  id: string;
  submitted: number;
  results: OrgConversation[];
  broken?: 'jobFailed' | 'jobExpired';
}

/** Puts an object into the bucket of the bulk export. */
export type BucketWriter = (key: string, content: Buffer) => Promise<void>;

/** A job that exports recordings to a bucket. */
export interface BulkJob {
  id: string;
  submitted: number;
  /** When it was executed; null while nobody has. */
  executed: number | null;
  action: 'EXPORT' | 'ARCHIVE';
  recordings: { conversationId: string; recordingId: string }[];
  broken?: 'jobFailed' | 'jobExpired';
}

export interface Batch {
  id: string;
  submitted: number;
  wanted: { conversationId: string; recordingId?: string | undefined }[];
  broken?: 'jobFailed' | 'jobExpired';
}

export interface AuditQuery {
  id: string;
  submitted: number;
  interval: string;
  results: OrgAudit[];
  broken?: 'jobFailed' | 'jobExpired';
}

/** Everything the simulator holds between calls. */
export class SimulatorState {
  readonly jobs = new Map<string, AnalyticsJob>();
  readonly audits = new Map<string, AuditQuery>();
  readonly batches = new Map<string, Batch>();
  readonly bulkJobs = new Map<string, BulkJob>();
  /** When the restoration of a recording was asked for. */
  readonly restorations = new Map<string, number>();
  /** When transcoding of a recording was first asked for, by format. */
  readonly transcodes = new Map<string, number>();
  /** Conversations that are protected from deletion. */
  readonly protectedConversations = new Set<string>();
  private readonly signingKey = randomUUID();
  private readonly conversations: Map<string, OrgConversation>;
  /** Conversations in order of their start, with the starts beside them. */
  private readonly timeline: { start: number; conversation: OrgConversation }[];
  private readonly longest: number;

  constructor(
    readonly organisation: Organisation,
    readonly settings: SimulatorSettings,
    /** Puts an object into the bucket of the bulk export; null without one. */
    readonly bucket: BucketWriter | null = null,
  ) {
    this.conversations = new Map(organisation.conversations.map((c) => [c.id, c]));
    this.timeline = organisation.conversations
      .map((c) => ({ start: Date.parse(c.start), conversation: c }))
      .sort((a, b) => a.start - b.start);
    this.longest = organisation.conversations.reduce((max, c) => Math.max(max, c.seconds), 0);
  }

  /** Whether the client lacks a permission. */
  lacks(permission: string): boolean {
    return this.settings.missingPermissions.includes(permission);
  }

  conversation(id: string): OrgConversation | undefined {
    return this.conversations.get(id);
  }

  /** Conversations that were under way at some time of an interval (milliseconds since 1970). */
  conversationsDuring(from: number, to: number): OrgConversation[] {
    const first = this.indexOfStart(from - this.longest * 1000);
    return this.timeline
      .slice(first, this.indexOfStart(to))
      .filter(({ start, conversation }) => start + conversation.seconds * 1000 >= from)
      .map(({ conversation }) => conversation);
  }

  /** Index of the first conversation that started at a time or after it. */
  private indexOfStart(time: number): number {
    let [low, high] = [0, this.timeline.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.timeline[middle]?.start ?? 0) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Contacts in the divisions that the client may see. */
  get contacts(): OrgContact[] {
    const { inaccessibleDivisions } = this.settings;
    if (inaccessibleDivisions.length === 0) return this.organisation.contacts;
    return this.organisation.contacts.filter(
      ({ divisionId }) => divisionId === null || !inaccessibleDivisions.includes(divisionId),
    );
  }

  contact(id: string): OrgContact | undefined {
    return this.contacts.find((c) => c.id === id || c.mergedFrom.includes(id));
  }

  /** Lets a job or query fail, or lose its results. */
  breakJob(id: string, how: 'jobFailed' | 'jobExpired'): void {
    const job =
      this.jobs.get(id) ?? this.audits.get(id) ?? this.batches.get(id) ?? this.bulkJobs.get(id);
    if (job) job.broken = how;
  }

  /** Adds an expiry and a signature to a path, as a pre-signed URL of S3 has them. */
  sign(path: string, now: Date): string {
    const expires = Math.floor((now.getTime() + this.settings.mediaUrlLifetime) / 1000);
    return `${path}?Expires=${expires}&Signature=${this.signature(path, String(expires))}`;
  }

  isSigned(path: string, query: URLSearchParams, now: Date): boolean {
    const expires = query.get('Expires') ?? '';
    const valid = query.get('Signature') === this.signature(path, expires);
    return valid && Number(expires) * 1000 > now.getTime();
  }

  private signature(path: string, expires: string): string {
    return createHmac('sha256', this.signingKey).update(`${path}\n${expires}`).digest('base64url');
  }
}
