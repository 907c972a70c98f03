import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Verdict } from '../../core/subject/verdicts';
import { Button } from '../shared/button';
import { Facts, type Fact } from '../shared/facts';
import { useWords, type Words } from '../shared/words';
import { nameOf, sentenceOf } from './custody-words';
import { draftOf, isOfChosen } from './decision-draft';
import { candidateName, identifierLabel } from './evidence-words';
import type { Custody, Evidence, Revealed } from './officer-api';
import { Loaded, useResource } from './resource';
import type { RequestView } from './request-view';
import { proofText } from './request-words';

interface Props {
  evidence: Evidence;
  view: RequestView;
  /** Opens the form again; null where nothing can be changed any more. */
  change: (() => void) | null;
  /** Whether it takes the place of a form that was saved or left just now. */
  takesFocus: boolean;
  revealed: Revealed | null;
}

/** What was decided, by whom, when and why: to read, once nothing waits for a decision. */
export function Decided({ evidence, view, change, takesFocus, revealed }: Props): JSX.Element {
  const words = useWords();
  const { t } = words;
  const { summary, calls } = view;
  const heading = useRef<HTMLHeadingElement>(null);
  const decidedAt = evidence.decision?.at ?? '';
  const custody = useResource(summary.requestId, calls.custody, { since: decidedAt });
  useEffect(() => {
    // The button that had the focus is gone with the form.
    if (takesFocus) heading.current?.focus();
  }, []);
  return (
    <section class="card decided" aria-labelledby="decided">
      <header class="part-head">
        <h2 id="decided" tabIndex={-1} ref={heading}>
          {t('officer.decided.title')}
        </h2>
        {change && <Button run={change}>{t('officer.decided.change')}</Button>}
      </header>
      <Facts facts={factsOf(evidence, words, revealed)} />
      <h3>{t('officer.decided.by')}</h3>
      <Loaded of={custody} rows={2}>
        {(data) => <Decisions custody={data} />}
      </Loaded>
    </section>
  );
}

/** Each decision with its officer, time and reason, the newest first. */
function Decisions({ custody }: { custody: Custody }): JSX.Element {
  const words = useWords();
  const decisions = custody.custody.filter(({ event }) => event === 'decided').toReversed();
  return (
    <ul class="decisions">
      {decisions.map((line) => (
        <li key={line.sequence}>
          <strong>{sentenceOf(line, words)}</strong>
          {line.annotation && <p>{line.annotation.justification}</p>}
          <p class="secondary">
            {nameOf(line, words)}, {words.dateTime(line.at)}
          </p>
        </li>
      ))}
    </ul>
  );
}

/** What was decided, as names and values; what nothing was decided on is left out. */
function factsOf(evidence: Evidence, words: Words, revealed: Revealed | null): Fact[] {
  const { t, list, number } = words;
  const { candidates, identifiers, doubtful, noContact } = evidence;
  const draft = draftOf(evidence);
  const chosen = candidates.filter(({ isChosen }) => isChosen);
  const who =
    chosen.length > 0
      ? list(chosen.map((one) => candidateName(one.number, words)))
      : noContact === null
        ? ''
        : t('officer.decided.nobody');
  const answered = (verdict: Verdict): string =>
    list(
      identifiers
        .filter((one) => one.answer === verdict && isOfChosen(one, draft, evidence))
        .map((one) => identifierLabel(one, { evidence, words, revealed })),
    );
  const counts = (['included', 'withheld', 'undecided'] as const).flatMap((name) => {
    const count = doubtful?.[name] ?? 0;
    const what = t(`officer.doubtful.totals.${name}`, { count });
    return count === 0 ? [] : [`${number(count)} ${what}`];
  });
  const method = t(`officer.decision.methods.${draft.method}`);
  const facts: [string, ...string[]][] = [
    [t('officer.decided.who'), who],
    [t('officer.decision.method'), method, proofText(evidence.status, words)],
    [t('officer.decided.included'), answered('include')],
    [t('officer.decided.withheld'), answered('withhold')],
    [t('officer.decided.conversations'), list(counts)],
  ];
  return facts.flatMap(([name, ...values]) => (values[0] === '' ? [] : [{ name, values }]));
}
