import type { ConversationDetails, SourceConversation } from '../../src/core/genesys/conversation';
import { randomOf } from '../../local/random';
import { publishedNumbers } from './card-texts';

/** Somebody in a conversation, in everything by which they can be told. */
export interface Somebody {
  role: 'own' | 'staff' | 'other';
  id: string;
  first: string;
  last: string;
  number: string;
  mailbox: string;
}

/** What was planted: as it is written, and whose it is. */
export interface Planted {
  written: string;
  role: Somebody['role'] | 'card' | 'secret';
}

/** In groups as on cards: there, no word beside them says that they are something else. */
const cards = publishedNumbers
  .filter(({ length }) => length === 16)
  .map((digits) => digits.match(/\d{4}/g)?.join(' ') ?? '');

const letters = 'abcdefghijklmnoprstuvwyz';
const words = 'the order of Monday came late please call back thank you and hello again'.split(' ');

/** A conversation of every kind, with what is planted at any place of its real shapes. */
export class PlantedConversation {
  readonly own: Somebody;
  readonly others: Somebody[];
  readonly planted: Planted[] = [];
  private counter = 0;

  /** Chooses a whole number from 0 to the most, both included. */
  private readonly pick: (most: number) => number;

  constructor(seed: number) {
    const random = randomOf(seed);
    const pick = (most: number): number => Math.floor(random() * (most + 1));
    this.pick = pick;
    const word = (): string =>
      Array.from({ length: 5 }, () => letters[pick(letters.length - 1)]).join('');
    const digits = (length: number): string =>
      Array.from({ length }, () => String(pick(9))).join('');
    const somebody = (role: Somebody['role'], mark: string): Somebody => {
      const first = `F${mark}${word()}`;
      const last = `L${mark}${word()}`;
      return {
        ...{ role, first, last, id: this.uuid() },
        number: `+4930${String(2 + pick(6))}${digits(7)}`,
        mailbox: `${first}.${last}@${pick(1) === 0 ? 'shop' : 'firm'}.example`.toLowerCase(),
      };
    };
    this.own = somebody('own', 'qa');
    this.others = Array.from({ length: 2 + pick(2) }, (_, i) =>
      somebody(i % 2 === 0 ? 'staff' : 'other', `q${letters[i + 1] ?? ''}`),
    );
    const [, near] = this.others;
    // Somebody who shares with the person as much as two people can.
    if (near !== undefined && pick(1) === 0) {
      near.first = this.own.first;
      near.mailbox = `${near.first}.${near.last}@${this.own.mailbox.split('@')[1] ?? ''}`;
      near.mailbox = near.mailbox.toLowerCase();
      near.number = pick(1) === 0 ? `${this.own.number}7` : this.own.number.slice(0, -1);
    }
  }

  uuid(): string {
    this.counter += 1;
    const hex = (length: number): string =>
      Array.from({ length }, () => '0123456789abcdef'[this.pick(15)]).join('');
    return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-0${hex(7)}${String(this.counter).padStart(4, '0')}`;
  }

  get staff(): Somebody[] {
    return this.others.filter(({ role }) => role === 'staff');
  }

  /** Somebody who is not the person. */
  anybody(): Somebody {
    return this.others[this.pick(this.others.length - 1)] ?? this.own;
  }

  private note(written: string, role: Planted['role']): string {
    this.planted.push({ written, role });
    return written;
  }

  /** A number as people write it. */
  private spelled(number: string): string {
    const national = number.slice(3);
    const [city, rest] = [national.slice(0, 2), national.slice(2)];
    const spellings = [
      number,
      `tel:${number}`,
      `+49 ${city} ${rest.slice(0, 3)} ${rest.slice(3)}`,
      `0${national}`,
      `0${city} / ${rest}`,
      `(0${city}) ${rest.slice(0, 4)}-${rest.slice(4)}`,
      `0049 ${city} ${rest}`,
    ];
    return spellings[this.pick(spellings.length - 1)] ?? number;
  }

  /** Something of somebody as it may stand in a text. */
  private inText(who: Somebody, form: 'text' | 'html'): string {
    const { first, last, id, number, mailbox, role } = who;
    const spellings = [
      () => `${first} ${last}`,
      () => `${first} ${last}`.toLowerCase(),
      () => `${last}, ${first}`,
      () => (form === 'html' ? `<b>${first}</b>&nbsp;${last}` : `${first}  ${last}`),
      () => this.spelled(number),
      () => mailbox,
      () => mailbox.toUpperCase(),
      () => `https://shop.example/?mail=${mailbox.replace('@', '%40')}&x=1`,
      () => id,
      () => `/api/v2/users/${id}`,
      () => `sip:${mailbox.replace('@', '%40')}@localhost`,
      () => `${first}-${last}`,
      () => `${first} (${last})`,
      () => mailbox.replace('@', this.pick(1) === 0 ? ' [at] ' : '(at)'),
      () => `?name=${first}%20${last}&tel=${encodeURIComponent(number)}`,
      () => `?name=${first}+${last}`,
      () => `?to=${encodeURIComponent(mailbox)}`,
      // What is escaped is escaped once more in a document: of the person it is not looked for.
      ...(role === 'own' || form === 'html'
        ? []
        : [
            () => `${first}\\u0020${last}`,
            () => mailbox.replace('@', '\\u0040'),
            () => `{firstName: ${first}, lastName: ${last}}`,
          ]),
    ];
    return this.note(spellings[this.pick(spellings.length - 1)]?.() ?? '', role);
  }

  /** The two names of somebody, as records of other systems hold them. */
  private inTwoFields(): Record<string, string> {
    const { first, last, role } = this.pick(1) === 0 ? this.own : this.anybody();
    this.note(last, role);
    const names = [
      { firstName: first, lastName: last },
      { given_name: first, family_name: last },
      { Nachname: last, Vorname: first },
    ];
    return names[this.pick(names.length - 1)] ?? {};
  }

  /** A text in which somebody may be told. */
  text(form: 'text' | 'html' = 'text'): string {
    const parts = Array.from({ length: 1 + this.pick(3) }, () => {
      switch (this.pick(4)) {
        case 0:
          return this.inText(this.own, form);
        case 1:
        case 2:
          return this.inText(this.anybody(), form);
        case 3:
          return this.note(cards[this.pick(cards.length - 1)] ?? '', 'card');
        default:
          return words[this.pick(words.length - 1)] ?? '';
      }
    });
    const body = parts.join(` ${words[this.pick(words.length - 1)] ?? ''} `);
    return form === 'html' ? `<p>${body}</p>` : `so ${body} ok`;
  }

  /** An address of somebody. */
  address(who: Somebody): string {
    const { number, mailbox } = who;
    const spellings = [
      number,
      `tel:${number}`,
      `sip:${number}@localhost`,
      mailbox,
      `sip:${mailbox.replace('@', '%40')}@localhost`,
    ];
    return this.note(spellings[this.pick(spellings.length - 1)] ?? number, who.role);
  }

  name = ({ first, last, role }: Somebody): string => this.note(`${first} ${last}`, role);
  id = ({ id, role }: Somebody): string => this.note(id, role);

  /** An object with a name and addresses of somebody (Address). */
  self(who: Somebody): Record<string, string> {
    return {
      name: this.name(who),
      nameRaw: this.name(who),
      addressNormalized: this.note(`tel:${who.number}`, who.role),
      addressRaw: this.note(`sip:${who.mailbox.replace('@', '%40')}@localhost`, who.role),
      addressDisplayable: this.address(who),
    };
  }

  private secret = (): string => this.note(`secret-${this.uuid()}`, 'secret');

  /** Fields that may be there. */
  private some(fields: Record<string, () => unknown>): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(fields).flatMap(([name, make]) =>
        this.pick(2) === 0 ? [] : [[name, make()]],
      ),
    );
  }

  private shuffled<T>(list: readonly T[]): T[] {
    const rest = [...list];
    return list.map(() => rest.splice(this.pick(rest.length - 1), 1)[0] as T);
  }

  private session(of: Somebody): Record<string, unknown> {
    const isOwn = of.role === 'own';
    const who = (): Somebody => this.anybody();
    const someStaff = (): Somebody => this.staff[this.pick(this.staff.length - 1)] ?? of;
    const line = 'tel:+498001234567';
    return {
      sessionId: this.uuid(),
      mediaType: 'voice',
      ...(isOwn || of.role === 'other'
        ? { direction: 'inbound', ani: this.note(`tel:${of.number}`, of.role), dnis: line }
        : { direction: 'inbound', dnis: line }),
      ...this.some({
        selectedAgentId: () => this.id(someStaff()),
        addressSelf: () => this.address(of),
        destinationAddresses: () => [this.address(who()), this.address(someStaff())],
        proposedAgents: () => [{ agentRank: 1, proposedAgentId: this.id(someStaff()) }],
        segments: () => [
          { segmentType: 'interact', queueId: 'q1', wrapUpNote: this.text(), subject: this.text() },
        ],
        cc: () => [this.note(who().mailbox, 'other')],
        ...(isOwn
          ? { callbackUserName: () => this.name(of) }
          : {
              remote: () => this.name(this.own),
              remoteNameDisplayable: () => this.name(who()),
              callbackNumbers: () => [this.note(of.number, of.role)],
              unknownField: () => this.secret(),
              unknownObject: () => ({ [this.secret()]: { deep: [this.secret()] } }),
            }),
      }),
    };
  }

  private participant(of: Somebody, form: 'analytics' | 'details'): Record<string, unknown> {
    const isOwn = of.role === 'own';
    const isStaff = of.role === 'staff';
    const call = (): Record<string, unknown> => ({
      id: this.uuid(),
      state: 'disconnected',
      self: this.self(of),
      ...this.some({
        other: () => this.self(this.anybody()),
        ...(isOwn ? {} : { uuiData: () => this.secret() }),
      }),
    });
    return {
      [form === 'analytics' ? 'participantId' : 'id']: `p-${of.first}-${of.last}`.replaceAll(
        /[^p-]/g,
        (letter) => letter.charCodeAt(0).toString(16),
      ),
      purpose: isOwn ? 'customer' : isStaff ? 'agent' : 'external',
      [form === 'analytics' ? 'participantName' : 'name']: this.name(of),
      ...(isStaff ? { userId: this.id(of) } : { externalContactId: this.id(of) }),
      ...(form === 'analytics' ? { sessions: [this.session(of)] } : { calls: [call()] }),
      ...(form === 'details'
        ? { address: this.address(of), queueName: 'Orders' }
        : { purposeNote: isOwn ? 'kept' : this.secret() }),
      ...this.some({
        ...(isOwn || isStaff
          ? {
              attributes: () => ({ note: this.text(), last: this.text() }),
            }
          : {}),
        ...(form === 'details'
          ? {
              wrapup: () => ({ code: 'w', name: 'Resolved', notes: this.text() }),
              callbacks: () => [
                {
                  callbackNumbers: [this.note(of.number, of.role)],
                  callbackUserName: this.name(of),
                },
              ],
              emails: () => [{ id: this.uuid(), subject: this.text() }],
            }
          : {}),
        ...(isOwn ? {} : { unknownField: () => this.secret() }),
      }),
    };
  }

  /** As analytics reports it, and as the conversations API does. */
  documents(): { conversation: SourceConversation; details: ConversationDetails } {
    const everybody = [this.own, ...this.others];
    const acd = {
      participantId: 'p-acd',
      purpose: 'acd',
      participantName: 'Orders',
      sessions: [this.some({ destinationAddresses: () => [this.address(this.anybody())] })],
    };
    const mails = {
      purpose: 'workflow',
      sessions: [{ mediaType: 'email' }, { mediaType: 'message' }],
    };
    const conversation = {
      conversationId: this.uuid(),
      conversationStart: '2026-01-02T03:04:05.000Z',
      participants: [
        ...this.shuffled([...everybody.map((one) => this.participant(one, 'analytics')), acd]),
        mails,
      ],
      surveys: [{ surveyId: 'v1', userId: this.id(this.staff[0] ?? this.own) }],
      ...this.some({
        evaluations: () => [{ evaluationId: 'e', evaluatorId: this.id(this.staff[0] ?? this.own) }],
      }),
    };
    const details = {
      participants: [
        ...this.shuffled(everybody.map((one) => this.participant(one, 'details'))),
        { purpose: 'workflow', messages: [{ messages: [{ messageId: 'm1' }] }] },
      ],
    };
    return { conversation: conversation, details };
  }

  /** A user of the company, or a record of one. */
  user(who = this.staff[this.pick(this.staff.length - 1)] ?? this.own): Record<string, unknown> {
    return { id: this.id(who), name: this.name(who), email: this.note(who.mailbox, who.role) };
  }

  private mailbox(who: Somebody): { email: string; name: string } {
    return { email: this.note(who.mailbox, who.role), name: this.name(who) };
  }

  email(): Record<string, unknown> {
    return {
      id: 'mail1',
      from: this.mailbox(this.anybody()),
      to: [this.mailbox(this.own)],
      ...this.some({
        cc: () => [this.mailbox(this.anybody()), this.mailbox(this.own)],
        bcc: () => [this.mailbox(this.anybody())],
        replyTo: () => this.mailbox(this.anybody()),
      }),
      subject: this.text(),
      textBody: this.text(),
      htmlBody: this.text('html'),
      time: '2026-01-02T03:05:05.000Z',
      attachments: [],
    };
  }

  message(): Record<string, unknown> {
    return {
      id: 'm1',
      direction: 'outbound',
      fromAddress: this.address(this.anybody()),
      toAddress: this.note(this.own.number, 'own'),
      textBody: this.text(),
      metadata: this.inTwoFields(),
      normalizedMessage: {
        text: this.text(),
        content: [
          {
            contentType: 'Attachment',
            attachment: {
              id: 'a1',
              mime: 'text/csv',
              filename: 'list.csv',
              url: 'https://files.example/a1',
            },
          },
        ],
      },
      ...this.some({ createdBy: () => this.user() }),
    };
  }

  csv(): string {
    const record = JSON.stringify(this.inTwoFields());
    return `name;note\r\n"${this.text()}";${this.text()}\r\n${record}\r\n`;
  }

  transcript(): Record<string, unknown> {
    const phrase = (): Record<string, unknown> => {
      const text = this.text();
      return {
        participantPurpose: this.pick(1) === 0 ? 'internal' : 'external',
        ...{ text, decoratedText: text, startTimeMs: 1000, duration: { milliseconds: 10 } },
        words: text.split(' ').map((word) => ({ word })),
      };
    };
    return {
      startTime: 0,
      participants: [
        { participantPurpose: 'internal', userId: this.id(this.staff[0] ?? this.own) },
      ],
      transcripts: [{ phrases: [phrase(), phrase()] }],
    };
  }

  /** A recorded thread of messages. */
  thread(): Record<string, unknown> {
    return {
      messagingTranscript: [
        {
          purpose: 'agent',
          from: this.address(this.anybody()),
          messageText: this.text(),
          fromUser: this.user(),
        },
        { purpose: 'customer', from: this.note(this.own.number, 'own'), messageText: this.text() },
      ],
      transcript: [
        {
          participantPurpose: 'agent',
          from: this.name(this.staff[0] ?? this.own),
          body: this.text(),
        },
      ],
    };
  }

  /** A recorded mail. */
  mail(): string {
    const mailbox = (who: Somebody): string =>
      `${this.name(who)} <${this.note(who.mailbox, who.role)}>`;
    return [
      `From: ${mailbox(this.anybody())}`,
      `To: ${mailbox(this.own)}, ${mailbox(this.anybody())}`,
      `Sender: ${mailbox(this.anybody())}`,
      `Subject: ${this.text()}`,
      'Content-Type: text/html',
      '',
      this.text('html'),
      '',
    ].join('\r\n');
  }

  /** An answer to a survey. */
  survey(): Record<string, unknown> {
    return {
      id: 'v1',
      status: 'Finished',
      agent: this.user(),
      answers: {
        questionGroupScores: [{ questionScores: [{ freeTextAnswer: this.text() }] }],
      },
    };
  }

  summary(): Record<string, unknown> {
    return { summary: { text: this.text() } };
  }
}
