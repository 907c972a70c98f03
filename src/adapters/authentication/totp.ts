import { Secret, TOTP } from 'otpauth';
import { randomBytes } from 'node:crypto';
import {
  afterCode,
  confirmed,
  unconfirmed,
  type AuthenticatorState,
} from '../../core/authentication/authenticator';
import type { Authenticators, Clock, Enrolment, KeyStore } from '../../ports';
import type { StorageConnection } from '../storage/connection';
import { Table, textOf, type StoredRow } from '../storage/table';

const partition = 'totp';
/** Steps of 30 seconds before and after the present one whose codes are accepted as well. */
const window = 1;
const recoveryCodes = 10;
/** Crockford's base 32, without letters that are mistaken for digits. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * Authenticator apps (RFC 6238: SHA-1, six digits, 30 seconds) in table `authenticators`. The key store
 * encrypts the secret. The key of a row is a keyed hash of the contact; the row outlives the request.
 */
export class TableAuthenticators implements Authenticators {
  private readonly table: Table;

  constructor(
    storage: StorageConnection,
    private readonly keys: KeyStore,
    private readonly clock: Clock,
    private readonly issuer: string,
  ) {
    this.table = new Table(storage, 'authenticators');
  }

  async authenticatorIdOf(organisation: string, contactId: string): Promise<string> {
    const [present = '', ...others] = this.keys
      .keyedHashes('authenticator', `${organisation}\0${contactId}`)
      .map((hash) => hash.slice(0, 40));
    for (const id of others) {
      if ((await this.table.get(partition, id, ['PartitionKey'])) !== null) return id;
    }
    return present;
  }

  async isEnrolled(authenticatorId: string): Promise<boolean> {
    const row = await this.table.get(partition, authenticatorId);
    return row !== null && stateOf(row).isConfirmed;
  }

  async enrol(authenticatorId: string): Promise<Enrolment> {
    const secret = new Secret({ size: 20 });
    const encrypted = await this.keys.encryptWithMasterKey(
      secret.base32,
      `totp/${authenticatorId}`,
    );
    await this.table.put([
      {
        partitionKey: partition,
        rowKey: authenticatorId,
        secret: encrypted,
        state: JSON.stringify(unconfirmed),
      },
    ]);
    return { secret: secret.base32, uri: this.totp(secret.base32).toString() };
  }

  async confirm(authenticatorId: string, code: string): Promise<string[] | null> {
    const codes = Array.from({ length: recoveryCodes }, recoveryCode);
    const recovery = codes.map((one) => this.recoveryHash(authenticatorId, one));
    const isConfirmed = await this.change(authenticatorId, (state, secret) =>
      confirmed(state, this.stepOf(secret, code), recovery),
    );
    return isConfirmed ? codes : null;
  }

  check(authenticatorId: string, code: string): Promise<boolean> {
    return this.change(authenticatorId, (state, secret) =>
      afterCode(state, code, {
        stepOf: (given) => this.stepOf(secret, given),
        hashesOf: (given) => this.keys.keyedHashes('recovery', `${authenticatorId}\0${given}`),
      }),
    );
  }

  async remove(authenticatorId: string): Promise<void> {
    await this.table.delete(partition, authenticatorId);
  }

  private totp(secret: string): TOTP {
    return new TOTP({ issuer: this.issuer, label: this.issuer, secret: Secret.fromBase32(secret) });
  }

  /** The step that the code belongs to; null for a wrong code. */
  private stepOf(secret: string, code: string): number | null {
    const totp = this.totp(secret);
    const timestamp = this.clock.now().getTime();
    const delta = totp.validate({ token: code, timestamp, window });
    return delta === null ? null : totp.counter({ timestamp }) + delta;
  }

  private recoveryHash(authenticatorId: string, code: string): string {
    return this.keys.keyedHash('recovery', `${authenticatorId}\0${code}`);
  }

  /** Changes the state of an authenticator if the check gives a new one. Returns whether it does. */
  private change(
    authenticatorId: string,
    check: (state: AuthenticatorState, secret: string) => AuthenticatorState | null,
  ): Promise<boolean> {
    const key = { partitionKey: partition, rowKey: authenticatorId };
    return this.table.update(key, async (row) => {
      const encrypted = row && textOf(row, 'secret');
      if (row === null || !encrypted) return { result: false };
      const secret = await this.keys.decryptWithMasterKey(encrypted, `totp/${authenticatorId}`);
      const next = check(stateOf(row), secret);
      return next === null
        ? { result: false }
        : { result: true, columns: { secret: encrypted, state: JSON.stringify(next) } };
    });
  }
}

const stateOf = (row: StoredRow): AuthenticatorState =>
  JSON.parse(textOf(row, 'state') ?? '{}') as AuthenticatorState;

/** Ten characters of five random bits each. */
const recoveryCode = (): string => [...randomBytes(10)].map((byte) => alphabet[byte & 31]).join('');
