import { request } from '../shared/api';
import { labelled, make } from '../shared/dom';
import { act, action, paragraph } from '../shared/page';
import { identifierText, type DecisionStep } from './decision';
import type { DoubtfulConversation, DoubtfulPage, Evidence } from './officer-api';
import { select, table } from './table';
import { t, tag, timeOf } from './words';

/** Rows on a page. */
const pageLength = 50;

type Doubtful = NonNullable<Evidence['doubtful']>;

/** The part of the page that decides on doubtful conversations: by identifier, contact and row. */
export function doubtfulPart(
  step: DecisionStep,
  { requestId, identifiers, doubtful, decision }: Evidence,
): Node[] {
  if (doubtful === null || doubtful.total === 0) return [];
  const decide = (body: object): Promise<void> => step.post('decision', body).then(step.reload);
  const identifierName = (number: number): string => {
    const identifier = identifiers.find((one) => one.number === number);
    return identifier === undefined ? String(number) : identifierText(identifier);
  };
  const goesOn = decision?.undecided === 'withhold';
  return [
    make(
      'section',
      { lang: tag() },
      make('h2', {}, t('doubtful.title')),
      paragraph(t('doubtful.totals', totalsOf(doubtful))),
      ...groupsPart(
        [t('doubtful.byIdentifier'), t('doubtful.byIdentifierHint')],
        doubtful.byIdentifier.map((one) => ({ ...one, what: identifierName(one.identifier) })),
        ({ identifier }, verdict) => decide({ identifiers: [{ identifier, verdict }] }),
      ),
      ...groupsPart(
        [t('doubtful.byContact'), ''],
        doubtful.byContact.map((one) => ({ ...one, what: one.contactId })),
        ({ contactId }, verdict) => decide({ contacts: [{ contactId, verdict }] }),
      ),
      rowsPart(requestId, decide),
      ...(goesOn ? [paragraph(t('doubtful.goesOn'))] : []),
      goesOn
        ? action(t('doubtful.wait'), () => decide({ undecided: 'wait' }), { class: 'quiet' })
        : action(t('doubtful.goOn'), () => decide({ undecided: 'withhold' }), { class: 'quiet' }),
    ),
  ];
}

const totalsOf = ({ total, undecided, included, withheld }: Doubtful) => ({
  total,
  undecided,
  included,
  withheld,
});

/** Groups of conversations that one answer decides on. */
function groupsPart<T extends { what: string; total: number; undecided: number }>(
  [title, hint]: readonly [string, string],
  groups: readonly T[],
  decide: (group: T, verdict: 'include' | 'withhold') => Promise<void>,
): Node[] {
  if (groups.length === 0) return [];
  return [
    make('h3', {}, title),
    ...(hint === '' ? [] : [paragraph(hint, { class: 'hint' })]),
    ...groups.map((group) => {
      const { what, total, undecided } = group;
      return make(
        'p',
        {},
        t('doubtful.counted', { what, total, undecided }),
        ' ',
        action(t('doubtful.include'), () => decide(group, 'include'), {
          class: 'quiet',
          'aria-label': t('doubtful.includeAll', { what }),
        }),
        action(t('doubtful.withhold'), () => decide(group, 'withhold'), {
          class: 'quiet',
          'aria-label': t('doubtful.withholdAll', { what }),
        }),
      );
    }),
  ];
}

/** The table of conversations, a page of it at a time, with a filter. */
function rowsPart(requestId: string, decide: (body: object) => Promise<void>): HTMLElement {
  const filter = select(
    t('doubtful.show'),
    ['undecided', 'include', 'withhold', 'all'].map((one) => [one, t(`doubtful.verdicts.${one}`)]),
    'undecided',
  );
  const shown = make('div', {});
  const show = async (cursor: string | null): Promise<void> => {
    const query = new URLSearchParams({ limit: String(pageLength) });
    if (filter.value !== 'all') query.set('verdict', filter.value);
    if (cursor !== null) query.set('cursor', cursor);
    const path = `/api/requests/${requestId}/decision/conversations?${query.toString()}`;
    shown.replaceChildren(...pageOf(await request<DoubtfulPage>('GET', path), decide, show));
  };
  const first = action(t('doubtful.first'), () => show(null), { class: 'quiet' });
  filter.addEventListener('change', () => void act(first, () => show(null)));
  void act(first, () => show(null));
  return make('div', {}, labelled(t('doubtful.show'), filter), shown, first);
}

function pageOf(
  { conversations, next }: DoubtfulPage,
  decide: (body: object) => Promise<void>,
  show: (cursor: string | null) => Promise<void>,
): Node[] {
  if (conversations.length === 0) return [paragraph(t('doubtful.none'))];
  const choices = conversations.map(({ startedAt, verdict }) =>
    select(
      t('doubtful.decideRow', { time: timeOf(startedAt) }),
      [
        ['', t('doubtful.verdicts.undecided')],
        ['include', t('doubtful.include')],
        ['withhold', t('doubtful.withhold')],
      ],
      verdict ?? '',
    ),
  );
  const save = (): Promise<void> =>
    decide({
      conversations: conversations.flatMap(({ conversationId, verdict: before }, i) => {
        const verdict = choices[i]?.value ?? '';
        return verdict === '' || verdict === before ? [] : [{ conversationId, verdict }];
      }),
    });
  return [
    table(
      [
        ...[t('doubtful.time'), t('doubtful.channel'), t('doubtful.queue'), t('doubtful.why')],
        ...[t('doubtful.tiedBy'), t('doubtful.contact'), t('doubtful.verdict')],
      ],
      conversations.map((one, i) => [...cellsOf(one), choices[i] ?? '']),
    ),
    action(t('doubtful.saveRows'), save),
    ...(next === null ? [] : [action(t('doubtful.next'), () => show(next), { class: 'quiet' })]),
  ];
}

const cellsOf = (one: DoubtfulConversation): string[] => [
  timeOf(one.startedAt),
  [
    ...one.channels,
    ...(one.direction === null ? [] : [t(`doubtful.directions.${one.direction}`)]),
  ].join(', '),
  one.queues.join(', '),
  t(`doubtful.doubts.${one.doubt}`),
  one.tiedBy.join(', '),
  one.otherContacts.join(', '),
];
