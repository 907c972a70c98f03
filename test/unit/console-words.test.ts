import { loadLocales } from '../../src/adapters/locales';
import { formats } from '../../src/core/i18n/formats';
import { translator } from '../../src/core/i18n/translator';
import { itemStatuses } from '../../src/core/package/items';
import { requestStates, type RequestState } from '../../src/core/request/states';
import { failureCodes, waitReasons } from '../../src/core/results';
import { deadlineView } from '../../src/web/officer/deadline-view';
import { missingText } from '../../src/web/officer/kinds';
import { factsOf, sentenceOf } from '../../src/web/officer/custody-words';
import { nextOf, reasonText } from '../../src/web/officer/request-words';

const locales = loadLocales(null);
const words = { ...translator(locales, 'en'), ...formats('en', 'UTC') };

type Summary = Parameters<typeof nextOf>[0];
const at = '2026-11-23T12:00:00.000Z';

const summaryOf = (change: object): Summary =>
  ({
    ...{ ticketId: 'T-1', rights: ['access'], reasonCode: null, needsOfficer: false },
    ...{ clock: { pausedSince: null }, progress: null, doubtful: null, failedItems: null },
    ...{ availableUntil: at, openedAt: null, handOver: null, waiting: null },
    ...change,
  }) as unknown as Summary;

const outcomes = [
  ...['nobodyFound', 'noContact', 'ambiguousContact', 'nearMatch', 'contactSearchIncomplete'],
  ...['sharedIdentifier', 'nameDiffers', 'mandateUnchecked', 'noAuthenticationMethod'],
  'doubtfulConversations',
];

describe('what is next for a request', () => {
  it('is said in words, whatever its state and its reason', () => {
    for (const state of requestStates)
      for (const reasonCode of [null, ...outcomes, ...failureCodes, 'somethingNew'])
        for (const needsOfficer of [true, false]) {
          const summary = summaryOf({ state, reasonCode, needsOfficer });
          const { title, why } = nextOf(summary, words);
          const said = [title, why, reasonText(reasonCode, words)];
          expect([state, reasonCode, said.join(' ')]).toEqual([
            state,
            reasonCode,
            expect.not.stringMatching(/officer\.|somethingNew/) as string,
          ]);
        }
  });

  it('says what it waits for in every state in which it goes on by itself', () => {
    const running: RequestState[] = [
      ...(['received', 'awaitingVerification', 'identifying', 'needsDecision'] as const),
      ...(['exporting', 'packaging', 'available', 'delivered'] as const),
    ];
    for (const state of requestStates)
      for (const reasonCode of waitReasons) {
        const { why } = nextOf(summaryOf({ state, waiting: { reasonCode, at } }), words);
        expect([state, why === words.t(`officer.waiting.${reasonCode}`)]).toEqual([
          state,
          running.includes(state),
        ]);
      }
  });

  it('is the decision, where an officer has to make one, whatever else is waited for', () => {
    const waiting = { reasonCode: 'storageUnavailable', at };
    const asked = { state: 'needsDecision', reasonCode: 'nearMatch', needsOfficer: true, waiting };
    expect(nextOf(summaryOf(asked), words).why).toBe('A contact nearly matches');
  });
});

describe('a decision in the custody record', () => {
  it('names the groups that were answered, whatever was answered on conversations with them', () => {
    const line = {
      ...{ event: 'decided', actor: 'officer', to: null },
      detail: {
        ...{ identifiers: 1, identifiersIncluded: 0, contacts: 2, contactsIncluded: 1 },
        ...{ conversations: 3, conversationsIncluded: 3, own: 'kept' },
      },
    } as unknown as Parameters<typeof sentenceOf>[0];
    // What is left out is said as well as what is included.
    expect(sentenceOf(line, words)).toBe(
      [
        'Decided on 1 number or mailbox: 0 included, 1 left out',
        'Decided on the conversations of 2 other contacts: 1 included, 1 left out',
        'Decided on 3 conversations: 3 included, 0 left out',
      ].join('. '),
    );
  });

  const decided = (detail: object) =>
    ({ event: 'decided', actor: 'officer', to: null, detail }) as unknown as Parameters<
      typeof sentenceOf
    >[0];

  it('says all that was decided at once: who, what, the proof and what becomes of the undecided', () => {
    const whole = decided({
      ...{ candidates: '1, 2', identifiers: 2, identifiersIncluded: 1, method: 'onFile' },
      undecided: 'withhold',
    });
    expect(sentenceOf(whole, words)).toBe(
      [
        'Chose contacts A and B',
        'Decided on 2 numbers and mailboxes: 1 included, 1 left out',
        'Proof: Code, app or login on file',
        'Went on without the undecided',
      ].join('. '),
    );
    expect(factsOf(whole, words)).toBe('');
    expect(sentenceOf(decided({ method: 'officer' }), words)).toBe('Proof: In person');
    expect(sentenceOf(decided({ kindsWithheld: '', conversationsWithheld: 2 }), words)).toBe(
      'Withheld parts for the rights of others',
    );
    expect(sentenceOf(decided({ codeTo: 2 }), words)).toBe(
      'Said how the person confirms who they are',
    );
  });
});

describe('why items are not in the package', () => {
  it('is said of each status, of those that are still collected, too', () => {
    expect(missingText({ status: 'pending', reason: null }, words)).toBe('not collected yet');
    expect(missingText({ status: 'absent', reason: 'noTranscript' }, words)).toBe(
      words.t('report.reasons.noTranscript'),
    );
    for (const status of itemStatuses)
      for (const reason of [null, '', 'somethingNew'])
        expect(missingText({ status, reason }, words)).toMatch(
          /reason we don’t know|not collected/,
        );
  });
});

describe('a request that was answered', () => {
  it.each([
    ['2026-11-23T20:00:00.000Z', 'Answered the same day'],
    ['2026-11-24T08:00:00.000Z', 'Answered in 1 day'],
    ['2026-11-26T08:00:00.000Z', 'Answered in 3 days'],
  ])('on %s says so in whole days, and never in none', (answeredAt, said) => {
    const clock = {
      ...{ receivedAt: '2026-11-23T08:00:00.000Z', dueAt: '2026-12-24T00:00:00.000Z' },
      ...{ answeredAt, pausedSince: null },
    } as Parameters<typeof deadlineView>[0];
    expect(deadlineView(clock, words).words).toBe(said);
  });
});
