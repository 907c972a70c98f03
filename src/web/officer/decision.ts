import { labelled, make } from '../shared/dom';
import { action, paragraph } from '../shared/page';
import type { Candidate, Evidence, IdentifierEvidence, Revealed } from './officer-api';
import { select, table } from './table';
import { dayOf, t, tag, timeOf } from './words';

/** What a decision on the person changes, and how it is sent. */
export interface DecisionStep {
  /** Posts a body with the justification that the officer has entered. */
  post: <T = unknown>(path: string, body?: object) => Promise<T>;
  /** Shows the request again as it is now. */
  reload: () => Promise<void>;
}

const undecided = 'undecided';
const verdictOptions = (): [string, string][] =>
  [undecided, 'include', 'withhold'].map((verdict) => [verdict, t(`decision.answers.${verdict}`)]);

/** An identifier as the page names it: its number, its type and what of it may be read. */
export function identifierText({ number, type, masked }: IdentifierEvidence): string {
  const names: Record<string, string> = {
    email: t('decision.mailbox'),
    phone: t('decision.number'),
  };
  return t('decision.identifier', { number, type: names[type] ?? type, masked });
}

/** The part of the page that decides on the person. */
export function decisionPart(step: DecisionStep, evidence: Evidence): HTMLElement {
  const chosen = candidateChoice(evidence);
  const answers = identifierAnswers(evidence);
  const reach = contactPoints(evidence);
  const method = methodChoice(evidence);
  const result = make('div', { role: 'status' });
  const save = (): Promise<void> =>
    step
      .post('decision', {
        ...chosen.answer(),
        ...answers.answer(),
        ...method.answer(),
        ...reach.answer(),
      })
      .then(step.reload);
  const reveal = async (): Promise<void> => {
    result.replaceChildren(revealedPart(await step.post<Revealed>('decision/reveal')));
  };
  return make(
    'section',
    { lang: tag() },
    make('h2', {}, t('decision.title')),
    ...(evidence.decision === null
      ? []
      : [paragraph(t('decision.saved', { time: timeOf(evidence.decision.at) }))]),
    ...chosen.parts,
    ...reach.counts,
    ...answers.parts,
    ...method.parts,
    ...reach.parts,
    action(t('decision.save'), save),
    paragraph(t('decision.revealHint'), { class: 'hint' }),
    action(t('decision.reveal'), reveal, { class: 'quiet' }),
    result,
  );
}

/** Something that is asked, and what the officer has answered. */
interface Question {
  parts: Node[];
  answer: () => object;
}

function candidateChoice({ candidates, identifiers }: Evidence): Question {
  if (candidates.length === 0) return { parts: [], answer: () => ({}) };
  const boxes = candidates.map(({ isChosen }) =>
    make('input', { type: 'checkbox', ...(isChosen ? { checked: '' } : {}) }),
  );
  // In the order in which they are chosen: the first is written to.
  const order = candidates.filter(({ isChosen }) => isChosen).map(({ contactId }) => contactId);
  boxes.forEach((box, i) =>
    box.addEventListener('change', () => {
      const id = candidates[i]?.contactId ?? '';
      if (box.checked) order.push(id);
      else order.splice(order.indexOf(id), 1);
    }),
  );
  const given = identifiers.filter(({ isGiven }) => isGiven);
  const rows: [string, (candidate: Candidate) => string][] = [
    [t('decision.contact'), ({ contactId }) => contactId],
    [t('decision.name'), nameText],
    ...given.map((one): [string, (candidate: Candidate) => string] => [
      identifierText(one),
      (candidate) => matchText(candidate, one.number),
    ]),
    [t('decision.record'), ({ createdAt }) => dayOrUnknown(createdAt)],
    [t('decision.merged'), ({ mergedContacts }) => String(mergedContacts)],
    [t('decision.phones'), ({ phones }) => String(phones)],
    [t('decision.mailboxes'), ({ mailboxes }) => String(mailboxes)],
    [t('decision.code'), ({ codeGoesTo }) => codeGoesTo ?? t('decision.noCode')],
  ];
  return {
    parts: [
      paragraph(t('decision.about')),
      table(
        [
          t('decision.compared'),
          ...candidates.map(({ number }) => t('decision.candidate', { number })),
        ],
        rows.map(([head, cell]) => [head, ...candidates.map(cell)]),
      ),
      ...(candidates.length > 1 ? [paragraph(t('decision.several'))] : []),
      ...boxes.map((box, i) =>
        labelled(t('decision.choose', { number: candidates[i]?.number ?? 0 }), box),
      ),
    ],
    answer: () => (order.length > 0 ? { contactIds: order } : {}),
  };
}

const nameText = ({ name, maskedName }: Candidate): string =>
  [t(`decision.comparisons.${name}`), ...(maskedName === null ? [] : [maskedName])].join(' · ');

function matchText({ matches }: Candidate, number: number): string {
  const match = matches.find(({ identifier }) => identifier === number);
  const verdict = t(`decision.comparisons.${match?.verdict ?? 'none'}`);
  return match?.since ? t('decision.since', { verdict, day: dayOf(match.since) }) : verdict;
}

const dayOrUnknown = (at: string | null): string =>
  at === null ? t('decision.unknown') : dayOf(at);

function identifierAnswers({ identifiers }: Evidence): Question {
  const choices = identifiers.map(({ number, answer }) =>
    select(t('decision.isTheirs', { number }), verdictOptions(), answer ?? undecided),
  );
  const factsOf = (one: IdentifierEvidence): string =>
    [
      ...(one.isGiven ? [t('decision.given')] : []),
      ...(one.isShared ? [t('decision.shared')] : []),
      ...(one.hasExtension ? [t('decision.extension')] : []),
      ...(one.candidates.length > 0
        ? [t('decision.ofCandidates', { numbers: one.candidates.join(', ') })]
        : []),
    ].join(', ');
  return {
    parts: [
      make('h3', {}, t('decision.identifiers')),
      table(
        [t('decision.identifiers'), t('decision.facts'), t('decision.theirs')],
        identifiers.map((one, i) => [identifierText(one), factsOf(one), choices[i] ?? '']),
      ),
    ],
    answer: () => {
      const answers = identifiers.flatMap(({ number, answer }, i) => {
        const verdict = choices[i]?.value ?? undecided;
        const isNew = verdict !== undecided && verdict !== answer;
        return isNew ? [{ identifier: number, verdict }] : [];
      });
      return answers.length > 0 ? { identifiers: answers } : {};
    },
  };
}

function methodChoice({ decision }: Evidence): Question {
  const before = decision?.method ?? 'onFile';
  const methods = ['onFile', 'sms', 'oidc', 'officer'];
  const choice = select(
    t('decision.method'),
    methods.map((method) => [method, t(`decision.methods.${method}`)]),
    before,
  );
  return {
    parts: [labelled(t('decision.method'), choice)],
    answer: () =>
      choice.value === before ? {} : { method: choice.value === 'onFile' ? null : choice.value },
  };
}

/** Where codes and the invitation of a person without a contact record go. */
function contactPoints({
  noContact,
  identifiers,
  decision,
}: Evidence): Question & { counts: Node[] } {
  if (noContact === null) return { counts: [], parts: [], answer: () => ({}) };
  const textOf = (number: number): string => {
    const identifier = identifiers.find((one) => one.number === number);
    return identifier === undefined ? String(number) : identifierText(identifier);
  };
  const choiceOf = (label: string, type: string, chosen: number | null): HTMLSelectElement =>
    select(
      label,
      [
        ['', t('decision.nowhere')],
        ...identifiers
          .filter((one) => one.isGiven && one.type === type)
          .map((one): [string, string] => [String(one.number), identifierText(one)]),
      ],
      chosen === null ? '' : String(chosen),
    );
  const [codeTo, inviteTo] = [
    choiceOf(t('decision.codeTo'), 'phone', decision?.codeTo ?? null),
    choiceOf(t('decision.inviteTo'), 'email', decision?.inviteTo ?? null),
  ];
  const changed = (name: string, { value }: HTMLSelectElement, before: number | null): object => {
    const number = value === '' ? null : Number(value);
    return number === before ? {} : { [name]: number };
  };
  return {
    counts: [
      make('h3', {}, t('decision.noContact')),
      table(
        [
          t('decision.identifiers'),
          t('decision.conversations'),
          t('decision.first'),
          t('decision.last'),
        ],
        noContact.identifiers.map(({ identifier, conversations, from, to }) => [
          textOf(identifier),
          String(conversations),
          from === null ? '' : dayOf(from),
          to === null ? '' : dayOf(to),
        ]),
      ),
      ...(noContact.subjects === null
        ? []
        : [paragraph(t('decision.subjects', { count: noContact.subjects }))]),
    ],
    parts: [labelled(t('decision.codeTo'), codeTo), labelled(t('decision.inviteTo'), inviteTo)],
    answer: () => ({
      ...changed('codeTo', codeTo, decision?.codeTo ?? null),
      ...changed('inviteTo', inviteTo, decision?.inviteTo ?? null),
    }),
  };
}

/** Names and identifiers in clear. */
function revealedPart({ candidates, identifiers }: Revealed): HTMLElement {
  const valueOf = ({ value, extension }: Revealed['identifiers'][number]): string =>
    extension === undefined ? value : `${value} (${extension})`;
  return make(
    'div',
    {},
    table(
      [t('decision.number'), t('decision.identifiers')],
      identifiers.map((one) => [String(one.number), valueOf(one)]),
    ),
    ...candidates.map((candidate) =>
      paragraph(
        [
          t('decision.candidate', { number: candidate.number }),
          [candidate.firstName, candidate.lastName].filter((name) => name !== null).join(' '),
          ...candidate.identifiers.map(valueOf),
        ].join(' · '),
      ),
    ),
  );
}
