import type { TokenCredential } from '@azure/identity';
import { Secret as TotpSecret, TOTP } from 'otpauth';
import { TableCodeAndSessionStore } from '../../src/adapters/authentication/codes-and-sessions';
import { TableAuthenticators } from '../../src/adapters/authentication/totp';
import { VaultKeyStore } from '../../src/adapters/keys/vault-keys';
import { BlobCustodyWitness } from '../../src/adapters/storage/custody-witness';
import { TableLedger } from '../../src/adapters/storage/ledger';
import { mayApprove } from '../../src/core/custody/hand-over';
import { OfficerAuthenticator } from '../../src/functions/officer/authenticator';
import { parseRequestBody } from '../../src/core/api/request-body';
import type { RequestRecord } from '../../src/ports';
import { checkCustody } from '../../src/services/custody';
import { hashKeyOf } from '../../src/services/hash-key';
import { submitRequest } from '../../src/services/submission';
import { TestStorage } from '../helpers/storage';
import { SimulatedVault } from '../helpers/vault';

const credential: TokenCredential = {
  getToken: () => Promise.resolve({ token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 }),
};
const [first, second, third] = [1, 2, 3].map((byte) => Buffer.alloc(32, byte)) as [
  Buffer,
  Buffer,
  Buffer,
];
const now = new Date('2026-11-23T12:00:00Z');
const clock = { now: () => now };
const vault = new SimulatedVault();
let storage: TestStorage;
beforeAll(async () => {
  storage = await TestStorage.start();
});
afterAll(() => storage.stop());

/** The app as it runs with a hash key and those before it. */
function appWith(hashKey: Buffer, ...previousHashKeys: Buffer[]) {
  const keys = new VaultKeyStore({
    ...{ vaultUrl: vault.url, credential, hashKey, previousHashKeys },
    clientOptions: { httpClient: vault, retryOptions: { maxRetries: 0 } },
  });
  const account = storage.connectionString;
  const witness = new BlobCustodyWitness(account);
  const ledger = new TableLedger(account, keys, clock, witness);
  return {
    ...{ keys, ledger, witness },
    codes: new TableCodeAndSessionStore(account, keys, clock, {
      offered: ['sms'],
      isSmsSufficient: true,
    }),
    authenticators: new TableAuthenticators(account, keys, clock, 'Shop'),
    submit: (ticketId: string, email = 'maria@mail.example') => {
      const parsed = parseRequestBody(
        {
          ticketId,
          receivedAt: '2026-11-23T09:00:00+01:00',
          rights: ['access'],
          identifiers: [{ type: 'email', value: email }],
        },
        'DE',
      );
      const organisations = new Map([['main', null]]);
      const settings = {
        estates: 'refuse' as const,
        law: 'gdpr' as const,
        callbacks: { hosts: [] },
      };
      return submitRequest({ clock, keys, ledger, organisations, settings }, parsed);
    },
  };
}
type App = ReturnType<typeof appWith>;

let tickets = 0;
/** A new ticket, posted to the app. */
async function posted(app: App): Promise<{ ticket: string; record: RequestRecord }> {
  tickets += 1;
  const ticket = `T-${tickets}`;
  const outcome = await app.submit(ticket);
  if (outcome.kind !== 'stored') throw new Error('The request was not stored.');
  return { ticket, record: outcome.record };
}

describe('after the hash key was rotated', () => {
  const before = () => appWith(first);
  const after = () => appWith(second, first);
  /** What would be without the list of previous keys. */
  const forgetful = () => appWith(second);

  it('a ticket that is posted again is the request that it was', async () => {
    const { ticket, record } = await posted(before());
    expect(await after().submit(ticket)).toMatchObject({
      ...{ kind: 'stored', isNew: false, record: { requestId: record.requestId } },
    });
    expect(await after().submit(ticket, 'other@mail.example')).toEqual({ kind: 'ticketConflict' });
    const again = await appWith(third, second, first).submit(ticket);
    expect(again).toMatchObject({ isNew: false, record: { requestId: record.requestId } });
    expect(await forgetful().submit(ticket)).toMatchObject({ isNew: true });
  });

  it('an officer who has confirmed an identity is known, and approves no hand-over', async () => {
    const { record } = await posted(before());
    const officer = { id: 'officer-1', name: 'Ms Privacy', roles: [] };
    const guardOf = ({ keys }: App) => new OfficerAuthenticator({ keys } as never);
    const act = guardOf(before()).actionOf(officer, 'Seen.');
    const fact = { event: 'identityChecked' } as const;
    await before().ledger.note(record.requestId, fact, {}, act);
    const { entries } = await after().ledger.custody(record.requestId);
    const other = { ...officer, id: 'officer-2' };
    expect(guardOf(after()).actionOf(officer, '').actor).not.toBe(act.actor);
    expect(mayApprove(entries, guardOf(after()).actorsOf(officer))).toBe(false);
    expect(mayApprove(entries, guardOf(after()).actorsOf(other))).toBe(true);
    expect(mayApprove(entries, guardOf(forgetful()).actorsOf(officer))).toBe(true);
  });

  it('new requests have ids by the new key, which instances with either order of keys recognise', async () => {
    const { ticket, record } = await posted(after());
    const ids = [appWith(first, second), appWith(second), after()].map((app) => app.submit(ticket));
    for (const outcome of await Promise.all(ids))
      expect(outcome).toMatchObject({ isNew: false, record: { requestId: record.requestId } });
    expect(record.hashKeyId).toBe(forgetful().keys.hashKeyId);
    expect(record.hashKeyId).not.toBe(before().keys.hashKeyId);
  });

  it('a code that was sent before is accepted', async () => {
    const codeKey = Buffer.alloc(32, 7);
    const issued = await before().codes.issueCode('r1', 'sms', codeKey);
    const code = issued.kind === 'issued' ? issued.code : '';
    expect(await forgetful().codes.checkCode('r1', 'sms', code)).toBe('wrong');
    expect(await after().codes.checkCode('r1', 'sms', code)).toBe('accepted');
  });

  it('an authenticator app and its recovery codes are accepted, and can be removed', async () => {
    const earlier = before().authenticators;
    const id = await earlier.authenticatorIdOf('main', 'contact-1');
    const { secret } = await earlier.enrol(id);
    const totp = new TOTP({ secret: TotpSecret.fromBase32(secret) });
    const at = (steps: number): string =>
      totp.generate({ timestamp: now.getTime() + steps * 30_000 });
    const recovery = await earlier.confirm(id, at(-1));
    const { authenticators } = after();
    const found = await authenticators.authenticatorIdOf('main', 'contact-1');
    expect(await authenticators.isEnrolled(found)).toBe(true);
    expect(await authenticators.check(found, at(0))).toBe(true);
    expect(await authenticators.check(found, recovery?.[0] ?? '')).toBe(true);
    expect(await authenticators.check(found, recovery?.[0] ?? '')).toBe(false);
    const lost = await forgetful().authenticators.authenticatorIdOf('main', 'contact-1');
    expect(await forgetful().authenticators.isEnrolled(lost)).toBe(false);
    await authenticators.remove(found);
    const next = await authenticators.authenticatorIdOf('main', 'contact-1');
    expect(next).toBe(lost);
    expect(await authenticators.isEnrolled(next)).toBe(false);
  });

  it('custody records are authentic, also those that both keys have written', async () => {
    const { record } = await posted(before());
    const { requestId } = record;
    await after().ledger.note(requestId, { event: 'linkMinted' });
    expect((await checkCustody(after(), requestId)).problems).toEqual([]);
    expect((await checkCustody(forgetful(), requestId)).problems).toEqual([
      'Entry 1 was not written by the app.',
    ]);
    expect((await checkCustody(before(), requestId)).problems).not.toEqual([]);
  });

  it('an open request keeps its pseudonyms and message ids, and a new one has others', async () => {
    const { record } = await posted(before());
    const pseudonym = (app: App, of: RequestRecord) =>
      hashKeyOf(app.keys, of).keyedHash(`agent/${of.requestId}`, 'user-1');
    expect(pseudonym(after(), record)).toBe(pseudonym(before(), record));
    expect(pseudonym(forgetful(), record)).not.toBe(pseudonym(before(), record));
    const { record: next } = await posted(after());
    expect(pseudonym(after(), next)).toBe(pseudonym(forgetful(), next));
  });
});
