import { randomUUID } from 'node:crypto';
import type { StepUpMethod } from '../../src/core/authentication/step-up';
import { noStatutoryNotices } from '../../src/core/messages/statutory-notices';
import { newRequest } from '../../src/core/request/record';
import type { Contact } from '../../src/core/subject/contact';
import type { DoubtfulConversation } from '../../src/core/subject/doubtful';
import type { Law } from '../../src/core/request/legal-clock';
import type { RequestState } from '../../src/core/request/states';
import type { CustodyEntry } from '../../src/core/custody/record';
import type { RequestChange, RequestDetails, RequestRecord } from '../../src/ports';
import type * as Doubtful from '../../src/services/doubtful';
import type { Subject } from '../../local/portal-client';
import { type PortalView } from '../../local/portal-client';
import type { HttpApp } from './http-app';
import { outside } from './outside-jest';

const { DoubtfulConversations } = outside.app<typeof Doubtful>('services/doubtful');

/** States that a request comes to after the person has verified their identity. */
const verified: readonly RequestState[] = [
  ...(['identifying', 'exporting', 'packaging', 'failed'] as const),
  ...(['available', 'delivered', 'expired', 'recalled'] as const),
];
/** States that a request comes to after the person has been invited. */
const invited: readonly RequestState[] = ['awaitingVerification', ...verified];
/** States that a request comes to after its package has been released. */
const released: readonly RequestState[] = ['available', 'delivered', 'expired', 'recalled'];
const reasons: Partial<Record<RequestState, string>> = {
  needsDecision: 'ambiguousContact',
  failed: 'packageIncomplete',
  cancelled: 'cancelled',
  refused: 'excessive',
  recalled: 'recalled',
};

const packageContent = Buffer.from('an encrypted package');
const packageHours = 168;

/** What a test gives of a request otherwise than it is made here. */
export interface Arrangement {
  law?: Law;
  contact?: Partial<Contact>;
  details?: Partial<RequestDetails>;
  record?: RequestChange &
    Partial<Pick<RequestRecord, 'receivedAt' | 'sourceSystem' | 'locale' | 'stateSince'>>;
}

/** A person with a contact of their own: no two tests share a number, a mailbox or a code limit. */
export interface Person {
  email: string;
  phone: string;
  contact: Contact;
}

let people = 0;

export function newPerson(): Person {
  people += 1;
  const email = `zoe.${people}@mail.example`;
  const phone = `+49151${String(10_000_000 + people)}`;
  return {
    email,
    phone,
    contact: {
      id: randomUUID(),
      firstName: 'Zoe',
      lastName: `Secret-${people}`,
      createdAt: '2020-01-01T00:00:00.000Z',
      mergeSet: [],
      phones: [{ number: phone, receivesSms: true }],
      emails: [email],
      handles: [],
      former: [],
    },
  };
}

export const ticketOf = ({ email }: Person, change: object = {}): Record<string, unknown> => ({
  ticketId: `T-${email}`,
  receivedAt: '2026-11-23T09:00:00+01:00',
  rights: ['access', 'portability'],
  identifiers: [{ type: 'email', value: email }],
  ...change,
});

/** A conversation that carries another contact. */
export const doubtfulConversation = (
  change: Partial<DoubtfulConversation> = {},
): DoubtfulConversation => ({
  conversationId: randomUUID(),
  startedAt: '2026-01-02T03:04:05.000Z',
  channels: ['voice'],
  direction: 'inbound',
  queues: ['Sales'],
  doubt: 'otherContact',
  tiedBy: [],
  otherContacts: [randomUUID()],
  ...change,
});

/** A request of the app, in a state to which a test has brought it. */
export class TestRequest {
  private constructor(
    private readonly app: HttpApp,
    readonly id: string,
    readonly person: Person,
    /** Token of the invitation link. */
    readonly token: string,
  ) {}

  /** Stores a request in a state, as calls and its orchestration leave it. */
  static async in(
    app: HttpApp,
    state: RequestState,
    arrangement: Arrangement = {},
  ): Promise<TestRequest> {
    const { ledger, keys, codesAndSessions } = app.parts;
    const person = newPerson();
    const now = app.clock.now().toISOString();
    const wrappedSecret = await keys.createSecret();
    const record: RequestRecord = {
      ...newRequest({
        requestId: randomUUID(),
        organisation: 'main',
        createdAt: now,
        receivedAt: '2026-11-23T08:00:00.000Z',
        bodyHash: 'hash',
        law: arrangement.law ?? 'gdpr',
        wrappedSecret,
        hasCallback: false,
      }),
      ...changesIn(state, app.clock.now()),
      state,
      ...arrangement.record,
    };
    const { requestId } = record;
    const contact = { ...person.contact, ...arrangement.contact };
    const details: RequestDetails = {
      ticketId: `T-${person.email}`,
      identifiers: [{ type: 'email', value: person.email }],
      name: null,
      locale: 'en',
      timeZone: 'Europe/Berlin',
      contact: state === 'received' || state === 'needsDecision' ? null : contact,
      contactMatches: { candidates: [contact], shared: [], isPartial: false, isNearMatch: false },
      decision: null,
      statutoryNotices: noStatutoryNotices,
      ...arrangement.details,
    };
    const { invitationToken } = await keys.unwrap(wrappedSecret);
    await ledger.create(record, details, null);
    await codesAndSessions.putInvitation(requestId, invitationToken);
    app.hub.run(`request-${requestId}`);
    const request = new TestRequest(app, requestId, person, invitationToken);
    if (released.includes(state)) await request.storePackage();
    return request;
  }

  /**
   * Stores conversations that an officer decides on, as the searches leave them.
   * @param conversations one that carries another contact, without them
   * @returns ids of the first: its own, and that of the contact that it carries
   */
  async storeDoubtful(
    conversations: DoubtfulConversation[] = [doubtfulConversation()],
  ): Promise<{ conversationId: string; contactId: string }> {
    const { scratch, keys } = this.app.parts;
    const record = await this.record();
    const owner = { record, keys: await keys.unwrap(record.wrappedSecret ?? '') };
    await DoubtfulConversations.store({ scratch }, owner, conversations);
    const [first] = conversations;
    return {
      conversationId: first?.conversationId ?? '',
      contactId: first?.otherContacts[0] ?? '',
    };
  }

  /** Moves the request on, with what its orchestration writes then. */
  async move(to: RequestState): Promise<void> {
    if (to === 'available') await this.storePackage();
    await this.app.parts.ledger.move(this.id, to, changesIn(to, this.app.clock.now()));
  }

  private async storePackage(): Promise<void> {
    const { packages } = this.app.parts;
    await packages.stageBlock(this.id, 'AAAA', packageContent);
    await packages.commit(this.id, ['AAAA'], null);
  }

  /** Deletes the key and the personal part, as the clean-up of an ended request does. */
  async cleanUp(): Promise<void> {
    const { ledger, codesAndSessions } = this.app.parts;
    await ledger.update(this.id, { wrappedSecret: null });
    await ledger.deleteDetails(this.id);
    await codesAndSessions.endAll(this.id);
  }

  record(): Promise<RequestRecord> {
    return recordIn(this.app, this.id);
  }

  async details(): Promise<RequestDetails> {
    return this.app.parts.ledger.details(await this.record());
  }

  entries(): Promise<CustodyEntry[]> {
    return this.app.parts.ledger.custodyEntries(this.id);
  }

  /** Events of the custody record, as `event detail`, from the first one after `from` on. */
  async events(from = 0): Promise<string[]> {
    return (await this.entries())
      .slice(from)
      .map(({ event, to, detail }) =>
        [event, ...(to === undefined ? [] : [to]), ...Object.values(detail ?? {})].join(' '),
      );
  }

  /** What the app has started and raised for this request. */
  calls(): string[] {
    return this.app.hub.callsOf(this.id);
  }

  get path(): string {
    return `/api/requests/${this.id}`;
  }

  /** Somebody with the session that opening the invitation link starts. */
  opened(): Promise<Subject> {
    return this.withSession([]);
  }

  open(person: Subject): Promise<PortalView> {
    return person.call('POST', 'open', { token: this.token });
  }

  /** Requests a code and returns it. */
  async code(person: Subject): Promise<string> {
    await person.call('POST', 'code');
    return this.app.mailbox.codeOf(this.person.phone);
  }

  /** Somebody with the session that a code by text message starts. */
  verified(): Promise<Subject> {
    return this.withSession(['sms']);
  }

  private async withSession(completed: StepUpMethod[]): Promise<Subject> {
    const { codesAndSessions } = this.app.parts;
    return this.app.browser(await codesAndSessions.startSession(this.id, completed));
  }
}

/** What stands in the record of a request in a state, beside the state. */
function changesIn(state: RequestState, now: Date): RequestChange {
  const at = now.toISOString();
  const until = new Date(now.getTime() + packageHours * 3_600_000).toISOString();
  const reason = reasons[state];
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(invited.includes(state) ? { verificationRequestedAt: at } : {}),
    ...(verified.includes(state) ? { verifiedAt: at, verifiedBy: 'sms' as const } : {}),
    ...(released.includes(state)
      ? { releasedAt: at, availableUntil: until, packageBytes: packageContent.length }
      : {}),
  };
}

async function recordIn({ parts }: HttpApp, requestId: string): Promise<RequestRecord> {
  const record = await parts.ledger.get(requestId);
  if (record === null) throw new Error('There is no such request.');
  return record;
}
