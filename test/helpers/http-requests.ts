import { randomUUID } from 'node:crypto';
import type { Contact } from '../../src/core/subject/contact';
import type { RequestState } from '../../src/core/request/states';
import type { CustodyEntry } from '../../src/core/custody/record';
import type { RequestChange, RequestDetails, RequestRecord } from '../../src/ports';
import type { Subject} from '../../local/portal-client';
import { type PortalView } from '../../local/portal-client';
import { read, type HttpApp } from './http-app';

/** The states that a request comes through, from its receipt to each state. */
const pathTo: Record<RequestState, readonly RequestState[]> = {
  received: [],
  awaitingVerification: ['awaitingVerification'],
  identifying: ['awaitingVerification', 'identifying'],
  needsDecision: ['needsDecision'],
  exporting: ['awaitingVerification', 'identifying', 'exporting'],
  packaging: ['awaitingVerification', 'identifying', 'exporting', 'packaging'],
  available: ['awaitingVerification', 'identifying', 'exporting', 'packaging', 'available'],
  delivered: [
    ...['awaitingVerification', 'identifying', 'exporting', 'packaging'],
    ...['available', 'delivered'],
  ] as RequestState[],
  expired: [
    ...['awaitingVerification', 'identifying', 'exporting', 'packaging'],
    ...['available', 'expired'],
  ] as RequestState[],
  recalled: [
    ...['awaitingVerification', 'identifying', 'exporting', 'packaging'],
    ...['available', 'recalled'],
  ] as RequestState[],
  cancelled: ['awaitingVerification', 'cancelled'],
  refused: ['awaitingVerification', 'refused'],
  unverified: ['awaitingVerification', 'unverified'],
  noDataFound: ['noDataFound'],
  failed: ['awaitingVerification', 'identifying', 'exporting', 'failed'],
};

const packageContent = Buffer.from('an encrypted package');
const packageHours = 168;

/** What a test gives of a request otherwise than it is made here. */
export interface Arrangement {
  contact?: Partial<Contact>;
  details?: Partial<RequestDetails>;
  record?: RequestChange;
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

/** A request of the app, in a state to which a test has brought it. */
export class TestRequest {
  private constructor(
    private readonly app: HttpApp,
    readonly id: string,
    readonly person: Person,
    /** Token of the invitation link. */
    readonly token: string,
  ) {}

  /** Submits a request and brings it to a state, as its orchestration would. */
  static async in(
    app: HttpApp,
    state: RequestState,
    arrangement: Arrangement = {},
  ): Promise<TestRequest> {
    const person = newPerson();
    const { body } = await read<{ requestId: string }>(await app.submit(ticketOf(person)));
    const { ledger, keys, codesAndSessions } = app.parts;
    const record = await recordIn(app, body.requestId);
    const { invitationToken } = await keys.unwrap(record.wrappedSecret ?? '');
    const request = new TestRequest(app, record.requestId, person, invitationToken);
    const contact = { ...person.contact, ...arrangement.contact };
    const details = await ledger.details(record);
    await ledger.setDetails(record, {
      ...details,
      contact: state === 'received' || state === 'needsDecision' ? null : contact,
      contactMatches: { candidates: [contact], shared: [], isPartial: false, isNearMatch: false },
      ...arrangement.details,
    });
    await codesAndSessions.putInvitation(record.requestId, invitationToken);
    for (const next of pathTo[state]) await request.move(next);
    if (arrangement.record) await ledger.update(record.requestId, arrangement.record);
    return request;
  }

  /** Moves the request on, with what its orchestration writes then. */
  async move(to: RequestState): Promise<void> {
    const { clock, parts } = this.app;
    const { ledger, packages } = parts;
    const now = clock.now();
    const until = new Date(now.getTime() + packageHours * 3_600_000).toISOString();
    if (to === 'available') {
      await packages.stageBlock(this.id, 'AAAA', packageContent);
      await packages.commit(this.id, ['AAAA'], await packages.version(this.id));
    }
    const changes: Partial<Record<RequestState, RequestChange>> = {
      needsDecision: { reason: 'ambiguousContact' },
      identifying: { verifiedAt: now.toISOString(), verifiedBy: 'sms' },
      available: {
        releasedAt: now.toISOString(),
        availableUntil: until,
        packageBytes: packageContent.length,
      },
      failed: { reason: 'packageIncomplete' },
    };
    await ledger.move(this.id, to, changes[to]);
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

  async entries(): Promise<CustodyEntry[]> {
    return (await this.app.parts.ledger.custody(this.id)).entries;
  }

  /** Events of the custody record, as `event detail`, from the first one after `from` on. */
  async events(from = 0): Promise<string[]> {
    return (await this.entries())
      .slice(from)
      .map(({ event, to, detail }) =>
        [event, ...(to === undefined ? [] : [to]), ...Object.values(detail ?? {})].join(' '),
      );
  }

  /** What the app has started and raised for this request, but for the start on its receipt. */
  calls(): string[] {
    return this.app.hub.callsOf(this.id).slice(1);
  }

  get path(): string {
    return `/api/requests/${this.id}`;
  }

  /** Somebody who has opened the invitation link. */
  async opened(): Promise<Subject> {
    const person = this.app.browser();
    await this.open(person);
    return person;
  }

  open(person: Subject): Promise<PortalView> {
    return person.call('POST', 'open', { token: this.token });
  }

  /** Requests a code and returns it. */
  async code(person: Subject): Promise<string> {
    await person.call('POST', 'code');
    return this.app.mailbox.codeOf(this.person.phone);
  }

  /** Somebody who has verified their identity by a code. */
  async verified(): Promise<Subject> {
    const person = await this.opened();
    await person.verify(await this.code(person));
    return person;
  }
}

async function recordIn({ parts }: HttpApp, requestId: string): Promise<RequestRecord> {
  const record = await parts.ledger.get(requestId);
  if (record === null) throw new Error('There is no such request.');
  return record;
}
