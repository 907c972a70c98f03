import type { Statement } from '../../core/package/availability-report';
import type { HistoryLine } from '../../core/custody/record';
import type { ItemKind } from '../../core/package/items';
import type { StepUpMethod } from '../../core/authentication/step-up';
import type { Locales } from '../../core/i18n/translator';

/** What the portal's server says about the request at hand. */
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

/** The server has said no, with a code that the page has words for. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(code);
  }
}

/** Calls the portal's server. The session is a cookie that no script sees. */
export async function call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
  const response = await fetch(`/portal/api/${path}`, {
    method,
    credentials: 'same-origin',
    ...(method === 'POST'
      ? { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body ?? {}) }
      : {}),
  });
  const answer = (await response.json().catch(() => ({}))) as T & { code?: string };
  if (response.ok) return answer;
  throw new Refusal(response.status, answer.code ?? 'unknown');
}

export const getLink = (by: 'page' | 'browser'): Promise<DownloadLink> =>
  call('POST', 'download', { by });

export const loadLocales = async (): Promise<Locales> =>
  (await fetch('/portal/languages.json')).json() as Promise<Locales>;
