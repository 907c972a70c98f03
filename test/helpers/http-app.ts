import { join } from 'node:path';
import { clients, strongAcr, tenant } from '../../local/identity/clients';
import { Subject } from '../../local/portal-client';
import type * as StorageTable from '../../src/adapters/storage/table';
import type { AppContext } from '../../src/composition/app-context';
import type * as Composition from '../../src/composition/compose';
import type * as AppReadiness from '../../src/composition/readiness';
import type * as Configuration from '../../src/config/config';
import type * as Errors from '../../src/core/errors';
import type { OfficerRole } from '../../src/core/authentication/officer-roles';
import type { Email, Notifier, TextMessage } from '../../src/ports';
import type * as Registration from '../../src/registration';
import { Directory } from './directory';
import { functionKey, HttpFunctions, type Call } from './http-functions';
import { outside } from './outside-jest';
import { TaskHub } from './task-hub';
import { endAccount, startAccount, type TestAccount } from './test-account';

export const portalOrigin = 'http://127.0.0.1:7071';
/** Name of the cookie with the token of a session at the portal. */
export const sessionCookie = '__Host-session';

/** A clock that stands still until a test moves it. */
export class TestClock {
  private time = Date.parse('2026-11-23T12:00:00.000Z');

  now = (): Date => new Date(this.time);

  advance(milliseconds: number): void {
    this.time += milliseconds;
  }
}

/** Keeps messages in memory, in place of a mail server and a gateway. */
export class Mailbox implements Notifier {
  readonly emails: Email[] = [];
  readonly texts: TextMessage[] = [];
  /** What becomes of the next messages. */
  answer: 'accepted' | 'notNow' | 'refused' = 'accepted';

  email(message: Email): Promise<void> {
    return this.take(this.emails, message);
  }

  sms(message: TextMessage): Promise<void> {
    return this.take(this.texts, message);
  }

  /** The code in the newest text message to a number. */
  codeOf(number: string): string {
    const text = this.texts.findLast(({ to }) => to === number)?.text ?? '';
    return /^\d{8}/.exec(text)?.[0] ?? '';
  }

  private take<T>(messages: T[], message: T): Promise<void> {
    const { MessageNotAcceptedError, MessageRefusedError } =
      outside.app<typeof Errors>('core/errors');
    if (this.answer === 'notNow') return Promise.reject(new MessageNotAcceptedError('Not now.'));
    if (this.answer === 'refused') return Promise.reject(new MessageRefusedError('Not there.'));
    messages.push(message);
    return Promise.resolve();
  }
}

const settingsOf = (storage: TestAccount, issuer: string): Record<string, string> => ({
  // Nothing here calls Genesys Cloud.
  GENESYS_GATEWAY_URL: 'http://127.0.0.1:9',
  GENESYS_CLIENT_ID: 'nobody',
  GENESYS_CLIENT_SECRET: 'nothing',
  STORAGE_CONNECTION_STRING: storage.connectionString,
  STORAGE_LOG_FILE: storage.log,
  LOCAL_KEY_FILE: join(storage.folder, 'key'),
  PORTAL_ORIGIN: portalOrigin,
  OFFICER_ISSUER: issuer,
  OFFICER_TENANT: tenant,
  OFFICER_CLIENT_ID: clients.officers.id,
  OFFICER_CLIENT_SECRET: clients.officers.secret,
  OFFICER_ACR: strongAcr,
  OFFICER_AMR: 'mfa',
  CUSTOMER_LOGIN_ISSUER: issuer,
  CUSTOMER_LOGIN_CLIENT_ID: clients.customers.id,
  CUSTOMER_LOGIN_CLIENT_SECRET: clients.customers.secret,
  CUSTOMER_LOGIN_ACR: strongAcr,
  STEP_UP_METHODS: 'sms,totp,oidc',
  SMTP_URL: 'smtp://127.0.0.1:9',
  MAIL_FROM: 'privacy@shop.example',
  SMS_GATEWAY_URL: 'http://127.0.0.1:9/sms',
  EMAILS_PER_MINUTE: '1000',
  EMAILS_PER_HOUR: '10000',
  TEXT_MESSAGES_PER_MINUTE: '1000',
  CONTROLLER_NAME: 'Example Mail Order',
  CONTROLLER_CONTACT: 'privacy@shop.example',
});

/** An answer of the app, read. */
export interface Answer<T = Record<string, unknown>> {
  status: number;
  /** Code of a problem; undefined of an answer that is none. */
  code: string | undefined;
  body: T;
  headers: Headers;
}

/** Reads an answer whose body is JSON. */
export async function read<T = Record<string, unknown>>(response: Response): Promise<Answer<T>> {
  const body = (await response.json()) as T & { code?: string };
  const { status, headers } = response;
  return { status, headers, body, code: response.ok ? undefined : body.code };
}

export type Readiness = ReturnType<typeof AppReadiness.readinessServicesOf>;

export interface HttpAppOptions {
  /** Puts something between the app and storage; returns the app's connection string. */
  between?: (connectionString: string) => Promise<string>;
  /** Changes parts of the app. */
  having?: (parts: AppContext) => Partial<AppContext>;
  /** Changes what the app examines to say whether it is ready. */
  examining?: (services: Readiness) => Readiness;
}

/**
 * The whole compiled app, loaded once for all test files of a jest worker, its HTTP functions called
 * without a host: with storage in Azurite, a key store, a directory of officers and a login in this
 * process, a task hub that runs nothing, messages in memory, and a clock that a test moves.
 */
export class HttpApp {
  private addresses = 0;

  private constructor(
    readonly functions: HttpFunctions,
    /** The same parts that the app is composed of, to arrange and to look at what is stored. */
    readonly parts: AppContext,
    readonly clock: TestClock,
    readonly mailbox: Mailbox,
    readonly hub: TaskHub,
    readonly directory: Directory,
    readonly storage: TestAccount,
  ) {}

  /** @param change of the settings */
  static async start(
    change: Record<string, string> = {},
    {
      between = (same) => Promise.resolve(same),
      having = () => ({}),
      examining = (same) => same,
    }: HttpAppOptions = {},
  ): Promise<HttpApp> {
    const [storage, hub, directory] = await Promise.all([
      startAccount(),
      TaskHub.start(),
      Directory.start(),
    ]);
    const clock = new TestClock();
    const mailbox = new Mailbox();
    const settings = { ...settingsOf(storage, directory.issuer), ...change };
    const { compose } = outside.app<typeof Composition>('composition/compose');
    const { loadConfig } = outside.app<typeof Configuration>('config/config');
    const { readinessServicesOf } = outside.app<typeof AppReadiness>('composition/readiness');
    const { registerFunctions } = outside.app<typeof Registration>('registration');
    const composed = (config: Configuration.Config): AppContext =>
      compose(config, { clock, mailer: mailbox, texter: mailbox });
    const reached = await between(storage.connectionString);
    const config = loadConfig({ ...settings, STORAGE_CONNECTION_STRING: reached });
    const app = composed(config);
    const readiness = examining(readinessServicesOf(app, config, settings));
    const functions = new HttpFunctions(
      portalOrigin,
      () => hub.binding,
      () => registerFunctions({ ...app, ...having(app) }, { version: '1.2.3', readiness }),
    );
    const parts = composed(loadConfig(settings));
    return new HttpApp(functions, parts, clock, mailbox, hub, directory, storage);
  }

  async stop(): Promise<void> {
    // The next test file has the same classes.
    jest.restoreAllMocks();
    endAccount(this.storage);
    await Promise.all([this.hub.stop(), this.directory.stop()]);
  }

  /** A table of the app. */
  table(name: string): StorageTable.Table {
    const { Table } = outside.app<typeof StorageTable>('adapters/storage/table');
    return new Table(this.storage.connectionString, name);
  }

  fetch(path: string, call: Call = {}): Promise<Response> {
    return this.functions.fetch(path, call);
  }

  /** Sends JSON, or a text as it is. */
  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return this.fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  /** The ticketing system's call. */
  submit(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return this.post('/api/requests', body, { 'x-functions-key': functionKey, ...headers });
  }

  /** Headers of an officer with these roles. */
  async bearer(...roles: OfficerRole[]): Promise<{ Authorization: string }> {
    const token = await this.directory.accessToken({ oid: 'officer-1', name: 'Ms Privacy', roles });
    return { Authorization: `Bearer ${token}` };
  }

  /**
   * Somebody with a browser of their own, at an address of their own.
   * @param session token of the session at the portal that the browser has already
   */
  browser(session?: string): Subject {
    this.addresses += 1;
    const address = `198.51.${this.addresses >> 8}.${this.addresses & 255}:40000`;
    const send = (url: URL, { method, headers, body }: RequestInit): Promise<Response> =>
      this.fetch(url.pathname + url.search, {
        ...(method === undefined ? {} : { method }),
        headers: Object.fromEntries(new Headers(headers)),
        ...(typeof body === 'string' ? { body } : {}),
        address,
      });
    const cookies = new Map(session === undefined ? [] : [[sessionCookie, session]]);
    return new Subject(portalOrigin, send, cookies);
  }
}
