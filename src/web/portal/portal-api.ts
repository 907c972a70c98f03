import type { Statement } from '../../core/package/availability-statements';
import type { StepUpMethod } from '../../core/authentication/step-up';
import type { HistoryLine } from '../../core/custody/record';
import type { Locales } from '../../core/i18n/translator';
import type { ProcessingView } from '../../core/package/processing';
import type { ItemKind } from '../../core/package/items';
import { request } from '../shared/api';

/** What the server says about the request of this session. */
export interface View {
  controller: string;
  contact: string;
  hasLogo: boolean;
  locale?: string;
  timeZone?: string;
  step: 'verify' | 'noAuthenticationMethod' | 'progress' | 'download' | 'ended';
  methods?: StepUpMethod[];
  digits?: string | null;
  isSecond?: boolean;
  isAgain?: boolean;
  state?: string;
  progress?: Record<ItemKind, { expected: number; exported: number }>;
  minutesLeft?: number | null;
  statements?: Statement[] | null;
  processing?: ProcessingView | null;
  packageBytes?: number | null;
  availableUntil?: string | null;
  isOver?: boolean;
  canEnrol?: boolean;
  history?: HistoryLine[];
}

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
