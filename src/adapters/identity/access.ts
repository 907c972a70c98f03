import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import type { Access, Clock, CodeCheck, KeyStore, Session } from '../../ports';
import { Table, textOf, type Row } from '../storage/tables';

const codeLifetime = 10 * 60_000;
const triesPerCode = 5;
/** Codes that may be sent, and the time in which. */
const codesPerPeriod = 5;
const codePeriod = 3_600_000;
/** After this many wrong tries in all, no code is taken for a day. */
const triesBeforeLockOut = 15;
const lockOut = 24 * 3_600_000;
const sessionIdle = 15 * 60_000;

interface CodeState {
  hash: string | null;
  expires: number;
  tries: number;
  wrongInAll: number;
  lockedUntil: number;
  sent: number[];
}

const freshCodeState: CodeState = {
  hash: null,
  expires: 0,
  tries: 0,
  wrongInAll: 0,
  lockedUntil: 0,
  sent: [],
};

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/**
 * Invitations, codes and sessions in table `access`. Tokens and codes are stored as hashes; every
 * check changes its row under the ETag before it answers, so parallel guesses count one by one.
 */
export class TableAccess implements Access {
  private readonly table: Table;

  constructor(
    connectionString: string,
    private readonly keys: KeyStore,
    private readonly clock: Clock,
  ) {
    this.table = new Table(connectionString, 'access');
  }

  async putInvitation(requestId: string, token: string): Promise<void> {
    await this.table.put([{ partitionKey: 'invitation', rowKey: hashOf(token), requestId }]);
  }

  async invitation(token: string): Promise<string | null> {
    const row = await this.table.get('invitation', hashOf(token));
    return row === null ? null : String(row['requestId']);
  }

  async issueCode(requestId: string): Promise<{ code: string } | null> {
    const code = String(randomInt(100_000_000)).padStart(8, '0');
    const now = this.now();
    return this.changeCode(requestId, (state) => {
      const sent = state.sent.filter((time) => time > now - codePeriod);
      if (sent.length >= codesPerPeriod || state.lockedUntil > now) return { answer: null };
      return {
        answer: { code },
        next: {
          ...state,
          hash: this.codeHash(requestId, code),
          expires: now + codeLifetime,
          tries: 0,
          sent: [...sent, now],
        },
      };
    });
  }

  async checkCode(requestId: string, code: string): Promise<CodeCheck> {
    const now = this.now();
    const given = Buffer.from(this.codeHash(requestId, code), 'hex');
    return this.changeCode<CodeCheck>(requestId, (state) => {
      if (state.lockedUntil > now) return { answer: 'lockedOut' };
      if (state.hash === null || state.expires <= now || state.tries >= triesPerCode)
        return { answer: 'expired' };
      if (timingSafeEqual(given, Buffer.from(state.hash, 'hex'))) {
        return { answer: 'accepted', next: { ...state, hash: null, wrongInAll: 0 } };
      }
      const wrongInAll = state.wrongInAll + 1;
      const isLockedOut = wrongInAll >= triesBeforeLockOut;
      const next = {
        ...state,
        tries: state.tries + 1,
        wrongInAll: isLockedOut ? 0 : wrongInAll,
        lockedUntil: isLockedOut ? now + lockOut : 0,
      };
      return { answer: isLockedOut ? 'lockedOut' : 'wrong', next };
    });
  }

  async startSession(session: Session): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await this.table.put([sessionRow(token, session, this.now() + sessionIdle)]);
    return token;
  }

  async session(token: string): Promise<Session | null> {
    const row = await this.table.get('session', hashOf(token));
    if (row === null || Number(row['expires']) <= this.now()) return null;
    const session: Session = {
      requestId: String(row['requestId']),
      verifiedAt: textOf(row, 'verifiedAt'),
    };
    // A lost race only means that another use has kept the session alive, or ended it.
    await this.table.replace(sessionRow(token, session, this.now() + sessionIdle), row.etag);
    return session;
  }

  async endSession(token: string): Promise<void> {
    await this.table.delete('session', hashOf(token));
  }

  async endAll(requestId: string): Promise<void> {
    const rows = await this.table.query(`requestId eq '${requestId}'`);
    for (const row of rows) await this.table.delete(row.partitionKey ?? '', row.rowKey ?? '');
    await this.table.delete('code', requestId);
  }

  private now(): number {
    return this.clock.now().getTime();
  }

  private codeHash(requestId: string, code: string): string {
    return this.keys.keyedHash('code', `${requestId}\0${code}`);
  }

  private async changeCode<T>(
    requestId: string,
    make: (state: CodeState) => { answer: T; next?: CodeState },
  ): Promise<T> {
    for (;;) {
      const row = await this.table.get('code', requestId);
      const state = row === null ? freshCodeState : (JSON.parse(String(row['state'])) as CodeState);
      const { answer, next } = make(state);
      if (!next) return answer;
      const target: Row = { partitionKey: 'code', rowKey: requestId, state: JSON.stringify(next) };
      const written =
        row === null ? await this.table.insert(target) : await this.table.replace(target, row.etag);
      if (written) return answer;
    }
  }
}

const sessionRow = (token: string, session: Session, expires: number): Row => ({
  partitionKey: 'session',
  rowKey: hashOf(token),
  requestId: session.requestId,
  ...(session.verifiedAt === null ? {} : { verifiedAt: session.verifiedAt }),
  expires: String(expires),
});
