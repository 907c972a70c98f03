import type { InboxMessage } from './inbox/inbox';

/** What the portal answers, as far as the demo and the tests read it. */
export interface PortalView {
  step: string;
  phone?: string;
  state?: string;
  [field: string]: unknown;
}

export class PortalRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(`The portal answered ${status} ${code}.`);
  }
}

/** The link of the newest mail to an address that has one; null when there is none yet. */
export function linkFrom(messages: InboxMessage[], address: string): string | null {
  const links = messages
    .filter(({ kind, to }) => kind === 'email' && to === address)
    .flatMap(({ text }) => /https?:\/\/\S+\/portal#\S+/.exec(text)?.[0] ?? []);
  return links.at(-1) ?? null;
}

/** The code of the newest text message to a number; null when there is none yet. */
export const codeFrom = (messages: InboxMessage[], number: string): string | null => {
  const texts = messages.filter(({ kind, to }) => kind === 'sms' && to === number);
  return /^\d{8}/.exec(texts.at(-1)?.text ?? '')?.[0] ?? null;
};

/** A link to the package. */
export interface DownloadLink {
  url: string;
  expiresAt: string;
  etag: string;
  bytes: number;
}

/** Plays the person: does over HTTP what their browser does on the portal's page. */
export class Subject {
  /**
   * @param send makes the calls
   * @param cookies that the browser has already
   */
  constructor(
    private readonly origin: string,
    private readonly send: (url: URL, init: RequestInit) => Promise<Response> = fetch,
    private readonly cookies = new Map<string, string>(),
  ) {}

  /** @throws PortalRefusal with the portal's code when it refuses */
  async call<T = PortalView>(method: 'GET' | 'POST', path: string, body: unknown = {}): Promise<T> {
    const response = await this.fetch(`/portal/api/${path}`, {
      method,
      headers: {
        Origin: this.origin,
        ...(method === 'POST' ? { 'Content-Type': 'application/json' } : {}),
      },
      ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
    });
    const answer = (await response.json()) as T & { code?: string };
    if (!response.ok) throw new PortalRefusal(response.status, answer.code ?? '');
    return answer;
  }

  /** Fetches an address of the portal with the cookies of this browser, and keeps what it sets. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await this.send(new URL(path, this.origin), {
      ...init,
      redirect: 'manual',
      headers: {
        ...(init.headers as Record<string, string>),
        ...(cookie === '' ? {} : { cookie }),
      },
    });
    for (const one of response.headers.getSetCookie()) {
      const [pair = ''] = one.split(';');
      const at = pair.indexOf('=');
      this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  }

  /** Opens the invitation's link. The token stands behind the `#`, which browsers do not send. */
  open(link: string): Promise<PortalView> {
    return this.call('POST', 'open', { token: new URL(link).hash.slice(1) });
  }

  verify(code: string, method: 'sms' | 'totp' | 'officer' = 'sms'): Promise<PortalView> {
    return this.call('POST', 'verify', { method, code });
  }

  /** A link to download by, as a browser without the page would follow it. */
  link(by: 'page' | 'browser' = 'browser'): Promise<DownloadLink> {
    return this.call('POST', 'download', { by });
  }
}
