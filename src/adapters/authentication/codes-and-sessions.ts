import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  isSufficient,
  type StepUpMethod,
  type StepUpPolicy,
} from '../../core/authentication/step-up';
import type {
  CodeAndSessionStore,
  Clock,
  CodeCheck,
  CodeIssue,
  CodePurpose,
  KeyStore,
  Session,
} from '../../ports';
import type { StorageConnection } from '../storage/connection';
import { Table, textOf, type StoredRow } from '../storage/table';
import { newToken, TableTokenStore } from './tokens';

const triesPerCode = 5;
/** Codes that are issued for one request in a period. */
const codesPerPeriod = 5;
const codePeriod = 3_600_000;
/** After this many wrong attempts in all, no code is accepted for a day. */
const triesBeforeLockOut = 15;
const lockOut = 24 * 3_600_000;
const sessionIdleSeconds = 15 * 60;
const codeDigits = 8;
/** Milliseconds for which a code is valid, by who hands it over. */
const codeLifetime: Record<CodePurpose, number> = { sms: 10 * 60_000, officer: 60 * 60_000 };

interface CodeState {
  /** Valid codes, by who hands them over. */
  codes: Partial<Record<CodePurpose, { hash: string; expires: number; tries: number }>>;
  /** Number of codes so far, from which the number of the next follows. */
  issued: number;
  wrongInAll: number;
  lockedUntil: number;
  sent: number[];
}

const freshCodeState: CodeState = { codes: {}, issued: 0, wrongInAll: 0, lockedUntil: 0, sent: [] };

/**
 * Invitations, codes and sessions in table `codesAndSessions`. Tokens and codes are stored as hashes. Every check
 * changes its row under the ETag before it answers, so that parallel guesses are counted one by one.
 */
export class TableCodeAndSessionStore implements CodeAndSessionStore {
  private readonly table: Table;
  private readonly sessions: TableTokenStore<Session>;
  private readonly invitations: TableTokenStore<{ requestId: string }>;

  constructor(
    storage: StorageConnection,
    private readonly keys: KeyStore,
    private readonly clock: Clock,
    private readonly policy: StepUpPolicy,
  ) {
    this.table = new Table(storage, 'codesAndSessions');
    this.sessions = new TableTokenStore(storage, 'session', sessionIdleSeconds, clock);
    this.invitations = new TableTokenStore(storage, 'invitation', null, clock);
  }

  async putInvitation(requestId: string, token: string): Promise<void> {
    await this.invitations.put(token, { requestId }, requestId);
  }

  async invitation(token: string): Promise<string | null> {
    return (await this.invitations.get(token))?.requestId ?? null;
  }

  async issueCode(requestId: string, purpose: CodePurpose, codeKey: Buffer): Promise<CodeIssue> {
    const now = this.now();
    return this.changeCode<CodeIssue>(requestId, (state) => {
      const sent = state.sent.filter((time) => time > now - codePeriod);
      if (sent.length >= codesPerPeriod || state.lockedUntil > now)
        return { answer: { kind: 'tooMany' } };
      const number = state.issued + 1;
      const code = codeOf(codeKey, number);
      const expires = now + codeLifetime[purpose];
      const hash = this.codeHash(requestId, purpose, code);
      return {
        answer: { kind: 'issued', code, number },
        next: {
          ...state,
          issued: number,
          codes: { ...state.codes, [purpose]: { hash, expires, tries: 0 } },
          sent: [...sent, now],
        },
      };
    });
  }

  repeatCode(number: number, codeKey: Buffer): string {
    return codeOf(codeKey, number);
  }

  async hasCode(requestId: string, purpose: CodePurpose): Promise<boolean> {
    return this.changeCode(requestId, ({ codes }) => ({
      answer: (codes[purpose]?.expires ?? 0) > this.now(),
    }));
  }

  async checkCode(requestId: string, purpose: CodePurpose, code: string): Promise<CodeCheck> {
    const now = this.now();
    const given = Buffer.from(this.codeHash(requestId, purpose, code), 'hex');
    return this.changeCode<CodeCheck>(requestId, (state) => {
      if (state.lockedUntil > now) return { answer: 'lockedOut' };
      const stored = state.codes[purpose];
      if (!stored || stored.expires <= now || stored.tries >= triesPerCode)
        return { answer: 'expired' };
      if (timingSafeEqual(given, Buffer.from(stored.hash, 'hex'))) {
        const { [purpose]: _used, ...codes } = state.codes;
        return { answer: 'accepted', next: { ...state, codes, wrongInAll: 0 } };
      }
      const tries = stored.tries + 1;
      return this.wrong({ ...state, codes: { ...state.codes, [purpose]: { ...stored, tries } } });
    });
  }

  async checkByApp(requestId: string, check: () => Promise<boolean>): Promise<CodeCheck> {
    // The attempt counts as wrong first, so that no more are checked than allowed, however many come at once.
    const counted = await this.changeCode<CodeCheck>(requestId, (state) =>
      state.lockedUntil > this.now() ? { answer: 'lockedOut' } : this.wrong(state),
    );
    if (counted === 'lockedOut' || !(await check())) return counted;
    await this.changeCode(requestId, (state) => ({
      answer: null,
      next: { ...state, wrongInAll: 0 },
    }));
    return 'accepted';
  }

  async startSession(requestId: string, completedMethods: StepUpMethod[]): Promise<string> {
    const token = newToken();
    await this.sessions.put(token, this.sessionOf(requestId, completedMethods), requestId);
    return token;
  }

  session(token: string): Promise<Session | null> {
    return this.sessions.touch(token);
  }

  sessionOf(requestId: string, completedMethods: StepUpMethod[]): Session {
    const verifiedAt = isSufficient(completedMethods, this.policy)
      ? this.clock.now().toISOString()
      : null;
    return { requestId, completedMethods, verifiedAt };
  }

  async endSession(token: string): Promise<void> {
    await this.sessions.delete(token);
  }

  async endAll(requestId: string): Promise<void> {
    const rows = await this.table.query(`requestId eq '${requestId}'`);
    for (const row of rows) await this.table.delete(row.partitionKey ?? '', row.rowKey ?? '');
    await this.table.delete('code', requestId);
  }

  private now(): number {
    return this.clock.now().getTime();
  }

  /** Counts a wrong attempt; one too many locks the request out. */
  private wrong(state: CodeState): { answer: CodeCheck; next: CodeState } {
    const wrongInAll = state.wrongInAll + 1;
    const isLockedOut = wrongInAll >= triesBeforeLockOut;
    return {
      answer: isLockedOut ? 'lockedOut' : 'wrong',
      next: {
        ...state,
        wrongInAll: isLockedOut ? 0 : wrongInAll,
        lockedUntil: isLockedOut ? this.now() + lockOut : 0,
      },
    };
  }

  private codeHash(requestId: string, purpose: CodePurpose, code: string): string {
    return this.keys.keyedHash('code', `${requestId}\0${purpose}\0${code}`);
  }

  private changeCode<T>(
    requestId: string,
    change: (state: CodeState) => { answer: T; next?: CodeState },
  ): Promise<T> {
    return this.table.update({ partitionKey: 'code', rowKey: requestId }, (row) => {
      const { answer, next } = change(row === null ? freshCodeState : stateOf(row));
      return { result: answer, ...(next ? { columns: { state: JSON.stringify(next) } } : {}) };
    });
  }
}

const stateOf = (row: StoredRow): CodeState =>
  JSON.parse(textOf(row, 'state') ?? '{}') as CodeState;

/**
 * The n-th code of a request. It is derived from the request's key, so that a repeated message carries
 * the same code. The digits are taken as in HOTP (RFC 4226 section 5.3), from 48 bits.
 */
function codeOf(codeKey: Buffer, number: number): string {
  const bits = createHmac('sha256', codeKey).update(`code\0${number}`).digest().readUIntBE(0, 6);
  return String(bits % 10 ** codeDigits).padStart(codeDigits, '0');
}
