import { bucketPrefixes, recordingOfKey } from '../../src/core/bulk-export';
import type { Contact } from '../../src/core/identity';
import {
  factorOf,
  isReachable,
  resolveSubject,
  type Decision,
  type Findings,
} from '../../src/core/subject';
import { keepAttributes } from '../../src/core/attributes';
import { planAuditQueries } from '../../src/core/audits';
import { webVtt } from '../../src/core/webvtt';
import fc from 'fast-check';
import { availabilityHtml, availabilityReport } from '../../src/core/availability';
import type { SourceConversation } from '../../src/core/conversation';
import { flattenConversation, nameRows } from '../../src/core/flatten';
import { identityOf, maskedPhone, normaliseEmail, normalisePhone } from '../../src/core/identity';
import {
  addCounts,
  countItems,
  emptyCounts,
  expectedOf,
  isAccountedFor,
  itemKinds,
  itemStatuses,
} from '../../src/core/items';
import { groupCount, inGroup, partName, searchKey } from '../../src/core/layout';
import { judgeConversation, subjectFilter } from '../../src/core/matching';
import { packageEndsAt } from '../../src/core/package-end';
import { InvalidBodyError, parseRequestBody } from '../../src/core/request-body';
import { isFinal, mayFollow, requestStates } from '../../src/core/states';
import { halveWindow, planWindows } from '../../src/core/windows';
import { speaker } from '../../src/core/words';
import { loadLanguages } from '../../src/adapters/languages';

const day = 86_400_000;

describe('states', () => {
  it('lead from every state that is not final to an end', () => {
    for (const state of requestStates) {
      const reached = new Set([state]);
      for (const from of reached)
        requestStates.filter((to) => mayFollow(from, to)).forEach((to) => reached.add(to));
      expect([...reached].some(isFinal)).toBe(true);
    }
  });

  it('never release what has not been packaged, and never go back from an end', () => {
    expect(requestStates.filter((from) => mayFollow(from, 'available'))).toEqual(['packaging']);
    for (const from of requestStates.filter(isFinal)) {
      expect(requestStates.filter((to) => mayFollow(from, to))).toEqual([]);
    }
  });

  it('export nothing before somebody has proven who they are', () => {
    const before = requestStates.filter((from) => mayFollow(from, 'collecting'));
    expect(before.sort()).toEqual(['failed', 'identifying', 'needsDecision', 'packaging']);
  });
});

describe('search windows', () => {
  const time = fc.date({
    min: new Date('2020-01-01'),
    max: new Date('2035-01-01'),
    noInvalidDate: true,
  });

  it('cover the years without gap or overlap, borders at midnight', () => {
    fc.assert(
      fc.property(
        time,
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 31 }),
        (now, years, days) => {
          const windows = planWindows(now, years, days);
          expect(windows.at(-1)?.to).toBe(now.toISOString());
          windows.forEach(({ from, to }, i) => {
            expect(from).toMatch(/T00:00:00.000Z$/);
            expect(Date.parse(to) - Date.parse(from)).toBeLessThanOrEqual(days * day);
            expect(Date.parse(to)).toBeGreaterThan(Date.parse(from));
            if (i > 0) expect(from).toBe(windows[i - 1]?.to);
          });
          const first = new Date(windows[0]?.from ?? '');
          expect(first.getUTCFullYear()).toBeLessThanOrEqual(now.getUTCFullYear() - years + 1);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are 83 for seven years of at most 31 days', () => {
    expect(planWindows(new Date('2026-11-23T12:00:00Z'), 7, 31)).toHaveLength(83);
  });

  it('are halved at a midnight until a day is left', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), (days) => {
        const window = {
          from: '2020-02-01T00:00:00.000Z',
          to: new Date(Date.UTC(2020, 1, 1) + days * day).toISOString(),
        };
        const halves = halveWindow(window);
        if (days === 1) expect(halves).toBeNull();
        else {
          expect([halves?.[0].from, halves?.[1].to]).toEqual([window.from, window.to]);
          expect(halves?.[0].to).toBe(halves?.[1].from);
          expect(halves?.[0].to).toMatch(/T00:00:00.000Z$/);
        }
      }),
    );
  });
});

describe('identifiers', () => {
  it.each([
    ['+49 151 1234567', null, '+491511234567'],
    ['0151 1234567', 'DE', '+491511234567'],
    ['0151 1234567', null, null],
    ['020 7946 0958', 'GB', '+442079460958'],
    ['not a number', 'DE', null],
  ])('read %s with region %s as %s', (text, region, expected) => {
    expect(normalisePhone(text, region)).toBe(expected);
  });

  it.each([
    [' Maria@Mail.Example ', 'maria@mail.example'],
    ['maria@mail', null],
    ['a@b@c.example', null],
    ['no mailbox', null],
  ])('read %s as %s', (text, expected) => {
    expect(normaliseEmail(text)).toBe(expected);
  });

  it('show two digits of a number and no more', () => {
    expect(maskedPhone('+491511234567').replaceAll(/\D/g, '')).toBe('67');
  });
});

describe('who is meant', () => {
  const person = (id: string, change: Partial<Contact> = {}): Contact => ({
    id,
    firstName: 'Zoë',
    lastName: 'Müller',
    mergeSet: [id],
    phones: [
      { number: '+4915111', takesText: true },
      { number: '+4930222', takesText: false },
    ],
    emails: ['zoe@mail.example'],
    handles: [],
    former: [],
    createdAt: null,
    ...change,
  });
  const findings = (change: Partial<Findings> = {}): Findings => ({
    candidates: [person('c1')],
    shared: [],
    isPartial: false,
    isNearMatch: false,
    ...change,
  });
  const decision: Decision = {
    candidate: 1,
    sharedIdentifiers: 'exclude',
    doubtfulConversations: 'withhold',
    method: null,
    at: '2026-11-23T12:00:00Z',
  };

  it.each([
    ['nobody', findings({ candidates: [] }), 'nothingHeld'],
    ['one contact of its own', findings(), 'found'],
    ['two contacts', findings({ candidates: [person('c1'), person('c2')] }), 'ambiguousContact'],
    ['a near match', findings({ isNearMatch: true }), 'nearMatch'],
    ['a search that was cut off', findings({ isPartial: true }), 'contactSearchIncomplete'],
    ['a shared number', findings({ shared: ['+4930222'] }), 'sharedIdentifier'],
  ])('%s: %#', (_name, found, outcome) => {
    expect(resolveSubject(found, null, null).outcome).toBe(outcome);
  });

  it.each([
    ['MULLER, zoe', 'found'],
    ['Zoë Müller', 'found'],
    ['Zoë Möller', 'nameDiffers'],
    ['Zoë', 'nameDiffers'],
  ])('the name %s: %s', (name, outcome) => {
    expect(resolveSubject(findings(), name, null).outcome).toBe(outcome);
  });

  it('an officer may choose, and leave shared numbers and mailboxes in or out', () => {
    const found = findings({
      candidates: [person('c1'), person('c2')],
      shared: ['+4930222'],
      isPartial: true,
    });
    const chosen = resolveSubject(found, 'Other', { ...decision, candidate: 2 });
    expect(chosen).toMatchObject({ outcome: 'found', contact: { id: 'c2' } });
    expect(chosen.contact?.phones).toHaveLength(1);
    const all = resolveSubject(found, null, { ...decision, sharedIdentifiers: 'include' });
    expect(all.contact?.phones).toHaveLength(2);
  });

  it.each([
    ['a mailbox and a number', {}, ['sms'], true, null, true],
    ['no mailbox', { emails: [] }, ['sms'], true, null, false],
    ['no way to prove it', {}, [], true, null, false],
    ['a number only, where that is not enough', {}, ['sms'], false, null, false],
    ['an app, where a number is not enough', {}, ['sms', 'totp'], false, null, true],
    ['nothing, and an officer who sees to it', { emails: [] }, [], true, 'officer', true],
  ] as const)('%s: reachable or not', (_name, change, methods, isSmsEnough, method, expected) => {
    const contact = person('c1', change as Partial<Contact>);
    const policy = { offered: ['sms', 'totp'], isSmsEnough } as const;
    expect(isReachable(contact, methods, policy, { ...decision, method })).toBe(expected);
  });

  it('a code never goes to a number that another contact has, too, unless an officer says so', () => {
    const found = findings({ shared: ['+4915111'] });
    expect(factorOf(resolveSubject(found, null, decision).contact ?? person('c1'))).toBeNull();
    const included = { ...decision, sharedIdentifiers: 'include' as const };
    expect(resolveSubject(found, null, included).outcome).toBe('found');
  });

  it('without a decision nothing goes on but with one contact that shares nothing', () => {
    const contacts = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 });
    const flags = fc.record({ isPartial: fc.boolean(), isNearMatch: fc.boolean() });
    const shared = fc.subarray(['+4915111', '+4930222', 'zoe@mail.example', '+1555']);
    fc.assert(
      fc.property(contacts, flags, shared, (ids, { isPartial, isNearMatch }, values) => {
        const candidates = [...new Set(ids)].map((id) => person(id));
        const found = { candidates, shared: values, isPartial, isNearMatch };
        const { outcome, contact } = resolveSubject(found, null, null);
        const isShared = values.some((value) => value !== '+1555');
        const isClear = candidates.length === 1 && !isPartial && !isNearMatch && !isShared;
        expect(outcome === 'found').toBe(isClear);
        expect(contact !== null).toBe(isClear);
      }),
    );
  });
});

describe('matching', () => {
  const contact: Contact = {
    id: 'c1',
    firstName: 'A',
    lastName: 'B',
    mergeSet: ['c1', 'c0'],
    phones: [{ number: '+491511234567', takesText: true }],
    createdAt: null,
    emails: ['a@b.example'],
    handles: [
      { type: 'facebook', value: '777' },
      { type: 'whatsapp', value: '+491511234567' },
    ],
    former: [{ type: 'phone', value: '+4930555' }],
  };
  const identity = identityOf(contact);
  const conversation = (person: object, session: object = {}): SourceConversation => ({
    conversationId: 'x',
    conversationStart: '2024-01-01T00:00:00.000Z',
    participants: [
      {
        purpose: 'customer',
        ...person,
        sessions: [{ sessionId: 's', mediaType: 'voice', ...session }],
      },
      { purpose: 'agent', sessions: [{ ani: 'tel:+491511234567' }] },
    ],
  });

  it.each([
    ['its contact id', conversation({ externalContactId: 'c1' }), 'subject'],
    ['an id merged into it', conversation({ externalContactId: 'c0' }), 'subject'],
    [
      'its id at a network',
      conversation({}, { mediaType: 'message', messageType: 'facebook', addressFrom: '777' }),
      'subject',
    ],
    [
      'the same id at another network',
      conversation({}, { mediaType: 'message', messageType: 'instagram', addressFrom: '777' }),
      'none',
    ],
    [
      'its WhatsApp number without +',
      conversation({}, { messageType: 'whatsapp', addressFrom: '491511234567' }),
      'subject',
    ],
    ['a number from before a merge', conversation({}, { ani: 'tel:+4930555' }), 'subject'],
    ['its number with tel:', conversation({}, { ani: 'tel:+491511234567' }), 'subject'],
    [
      'its number as a sip address',
      conversation({}, { ani: 'sip:+491511234567@edge.example' }),
      'subject',
    ],
    ['its mailbox in capitals', conversation({}, { addressFrom: 'A@B.example' }), 'subject'],
    [
      'its number and another contact',
      conversation({ externalContactId: 'other' }, { ani: 'tel:+491511234567' }),
      'otherContact',
    ],
    ['another contact only', conversation({ externalContactId: 'other' }), 'none'],
    ['a number with one digit more', conversation({}, { ani: 'tel:+4915112345670' }), 'none'],
    ['nothing of the person but in the agent leg', conversation({}), 'none'],
  ])('judges a conversation with %s', (_name, found, expected) => {
    expect(judgeConversation(found, identity)).toBe(expected);
  });

  it('asks for every id, number in both forms and mailbox in one or-filter', () => {
    const { type, predicates } = subjectFilter(identity);
    expect(type).toBe('or');
    const values = new Set(predicates.map(({ value }) => value));
    expect(values).toEqual(
      new Set([
        ...['c1', 'c0', 'a@b.example', '777'],
        ...['tel:+491511234567', '+491511234567', '491511234567', 'tel:+4930555', '+4930555'],
      ]),
    );
    expect(predicates.every((predicate) => predicate.operator === 'matches')).toBe(true);
  });
});

describe('items', () => {
  const item = fc.record({
    kind: fc.constantFrom(...itemKinds),
    status: fc.constantFrom(...itemStatuses),
  });

  it('are counted the same in one go and page by page', () => {
    fc.assert(
      fc.property(fc.array(item), fc.array(item), (a, b) => {
        expect(addCounts(countItems(a), countItems(b))).toEqual(countItems([...a, ...b]));
      }),
    );
  });

  it('are accounted for only when none is open and no more failed than allowed', () => {
    fc.assert(
      fc.property(fc.array(item), fc.nat(5), (items, allowed) => {
        const open = items.some(({ status }) => status === 'pending');
        const failed = items.filter(({ status }) => status === 'failed').length;
        expect(isAccountedFor(countItems(items), allowed)).toBe(!open && failed <= allowed);
      }),
    );
  });

  it('that the source does not have are not expected', () => {
    const counts = countItems([
      { kind: 'transcript', status: 'absent' },
      { kind: 'transcript', status: 'exported' },
    ]);
    expect(expectedOf(counts.transcript)).toBe(1);
  });
});

describe('layout', () => {
  it('puts every search, and the halves of one, into one group', () => {
    const searches = Array.from({ length: 85 }, (_, i) => ({ key: searchKey(i) }));
    searches.push({ key: `${searchKey(30)}a` }, { key: `${searchKey(30)}b` });
    const groups = Array.from({ length: groupCount(85) }, (_, i) => inGroup(searches, i + 1));
    expect(groups.flat()).toHaveLength(searches.length);
    expect(groups[2]?.map(({ key }) => key)).toContain('0030b');
  });

  it('names parts by one length, in the order of the package', () => {
    const names = [
      partName(1, 1),
      partName(1, 2),
      partName(2, 1),
      partName(2, 10_000),
      partName(999_999, 99_999),
    ];
    expect([...names].sort()).toEqual(names);
    expect(new Set(names.map((name) => name.length)).size).toBe(1);
  });
});

const english = speaker(loadLanguages(null), 'en');

describe('the availability report', () => {
  const facts = {
    createdAt: '2026-11-23T12:00:00.000Z',
    searched: { from: '2019-11-23T00:00:00.000Z', to: '2026-11-23T12:00:00.000Z', windows: 83 },
    reach: '2021-11-23T12:00:00.000Z',
    searchableUntil: null,
    auditReach: null,
    counts: emptyCounts(),
    attributesWithheld: 0,
    missing: [],
    organisation: 'main',
    otherOrganisations: [],
    shownDivisions: [],
    unprotected: 0,
    leftOut: [],
  };

  it('says which organisations and divisions it speaks of, and what policy leaves out', () => {
    const { sentences } = availabilityReport(
      {
        ...facts,
        otherOrganisations: ['emea', 'apac'],
        shownDivisions: ['Sales', 'Support'],
        unprotected: 3,
        leftOut: ['sentiment'],
      },
      english,
    );
    expect(sentences).toContain(
      'Searched: the organisation main. emea, apac are not part of this package. Each has to be asked by a request of its own.',
    );
    expect(sentences).toContain('Left out by policy: sentiment.');
    expect(sentences.join(' ')).toContain(
      '3 interactions could not be protected from deletion in the source',
    );
    expect(sentences.join(' ')).toContain(
      'Proven to be shown to this app: the divisions Sales, Support. Not provable',
    );
  });

  it('says it as a person would', () => {
    const counts = emptyCounts();
    counts.conversation.exported = 50;
    counts.audio.exported = 49;
    counts.audio.failed = 1;
    counts.transcript.exported = 25;
    counts.transcript.absent = 25;
    const transcript = {
      conversation: 1,
      kind: 'transcript' as const,
      status: 'absent' as const,
      reason: 'noTranscript',
    };
    const missing = [
      {
        conversation: 3,
        kind: 'audio' as const,
        status: 'failed' as const,
        reason: 'transferFailed',
      },
      ...Array.from({ length: 25 }, () => transcript),
    ];
    const auditReach = '2025-11-23T12:00:00.000Z';
    const { sentences } = availabilityReport(
      {
        ...facts,
        counts,
        missing,
        attributesWithheld: 2,
        searchableUntil: '2026-11-23T10:00:00.000Z',
        auditReach,
      },
      english,
    );
    expect(sentences).toEqual([
      'Conversations: 50 of 50 interactions.',
      'Audio: 49 of 50 recordings; 1 recording not transferred.',
      'Transcripts: 25 of 50 recordings; 25 recordings without a transcript in the source.',
      'Notes on the contact: 0 of 0 notes.',
      '2 attributes of participants were left out by policy.',
      'Conversations before 2021-11-23 cannot be searched in the source; the search covered 2019-11-23 to 2026-11-23.',
      'Conversations after 2026-11-23 10:00 UTC could not be searched yet.',
      "Changes to the contact's record before 2025-11-23 are not kept by the source.",
      'Not provable: whether the source holds more in divisions that it does not show to this app.',
    ]);
  });

  it('names every missing item, with a reason even when the code is unknown', () => {
    const missing = [
      { conversation: 3, kind: 'audio' as const, status: 'failed' as const, reason: '<new&code>' },
    ];
    const report = availabilityReport({ ...facts, missing }, english);
    expect(report.missing).toEqual([
      { conversation: 3, kind: 'audio', status: 'failed', reason: '<new&code>' },
    ]);
    expect(availabilityHtml(report, english)).toContain('missing (&lt;new&amp;code&gt;)');
  });

  it('is a page that loads nothing', () => {
    expect(availabilityHtml(availabilityReport(facts, english), english)).not.toMatch(
      /<script|src=|href=|url\(/,
    );
  });
});

describe('captions', () => {
  const start = Date.UTC(2026, 10, 23, 12);
  const phrase = (at: number, text: string, participantPurpose = 'external') => ({
    participantPurpose,
    text,
    startTimeMs: start + at,
    duration: { milliseconds: 1500 },
  });
  const captions = (...phrases: ReturnType<typeof phrase>[]) =>
    webVtt({ startTime: start, transcripts: [{ phrases }] });

  it('are one cue for each phrase, in order of time, with who speaks', () => {
    expect(captions(phrase(3_661_007, 'Bye.', 'internal'), phrase(0, 'Hello.'))).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:01.500\n<v Customer>Hello.\n\n01:01:01.007 --> 01:01:02.507\n<v Agent>Bye.\n',
    );
  });

  it('let no text become markup or end its cue, whatever is said', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(100_000_000), (said, at) => {
        const cues = captions(phrase(at, `x${said}\n\n00:00:00.000 --> 99:00:00.000`))
          .split('\n\n')
          .slice(1);
        expect(cues).toHaveLength(1);
        expect(cues[0]?.split('\n')[1]?.replace('<v Customer>', '')).not.toMatch(/[<>]/);
      }),
    );
  });

  it('are there without a phrase, too', () => {
    expect(webVtt({})).toBe('WEBVTT\n\n');
  });
});

describe('the bucket of the bulk export', () => {
  it('is asked by the hour in which a conversation began, with numbers padded and not', () => {
    expect(bucketPrefixes('org', 'c1', '2024-03-07T09:05:00.000Z')).toEqual([
      'org/year=2024/month=03/day=07/hour=09/conversation_id=c1/',
      'org/year=2024/month=3/day=7/hour=9/conversation_id=c1/',
    ]);
    expect(bucketPrefixes('org', 'c1', '2024-12-17T19:05:00.000Z')).toHaveLength(1);
  });

  it.each([
    ['a/r1.opus', { recordingId: 'r1', ending: 'opus' }],
    ['a/r1.wav', { recordingId: 'r1', ending: 'wav' }],
    ['a/r1_metadata.json', null],
    ['a/r1.opus_metadata.json', null],
    ['a/r1.opus_call_metadata.json', null],
    ['a/r1.transcript.json', null],
    ['a/', null],
  ])('tells recordings from what stands beside them: %s', (key, expected) => {
    expect(recordingOfKey(key)).toEqual(expected);
  });
});

describe('queries of the audit trail', () => {
  const now = new Date('2026-11-23T12:00:00Z');
  it('cover the year that audits are kept, without gap or overlap, for each contact and note', () => {
    const queries = planAuditQueries(now, ['c1', 'c2'], ['n1']);
    for (const entityId of ['c1', 'c2', 'n1']) {
      const windows = queries.filter((query) => query.entityId === entityId);
      expect(windows[0]?.window.from).toBe('2025-11-23T12:00:00.000Z');
      expect(windows.at(-1)?.window.to).toBe(now.toISOString());
      windows.slice(1).forEach(({ window }, i) => {
        expect(window.from).toBe(windows[i]?.window.to);
      });
      for (const { window } of windows) {
        const days = (Date.parse(window.to) - Date.parse(window.from)) / 86_400_000;
        expect(days).toBeLessThanOrEqual(30);
      }
    }
    expect(queries.filter(({ entityType }) => entityType === 'Note')).toHaveLength(13);
  });
});

describe('attributes of participants', () => {
  const conversation = {
    participants: [
      { purpose: 'customer', attributes: { order: '1', card: '4111' } },
      { purpose: 'agent' },
    ],
  };
  it.each([
    [new Set<string>(), {}, ['order', 'card']],
    [new Set(['order']), { order: '1' }, ['card']],
    ['all' as const, { order: '1', card: '4111' }, []],
  ])('leave only what is allowed: %#', (allowed, kept, withheld) => {
    const result = keepAttributes(conversation, allowed);
    expect(result.conversation.participants?.[0]?.['attributes']).toEqual(kept);
    expect([...result.withheld]).toEqual(withheld);
    expect(conversation.participants[0]?.attributes).toEqual({ order: '1', card: '4111' });
  });
});

describe('flattening', () => {
  const noFiles = {
    audioFiles: 0,
    transcriptFiles: 0,
    emails: 0,
    messages: 0,
    attributesWithheld: 0,
  };
  it('joins several queues and agents, and falls back to codes where names are gone', () => {
    const conversation: SourceConversation = {
      conversationId: 'x',
      conversationStart: '2024-01-01T10:00:00.000Z',
      conversationEnd: '2024-01-01T10:01:30.000Z',
      originatingDirection: 'inbound',
      participants: [
        { purpose: 'customer', sessions: [{ mediaType: 'voice' }] },
        {
          purpose: 'agent',
          userId: 'u1',
          sessions: [
            {
              segments: [
                { queueId: 'q1', wrapUpCode: 'w1' },
                { queueId: 'q2', wrapUpCode: 'w1' },
              ],
            },
          ],
        },
      ],
    };
    const details = {
      participants: [
        { purpose: 'acd', queueId: 'q1', queueName: 'Orders' },
        { purpose: 'agent', userId: 'u1', name: 'Ada', queueName: 'Orders' },
        { purpose: 'agent', name: 'Bela', queueName: 'Billing' },
      ],
    };
    const whole = flattenConversation(
      7,
      conversation,
      details,
      { ...noFiles, audioFiles: 1 },
      'Europe/Berlin',
    );
    const bare = flattenConversation(8, conversation, null, noFiles, 'UTC');
    const [first, second] = nameRows([whole, bare]);
    expect(first).toMatchObject({
      audioFiles: 1,
      number: 7,
      date: '2024-01-01',
      time: '10:00:00',
      startLocal: '2024-01-01T11:00:00+01:00',
      timeZone: 'Europe/Berlin',
      durationSeconds: 90,
      channel: 'voice',
      queue: 'Orders; Billing',
      agent: 'Ada; Bela',
      wrapUp: 'w1',
    });
    // Named by another conversation, or by its id.
    expect(second).toMatchObject({ queue: 'Orders; q2', agent: 'Ada', wrapUp: 'w1' });
  });
});

describe('the body of a request', () => {
  it('never repeats in its problems what was sent', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), (secret) => {
        const value = `${secret}-secret-value`;
        const body = {
          ticketId: 1,
          identifiers: [{ type: value, value }],
          receivedAt: value,
          [`f${1}`]: value,
        };
        try {
          parseRequestBody(body, null);
          throw new Error('accepted');
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidBodyError);
          expect(JSON.stringify((error as InvalidBodyError).problems)).not.toContain(
            'secret-value',
          );
        }
      }),
    );
  });
});

describe('the end of a package', () => {
  const availableUntil = '2026-11-24T12:00:00.000Z';
  it.each([
    ['nothing is released', null, null, null],
    ['nobody downloads', availableUntil, null, availableUntil],
    ['a download has ended before', availableUntil, '2026-11-24T11:00:00.000Z', availableUntil],
    ['a download runs', availableUntil, '2026-11-24T12:15:00.000Z', '2026-11-24T12:15:00.000Z'],
    ['one never ends', availableUntil, '2026-11-27T12:00:00.000Z', '2026-11-25T12:00:00.000Z'],
  ])('when %s', (_name, until, downloadUntil, expected) => {
    expect(packageEndsAt({ availableUntil: until, downloadUntil })).toBe(expected);
  });
});
