import { loadLocales } from '../../src/adapters/locales';
import { translator } from '../../src/core/i18n/translator';
import { availabilityHtml } from '../../src/core/package/availability-html';
import {
  availabilityReport,
  type AvailabilityReport,
} from '../../src/core/package/availability-report';
import { reasonText, sentenceOf } from '../../src/core/package/availability-sentences';
import {
  statementsOf,
  type AvailabilityFacts,
  type Statement,
} from '../../src/core/package/availability-statements';
import {
  chosenGrounds,
  groundOf,
  groundOfMasking,
  grounds,
  leftOutData,
} from '../../src/core/package/grounds';
import { redactionReasons } from '../../src/core/redaction/redactions';
import { emptyCounts, withheldReasons } from '../../src/core/package/items';
import { doubts } from '../../src/core/subject/decision';
import { unsearchedReasons, type UnsearchedReason } from '../../src/core/subject/contact';

const english = translator(loadLocales(null), 'en');

/** The report as a page. */
const htmlOf = (report: AvailabilityReport): string =>
  availabilityHtml(
    { report, groups: [], processing: null, controller: 'Example Ltd', timeZone: 'UTC' },
    english,
  );

describe('the availability report', () => {
  const facts: AvailabilityFacts = {
    createdAt: '2026-11-23T12:00:00.000Z',
    searched: { from: '2019-11-23T00:00:00.000Z', to: '2026-11-23T12:00:00.000Z', windows: 83 },
    searchableFrom: '2021-11-23T12:00:00.000Z',
    indexedUntil: null,
    auditRetainedFrom: null,
    counts: emptyCounts(),
    attributesWithheld: 0,
    redactions: {},
    missing: [],
    organisation: 'main',
    otherOrganisations: [],
    visibleDivisions: [],
    declaredPermissions: [],
    unprovenPermissions: [],
    withheldByPolicy: 0,
    unprotectedConversations: 0,
    refusedHosts: [],
    leftOut: [],
    chosenGrounds: {
      attributes: 'notPersonal',
      summaries: 'onRequest',
      sentiment: 'onRequest',
      secureAttributes: 'secrets',
      evaluations: 'rightsOfOthers',
    },
    complaint: { contact: 'privacy@shop.example', authority: null },
    contactRecord: 'found',
    searchedIdentifiers: 2,
    notSearched: [],
  };

  it.each([
    ['officers', 0, ['A privacy officer has looked at 3 conversations']],
    [
      'officers and policy',
      2,
      [
        'A privacy officer has looked at 1 conversation that',
        '2 conversations may be another person’s and were left out by the company’s rule. Nobody was asked',
      ],
    ],
    ['policy', 3, ['3 conversations may be another person’s and were left out by the company’s']],
  ])('says that %s left out doubtful conversations', (_name, withheldByPolicy, expected) => {
    const left = (
      conversation: number,
      reason: string,
      kind: 'conversation' | 'audio' = 'conversation',
    ) => ({ conversation, kind, status: 'withheld' as const, reason });
    const missing = [
      left(1, 'otherContact'),
      left(2, 'beforeContact'),
      left(3, 'sharedIdentifier'),
      // Nobody looked at these, and these are no doubt.
      left(4, 'notDecided'),
      left(5, 'notDecidedInTime'),
      left(6, 'voicesInOneChannel', 'audio'),
    ];
    const { sentences } = availabilityReport({ ...facts, missing, withheldByPolicy }, english);
    const said = sentences.filter((one) => /looked at|company’s rule/.test(one));
    expect(said).toHaveLength(expected.length);
    expected.forEach((start, i) => expect(said[i]?.startsWith(start)).toBe(true));
  });

  it.each(Object.keys(loadLocales(null)))(
    'in %s promises no decision on what is left out',
    (locale) => {
      const language = translator(loadLocales(null), locale);
      const texts = [...doubts, 'notDecided', 'notDecidedInTime'].map((reason) =>
        reasonText(reason, language),
      );
      expect(new Set(texts).size).toBe(5);
      for (const text of texts)
        expect(text).not.toMatch(/until|bis der|jusqu|hasta|finché|totdat|\(/);
    },
  );

  it.each<[AvailabilityFacts['contactRecord'], Statement['about'][]]>([
    ['found', []],
    ['none', ['noContactRecord']],
    ['noneAndOnlyNumberProven', ['noContactRecord', 'onlyNumberProven']],
    ['noneAndOnlyLoginProven', ['noContactRecord', 'onlyLoginProven']],
  ])(
    'states whether there is a contact record, and what was proven without (%s)',
    (contactRecord, stated) => {
      const { statements, sentences } = availabilityReport({ ...facts, contactRecord }, english);
      const about = statements.map((statement) => statement.about);
      expect(about.filter((one) => /contactRecord|only(Number|Login)/i.test(one))).toEqual(stated);
      const text = sentences.join(' ');
      expect(text.includes('There is no contact record of you.')).toBe(stated.length > 0);
      expect(text.includes('The code proves that number only.')).toBe(
        stated.some((one) => one === 'onlyNumberProven'),
      );
      expect(text.includes('That proves the mailbox or number of the account only.')).toBe(
        stated.some((one) => one === 'onlyLoginProven'),
      );
    },
  );

  it('states the organisations and divisions that it covers, and what policy leaves out', () => {
    const { sentences } = availabilityReport(
      {
        ...facts,
        otherOrganisations: ['emea', 'apac'],
        visibleDivisions: ['Sales', 'Support'],
        unprotectedConversations: 3,
        refusedHosts: ['files.example', 'media.example'],
        leftOut: ['sentiment'],
      },
      english,
    );
    expect(sentences).toContain(
      'Searched: the organisation main. emea, apac are not part of this package; each needs a separate request.',
    );
    expect(sentences).toContain('Left out by policy: sentiment.');
    expect(sentences).toContain(
      'Files at these hosts were not fetched, because the settings do not allow them: files.example, media.example.',
    );
    expect(sentences.join(' ')).toContain(
      '3 conversations could not be protected from deletion in the source',
    );
    expect(sentences.join(' ')).toContain(
      'Proven to be shown to this app: the divisions Sales, Support. Not provable',
    );
  });

  it('states in every language what was declared about permissions, and what nothing proves', () => {
    const locales = loadLocales(null);
    expect(Object.keys(locales)).toHaveLength(6);
    const declaredPermissions = ['recording:recording:viewSensitiveData'];
    const unprovenPermissions = ['recording:screenRecording:view', 'recording:recording:restore'];
    for (const language of Object.keys(locales)) {
      const { sentences } = availabilityReport(
        { ...facts, declaredPermissions, unprovenPermissions },
        translator(locales, language),
      );
      const [declared = '', unproven = ''] = sentences.slice(-2);
      expect(declared).toContain('recording:recording:viewSensitiveData');
      expect(unproven).toContain('recording:screenRecording:view, recording:recording:restore');
    }
    const { sentences } = availabilityReport({ ...facts, declaredPermissions }, english);
    expect(sentences.at(-1)).toContain('Declared by the company, not proven');
  });

  it('states by which identifiers on file nothing was searched, and why', () => {
    const phone = (value: string, reason: UnsearchedReason) => ({ type: 'phone', value, reason });
    const report = availabilityReport(
      {
        ...facts,
        searchedIdentifiers: 6,
        notSearched: [
          phone('+4930222', 'shared'),
          phone('+4930333', 'shared'),
          phone('+4930444', 'extension'),
          { type: 'whatsapp', value: 'two words', reason: 'notReadable' },
          { type: 'Cookie', value: 'cookie-1', reason: 'notSearchable' },
        ],
      },
      english,
    );
    expect(report.sentences).toContain(
      'Searched by 6 of 11 identifiers on file. Not searched by: 2 phone numbers (also held by other contacts); 1 phone number (with an extension, so shared behind a switchboard); 1 identifier of the type WhatsApp (not readable as it is stored); 1 identifier of the type Cookie (conversations cannot be searched by this type). The file data/profile.json names them.',
    );
    expect(report.statements).toContainEqual({
      about: 'identifiersNotSearched',
      searched: 6,
      identifiers: [
        { type: 'phone', reason: 'shared', count: 2 },
        { type: 'phone', reason: 'extension', count: 1 },
        { type: 'whatsapp', reason: 'notReadable', count: 1 },
        { type: 'Cookie', reason: 'notSearchable', count: 1 },
      ],
    });
    // Statements are shown to the ticketing system: they hold no identifier.
    expect(JSON.stringify(report)).not.toMatch(/4930|cookie-1|two words/);
  });

  it.each(['de', 'en', 'es', 'fr', 'it', 'nl'])(
    'states identifiers that were not searched by in %s, without a gap',
    (tag) => {
      const language = translator(loadLocales(null), tag);
      for (const reason of unsearchedReasons) {
        const notSearched = ['phone', 'email', 'line', 'Cookie'].map((type) => ({
          type,
          value: 'x',
          reason,
        }));
        const { sentences } = availabilityReport({ ...facts, notSearched }, language);
        const [sentence] = sentences.filter((one) => one.includes('data/profile.json'));
        expect(sentence).toMatch(/2 .*6 /);
        expect(sentence).not.toMatch(/[{}]|report\./);
      }
      expect(availabilityReport(facts, language).sentences.join(' ')).not.toContain('profile.json');
    },
  );

  it('states in sentences what is there and what is missing', () => {
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
    const auditRetainedFrom = '2025-11-23T12:00:00.000Z';
    const { sentences } = availabilityReport(
      {
        ...facts,
        counts,
        missing,
        attributesWithheld: 2,
        indexedUntil: '2026-11-23T10:00:00.000Z',
        auditRetainedFrom,
      },
      english,
    );
    expect(sentences).toEqual([
      'Conversations: 50 of 50 conversations.',
      'Audio: 49 of 50 recordings; 1 recording not transferred.',
      'Transcripts: 25 of 50 recordings; 25 recordings without a transcript in the source.',
      'Notes on the contact: 0 of 0 notes.',
      '2 attributes of participants were left out by policy.',
      'Attributes of participants: left out because they are about technical handling and not about you (Art. 4(1) GDPR).',
      'If you don’t agree with what is left out or masked, write to privacy@shop.example. You also have the right to lodge a complaint with a data protection supervisory authority, and to seek a judicial remedy (Art. 77 and 79 GDPR).',
      'We can’t search conversations before 23 November 2021. The search covered 23 November 2019 to 23 November 2026.',
      'Conversations after 23 November 2026 at 10:00 (UTC) can’t be searched yet.',
      'Changes to your record before 23 November 2025 are not kept.',
      'We can’t rule out that parts of the contact centre were hidden from this search.',
    ]);
  });

  it('lists every missing item with its reason, known or unknown', () => {
    const missing = [
      { conversation: 3, kind: 'audio' as const, status: 'failed' as const, reason: '<new&code>' },
    ];
    const report = availabilityReport({ ...facts, missing }, english);
    expect(report.missing).toEqual([
      { conversation: 3, kind: 'audio', status: 'failed', reason: '<new&code>' },
    ]);
    expect(htmlOf(report)).toContain('missing (&lt;new&amp;code&gt;)');
  });

  it('gives the facts as data, with an unknown reason as that', () => {
    const counts = emptyCounts();
    counts.note.exported = 2;
    const missing = [
      { conversation: 0, kind: 'note' as const, status: 'failed' as const, reason: null },
    ];
    const given = { ...facts, counts, missing, indexedUntil: '2026-11-23T10:00:00.000Z' };
    const report = availabilityReport({ ...given, auditRetainedFrom: facts.createdAt }, english);
    expect(report).toEqual({
      format: 'data-availability-report',
      version: 1,
      createdAt: facts.createdAt,
      language: 'en',
      searched: facts.searched,
      searchableFrom: facts.searchableFrom,
      indexedUntil: '2026-11-23T10:00:00.000Z',
      auditRetainedFrom: facts.createdAt,
      counts,
      statements: statementsOf({ ...given, auditRetainedFrom: facts.createdAt }),
      sentences: report.statements.map((statement) => sentenceOf(statement, english)),
      missing: [{ conversation: 0, kind: 'note', status: 'failed', reason: 'unknown' }],
    });
    expect(report.sentences).toContain(
      'Notes on the contact: 2 of 2 notes; 1 note missing (unknown).',
    );
  });

  /** What is stated besides the kinds. */
  const aboutOf = (change: Partial<AvailabilityFacts>): string[] =>
    statementsOf({ ...facts, searchableFrom: null, ...change })
      .filter(({ about }) => about !== 'kind' && about !== 'divisions')
      .map(({ about }) => about);

  it.each<[Partial<AvailabilityFacts>, string[]]>([
    [{}, []],
    [{ unprotectedConversations: 1 }, ['unprotectedConversations']],
    [{ attributesWithheld: 1 }, ['attributesWithheld', 'ground', 'complaint']],
    [{ redactions: { cardNumber: { 'a#b': 1 } } }, ['redacted', 'ground', 'complaint']],
    [{ redactions: { 'notExamined:attachment': { 'a#': 1 } } }, ['notExamined']],
    [{ redactions: { 'notExamined:screen': { 'a#': 1 } } }, ['notExamined']],
    [{ redactions: { mutedRecording: { 'a#sound': 1 } } }, ['recordingsMuted']],
    [{ refusedHosts: ['media.example'] }, ['refusedHosts']],
    [{ otherOrganisations: ['emea'] }, ['otherOrganisations']],
    [{ leftOut: ['summaries'] }, ['leftOut', 'ground', 'complaint']],
    [{ auditRetainedFrom: '2020-01-01T00:00:00.000Z' }, ['auditRetainedFrom']],
    [{ searchableFrom: facts.searched.from }, []],
    [{ searchableFrom: '2019-11-23T00:00:00.001Z' }, ['searchableFrom']],
    [{ searchableFrom: '2018-01-01T00:00:00.000Z' }, []],
    [{ indexedUntil: facts.searched.to }, []],
    [{ indexedUntil: '2026-11-23T11:59:59.999Z' }, ['indexedUntil']],
    [{ indexedUntil: '2027-01-01T00:00:00.000Z' }, []],
  ])('states besides the kinds, for %j: %j', (change, expected) => {
    expect(aboutOf(change)).toEqual(expected);
  });

  it('states some kinds always, and others where the source has something of them', () => {
    const counts = emptyCounts();
    counts.survey.absent = 1;
    counts.voicemail.withheld = 2;
    counts.chat.exported = 1;
    const kinds = statementsOf({ ...facts, counts }).filter(({ about }) => about === 'kind');
    const none = { about: 'kind', exported: 0, of: 0, missing: [] };
    expect(kinds).toEqual([
      { ...none, kind: 'conversation' },
      { ...none, kind: 'audio' },
      { ...none, kind: 'transcript' },
      { ...none, kind: 'chat', exported: 1, of: 1 },
      { ...none, kind: 'survey', of: 1 },
      { ...none, kind: 'voicemail', of: 2 },
      { ...none, kind: 'note' },
    ]);
  });

  it('counts what is missing of a kind by its reason, in the order of the items', () => {
    const missing = ['notListed', null, 'notListed', 'tooDeep'].map((reason, i) => ({
      conversation: i,
      kind: 'audio' as const,
      status: 'failed' as const,
      reason,
    }));
    const note = {
      conversation: 9,
      kind: 'note' as const,
      status: 'failed' as const,
      reason: null,
    };
    const [, audio] = statementsOf({ ...facts, missing: [...missing, note] });
    expect(audio).toMatchObject({
      kind: 'audio',
      missing: [
        { reason: 'notListed', count: 2 },
        { reason: 'unknown', count: 1 },
        { reason: 'tooDeep', count: 1 },
      ],
    });
    expect(sentenceOf(audio as Statement, english)).toBe(
      'Audio: 0 of 0 recordings; 2 recordings marked as recorded but not listed by the source; 1 recording missing (unknown); 1 recording too deeply nested, or in too many parts, to be processed.',
    );
  });

  it('states how often something was masked by reason, and what nobody looked into by kind', () => {
    const redactions = {
      'notExamined:recording': { 'a.mp3#': 4 },
      'pattern:iban': { 'a#b': 2, 'b#b': 1 },
      agent: { 'a#c': 1 },
      'notExamined:attachment': { 'a.pdf#': 1, 'b.pdf#': 1 },
    };
    const stated = statementsOf({ ...facts, redactions }).filter(({ about }) =>
      ['redacted', 'notExamined'].includes(about),
    );
    expect(stated).toEqual([
      {
        about: 'redacted',
        reasons: [
          { reason: 'agent', count: 1 },
          { reason: 'pattern:iban', count: 3 },
        ],
      },
      { about: 'notExamined', what: 'attachment', count: 2 },
      { about: 'notExamined', what: 'recording', count: 4 },
    ]);
  });

  it('has a ground for every reason to withhold, and for every reason to mask', () => {
    const withheld = { status: 'withheld' } as const;
    const table = Object.fromEntries(
      withheldReasons.map((reason) => [reason, groundOf({ ...withheld, reason })]),
    );
    expect(table).toEqual({
      otherContact: 'rightsOfOthers',
      beforeContact: 'rightsOfOthers',
      sharedIdentifier: 'rightsOfOthers',
      notDecided: 'rightsOfOthers',
      notDecidedInTime: 'rightsOfOthers',
      notVerified: 'notProven',
      transcriptInstead: 'rightsOfOthers',
      voicesInOneChannel: 'rightsOfOthers',
      attachmentWithheld: 'rightsOfOthers',
      maskedInSound: 'rightsOfOthers',
      soundNotMutable: 'rightsOfOthers',
      passageNotFound: 'rightsOfOthers',
      customerChannelUnknown: 'rightsOfOthers',
      voicemailNotReadable: 'sourceSecurity',
      rightsOfOthers: 'rightsOfOthers',
    });
    expect(groundOf({ status: 'failed', reason: 'notListed' })).toBeNull();
    expect(redactionReasons.map(groundOfMasking)).toEqual(
      redactionReasons.map((reason) =>
        reason === 'cardNumber' ? 'paymentCards' : 'rightsOfOthers',
      ),
    );
    expect(groundOfMasking('pattern:iban')).toBe('secrets');
    expect(grounds).toEqual(expect.arrayContaining([...chosenGrounds]));
  });

  it('says on which ground what is withheld or masked, and how to complain, in every language', () => {
    const locales = loadLocales(null);
    const missing = [
      { kind: 'conversation' as const, reason: 'sharedIdentifier' },
      { kind: 'audio' as const, reason: 'transcriptInstead' },
      { kind: 'audio' as const, reason: 'rightsOfOthers' },
      { kind: 'conversation' as const, reason: 'notVerified' },
    ].map((one, i) => ({ ...one, conversation: i + 1, status: 'withheld' as const }));
    const given: AvailabilityFacts = {
      ...facts,
      missing,
      leftOut: ['secureAttributes', 'evaluations'],
      redactions: { agent: { 'a#b': 1 }, cardNumber: { 'a#b': 1 }, 'pattern:iban': { 'a#b': 1 } },
      complaint: { contact: 'privacy@shop.example', authority: 'Data Commission' },
    };
    const stated = statementsOf(given).filter(({ about }) =>
      ['ground', 'complaint'].includes(about),
    );
    expect(stated).toEqual([
      {
        about: 'ground',
        ground: 'rightsOfOthers',
        what: ['conversation', 'audio', 'texts', 'evaluations'],
      },
      { about: 'ground', ground: 'paymentCards', what: ['texts'] },
      { about: 'ground', ground: 'secrets', what: ['texts', 'secureAttributes'] },
      { about: 'ground', ground: 'notProven', what: ['conversation'] },
      { about: 'complaint', contact: 'privacy@shop.example', authority: 'Data Commission' },
    ]);
    for (const tag of Object.keys(locales)) {
      const words = translator(locales, tag);
      const sentences = stated.map((statement) => sentenceOf(statement, words));
      expect(sentences.join()).not.toMatch(/report\.|\{|undefined/);
      expect(sentences.at(-1)).toContain('Data Commission');
      expect(sentences[0]).toContain(words.t('report.grounds.rightsOfOthers'));
    }
  });

  it('names the data that policy may leave out', () => {
    expect(leftOutData).toEqual(['summaries', 'sentiment', 'secureAttributes', 'evaluations']);
  });

  it('is an HTML page that loads nothing', () => {
    expect(htmlOf(availabilityReport(facts, english))).not.toMatch(/<script|src=|href=|url\(/);
  });
});
