import type { Statement } from '../../core/package/availability-statements';
import type { StepUpMethod } from '../../core/authentication/step-up';
import type { HistoryLine } from '../../core/custody/record';
import type { Locales } from '../../core/i18n/translator';
import type { Inventory } from '../../core/package/inventory';
import type { ProcessingView } from '../../core/package/processing';
import type { ItemKind } from '../../core/package/items';
import type { TimeLeft } from '../../core/request/estimate';
import type { Law } from '../../core/request/legal-clock';
import type { EndState, RequestState } from '../../core/request/states';
import type { IdentifierType } from '../../core/subject/identifiers';
import { request } from '../shared/api';

/** How far the export of one kind has come. */
export interface KindProgress {
  expected: number;
  exported: number;
  pending: number;
}

interface CommonView {
  /** Language and time zone of the person, once they are known. */
  locale?: string;
  timeZone?: string;
}

/** The person has to confirm that it is them. */
export interface VerifyView extends CommonView {
  step: 'verify';
  methods: StepUpMethod[];
  /** The number that codes go to, masked but for its last two digits. */
  digits: string | null;
  isCodeSent: boolean;
  lockedUntil: Partial<Record<StepUpMethod, string>>;
  isSecond: boolean;
  isAgain: boolean;
}

/** What is shown of a request after the step-up, whatever its state. */
interface RequestView extends CommonView {
  state: RequestState;
  /** By which the person's rights are named. */
  law: Law;
  reference: string;
  history: HistoryLine[];
}

export interface ProgressView extends RequestView {
  step: 'progress';
  progress: Record<ItemKind, KindProgress>;
  timeLeft: TimeLeft;
}

export interface ReadyView extends RequestView {
  step: 'download';
  inventory: Inventory | null;
  statements: Statement[] | null;
  processing: ProcessingView | null;
  packageBytes: number | null;
  availableUntil: string;
  isOver: boolean;
  canEnrol: boolean;
}

export interface EndedView extends RequestView {
  step: 'ended';
  state: EndState;
  reasonCode: string;
  /** What an officer has written for the person; null for nothing. */
  explanation: string | null;
  endedAt: string;
  availableUntil: string | null;
  searched: { from: string; to: string } | null;
  identifiers: { type: IdentifierType; masked: string }[];
}

/** What the server says about the request of this session. */
export type View =
  | VerifyView
  | ProgressView
  | ReadyView
  | EndedView
  | (CommonView & { step: 'noAuthenticationMethod' })
  /** The request is being ended, and nobody has confirmed yet that it is theirs. */
  | (CommonView & { step: 'ended'; state?: never });

export interface DownloadLink {
  url: string;
  expiresAt: string;
  etag: string;
  minutes: number;
  bytes: number;
}

/** Calls the portal's server. */
export const call = <T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> =>
  request(method, `/portal/api/${path}`, body);

export const getLink = (by: 'page' | 'browser'): Promise<DownloadLink> =>
  call('POST', 'download', { by });

export const loadLocales = (): Promise<Locales> => request('GET', '/portal/languages.json');
