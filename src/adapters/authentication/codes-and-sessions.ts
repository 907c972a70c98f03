import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  checkCode,
  codesStandingOf,
  countAttempt,
  freshCodeState,
  mayIssue,
  withCode,
  withoutWrong,
  type CodeState,
} from '../../core/authentication/codes';
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
  CodesStanding,
  EndedSession,
  KeyStore,
  Session,
} from '../../ports';
import type { StorageConnection } from '../storage/connection';
import { RowMemories, Table, textOf, type StoredRow } from '../storage/table';
import { newToken, TableTokenStore } from './tokens';

const sessionIdleSeconds = 15 * 60;
const endedSessionSeconds = 24 * 3600;
const codeDigits = 8;

/**
 * Invitations, codes and sessions in table `codesAndSessions`. Tokens and codes are stored as hashes. Every check
 * changes its row under the ETag before it answers, so that parallel guesses are counted one by one.
 */
export class TableCodeAndSessionStore implements CodeAndSessionStore {
  private readonly table: Table;
  private readonly sessions: TableTokenStore<Session>;
  private readonly endedSessions: TableTokenStore<EndedSession>;
  private readonly invitations: TableTokenStore<{ requestId: string }>;
  /** Rows of codes as they were read or written last: who asks for one enters it next. */
  private readonly codes = new RowMemories();

  constructor(
    storage: StorageConnection,
    private readonly keys: KeyStore,
    private readonly clock: Clock,
    private readonly policy: StepUpPolicy,
  ) {
    this.table = new Table(storage, 'codesAndSessions');
    this.sessions = new TableTokenStore(storage, 'session', sessionIdleSeconds, clock);
    this.endedSessions = new TableTokenStore(storage, 'endedSession', endedSessionSeconds, clock);
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
      if (!mayIssue(state, purpose, now)) return { answer: { kind: 'tooMany' } };
      const number = state.issued + 1;
      const code = codeOf(codeKey, number);
      const hash = this.keys.keyedHash('code', codeText(requestId, purpose, code));
      return {
        answer: { kind: 'issued', code, number },
        next: withCode(state, purpose, hash, now),
      };
    });
  }

  repeatCode(number: number, codeKey: Buffer): string {
    return codeOf(codeKey, number);
  }

  async checkCode(requestId: string, purpose: CodePurpose, code: string): Promise<CodeCheck> {
    const now = this.now();
    const given = this.keys
      .keyedHashes('code', codeText(requestId, purpose, code))
      .map((hash) => Buffer.from(hash, 'hex'));
    const isSame = (hash: string): boolean =>
      given.some((one) => timingSafeEqual(one, Buffer.from(hash, 'hex')));
    return this.changeCode<CodeCheck>(requestId, (state) => checkCode(state, purpose, isSame, now));
  }

  standing(requestId: string): Promise<CodesStanding> {
    return this.changeCode(requestId, (state) => ({
      answer: codesStandingOf(state, this.now()),
    }));
  }

  async checkByApp(requestId: string, check: () => Promise<boolean>): Promise<CodeCheck> {
    // The attempt counts as wrong first, so that no more are checked than allowed, however many come at once.
    const counted = await this.changeCode<CodeCheck>(requestId, (state) =>
      countAttempt(state, this.now()),
    );
    if (counted === 'lockedOut' || !(await check())) return counted;
    await this.changeCode(requestId, (state) => ({
      answer: null,
      next: withoutWrong(state, 'app'),
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

  endedSession(token: string): Promise<EndedSession | null> {
    return this.endedSessions.get(token);
  }

  async endAll(requestId: string): Promise<void> {
    const rows = await this.table.query(`requestId eq '${requestId}'`);
    for (const { partitionKey = '', rowKey = '' } of rows) {
      if (partitionKey === 'session') await this.leaveWord(requestId, rowKey);
      await this.table.delete(partitionKey, rowKey);
    }
    await this.table.delete('code', requestId);
  }

  /** Leaves of a session that it was one. Its row names no request by which a later `endAll` would find it. */
  private async leaveWord(requestId: string, hash: string): Promise<void> {
    const session = await this.sessions.ofHash(hash);
    if (session === null) return;
    const wasVerified = session.verifiedAt !== null;
    await this.endedSessions.putHash(hash, { requestId, wasVerified });
  }

  private now(): number {
    return this.clock.now().getTime();
  }

  private changeCode<T>(
    requestId: string,
    change: (state: CodeState) => { answer: T; next?: CodeState },
  ): Promise<T> {
    return this.table.update(
      { partitionKey: 'code', rowKey: requestId },
      (row) => {
        const { answer, next } = change(row === null ? freshCodeState : stateOf(row));
        return { result: answer, ...(next ? { columns: { state: JSON.stringify(next) } } : {}) };
      },
      { memory: this.codes.of(requestId) },
    );
  }
}

/** What the keyed hash of a code is of. */
const codeText = (requestId: string, purpose: CodePurpose, code: string): string =>
  `${requestId}\0${purpose}\0${code}`;

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
