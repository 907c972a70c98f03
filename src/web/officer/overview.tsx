import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { itemKinds, type ItemKind } from '../../core/package/items';
import { Bar } from '../shared/bars';
import { Button } from '../shared/button';
import { Dialog } from '../shared/dialog';
import { kindIcons } from '../shared/kind-icons';
import { Icon } from '../shared/icons';
import { Note, Tag } from '../shared/labels';
import { Steps, Timeline, type Step } from '../shared/lists';
import { useWords, type Words } from '../shared/words';
import { actionsFor } from './action-rules';
import { isMainStep, sentenceOf } from './custody-words';
import { kindColours, kindName, missingText } from './kinds';
import type { Report, WholeSummary } from './officer-api';
import { requestAddress } from './place';
import { Loaded, useResource } from './resource';
import type { RequestView } from './request-view';
import { nextOf, reasonText, sentence } from './request-words';
import { may } from './session';

/** Happenings that the overview tells; the custody record has all. */
const toldEvents = 8;

export function OverviewTab({ view }: { view: RequestView }): JSX.Element {
  const words = useWords();
  const { summary } = view;
  return (
    <>
      {summary.state === 'failed' && <Failure view={view} />}
      <EndNotice summary={summary} />
      <Steps label={words.t('officer.steps.label')} steps={stepsOf(summary, words)} />
      <div class="columns">
        <Collected view={view} />
        <Happened view={view} />
      </div>
    </>
  );
}

/** What failed, since when, and what can be done about it. */
function Failure({ view }: { view: RequestView }): JSX.Element {
  const words = useWords();
  const { t, dateTime } = words;
  const { summary, ask } = view;
  const { title } = nextOf(summary, words);
  const why = reasonText(summary.reasonCode, words);
  const actions = actionsFor(summary, may);
  return (
    <Note tone="bad" title={`${title}.`}>
      {sentence(why)} {t('officer.failedSince', { time: dateTime(summary.stateSince) })}
      <div class="buttons">
        {actions.includes('retry') && (
          <Button icon="retry" run={() => ask('retry')}>
            {t('officer.actions.retry.menu')}
          </Button>
        )}
        {actions.includes('acceptGaps') && (
          <Button run={() => ask('acceptGaps')}>{t('officer.actions.acceptGaps.menu')}</Button>
        )}
      </div>
    </Note>
  );
}

/** What others have to tell the person, where the app could not. */
function EndNotice({ summary }: { summary: WholeSummary }): JSX.Element | null {
  const { t } = useWords();
  const tell = summary.status.endNotice?.tell ?? null;
  if (tell === null) return null;
  return (
    <Note tone="warn" title={t(`officer.tellThem.${summary.status.endNotice?.by ?? 'letter'}`)}>
      <article lang={tell.language}>
        <h3>{tell.subject}</h3>
        <p class="letter-text">{tell.text}</p>
      </article>
    </Note>
  );
}

const stepNames = ['received', 'identity', 'found', 'collecting', 'packaging', 'ready'] as const;
type StepName = (typeof stepNames)[number];

/** Where a request stands among its steps: the number of those that are done. */
function stepsDone({ state, status, foundConversations, steps }: WholeSummary): number {
  const reached = (name: string): boolean => steps.some((step) => step.state === name);
  if (reached('available')) return stepNames.length;
  if (state === 'packaging') return 4;
  if (state === 'exporting') return 3;
  if (reached('exporting') && foundConversations !== null) return 3;
  return status.verifiedAt === null ? 1 : 2;
}

function stepsOf(summary: WholeSummary, words: Words): Step[] {
  const { t, dateTime } = words;
  const done = stepsDone(summary);
  const { status, progress, steps, state } = summary;
  const isOver = ['failed', 'cancelled', 'refused', 'unverified', 'noDataFound'].includes(state);
  const timeOf = (name: string): string | undefined => {
    const at = steps.findLast((step) => step.state === name)?.at;
    return at === undefined ? undefined : dateTime(at);
  };
  const counted = progress?.conversations ?? null;
  const details: Record<StepName, string | undefined> = {
    received: dateTime(summary.receivedAt),
    identity:
      status.verifiedAt === null
        ? undefined
        : [
            dateTime(status.verifiedAt),
            t(`officer.methodNames.${status.verifiedBy ?? 'onFile'}`),
          ].join(', '),
    found: foundText(summary, words),
    collecting:
      done === 3 && counted !== null && counted.total > 0
        ? words.percent(counted.done / counted.total)
        : undefined,
    packaging: timeOf('packaging'),
    ready: timeOf('available'),
  };
  return stepNames.map((name, index) => ({
    name: t(`officer.steps.${name}`),
    detail: details[name],
    state: index < done ? 'done' : index === done && !isOver ? 'now' : 'ahead',
  }));
}

function foundText(
  { foundConversations, searchedMonths }: WholeSummary,
  { t, number, month }: Words,
): string | undefined {
  if (foundConversations === null) return undefined;
  if (searchedMonths === null) return number(foundConversations);
  const { from, to } = searchedMonths;
  return t('officer.steps.foundText', {
    number: foundConversations,
    from: month(from),
    to: month(to),
  });
}

/** How far each kind of data is collected. */
function Collected({ view }: { view: RequestView }): JSX.Element {
  const words = useWords();
  const { t } = words;
  const { summary } = view;
  const byKind = summary.progress?.byKind ?? null;
  const kinds = itemKinds.filter(
    (kind) => kind !== 'conversation' && byKind && Object.values(byKind[kind]).some((n) => n > 0),
  );
  return (
    <section class="card collected" aria-labelledby="collected">
      <h2 id="collected">{t('officer.collected.title')}</h2>
      {byKind === null || kinds.length === 0 ? (
        <p class="secondary">{t('officer.collected.notYet')}</p>
      ) : (
        <ul class="kinds">
          {kinds.map((kind) => (
            <KindRow key={kind} kind={kind} counts={byKind[kind]} />
          ))}
        </ul>
      )}
      {byKind !== null && <ReportLine view={view} />}
    </section>
  );
}

type Counts = WholeSummary['status']['progress'][ItemKind];

function KindRow({ kind, counts }: { kind: ItemKind; counts: Counts }): JSX.Element {
  const words = useWords();
  const { t } = words;
  const { expected, pending, absent, failed, withheld } = counts;
  const done = expected - pending;
  const notes = [
    ...(failed > 0 ? [t('officer.collected.failed', { count: failed })] : []),
    ...(withheld > 0 ? [t('officer.collected.withheld', { count: withheld })] : []),
    ...(absent > 0 ? [t('officer.collected.absent', { count: absent })] : []),
  ];
  return (
    <li>
      <span class={`kind ${kindColours[kind] ?? ''}`}>
        <Icon name={kindIcons[kind]} />
        <strong>{kindName(kind, words)}</strong>
      </span>
      <Bar
        share={expected === 0 ? 1 : done / expected}
        tone={failed > 0 ? 'bad' : pending === 0 ? 'ok' : 'accent'}
      />
      <span class="number">{t('officer.collected.of', { done, total: expected })}</span>
      <span class="secondary">{notes.join(', ')}</span>
    </li>
  );
}

/** How much the report will name, and the report itself. */
function ReportLine({ view: { calls, summary } }: { view: RequestView }) {
  const { t, tag } = useWords();
  const isShown = useSignal(false);
  // It says more with each item, of which the custody record says nothing.
  const since = JSON.stringify([summary.custodyEntries, summary.progress]);
  const report = useResource(tag, () => calls.report(tag), { since });
  if (report.data === null)
    return report.problem === null ? null : <Loaded of={report}>{() => null}</Loaded>;
  const { sentences, isPreview } = report.data;
  return (
    <footer class="report-line">
      <span>
        {t(`officer.report.${isPreview ? 'willSay' : 'says'}`, { count: sentences.length })}
      </span>
      <Button kind="quiet" run={() => (isShown.value = true)}>
        {t(isPreview ? 'officer.report.preview' : 'officer.report.show')}
      </Button>
      {isShown.value && (
        <Dialog
          title={t(isPreview ? 'officer.report.previewTitle' : 'officer.report.title')}
          cancel={t('officer.close')}
          close={() => (isShown.value = false)}
        >
          <ReportBody report={report.data} />
        </Dialog>
      )}
    </footer>
  );
}

function ReportBody({ report }: { report: Report }): JSX.Element {
  const words = useWords();
  const { t, number } = words;
  const { kinds, sentences, language } = report;
  return (
    <>
      <ul class="bullets">
        {kinds.map(({ kind, exported, of, missing }) => (
          <li key={kind}>
            <strong>{kindName(kind, words)}</strong>{' '}
            {t('officer.collected.of', { done: exported, total: of })}
            {missing.map(({ status, reason, count }) => (
              <div key={`${status} ${reason ?? ''}`} class="secondary">
                {`${number(count)}: ${missingText({ status, reason }, words)}`}
              </div>
            ))}
          </li>
        ))}
      </ul>
      <details>
        <summary>{t('officer.report.sentences')}</summary>
        <ul class="bullets" lang={language}>
          {sentences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </details>
    </>
  );
}

/** What happened, newest first, and whether the record of it is intact. */
function Happened({ view }: { view: RequestView }): JSX.Element {
  const words = useWords();
  const { t, dateTime } = words;
  const { summary, calls } = view;
  const custody = useResource(summary.requestId, calls.custody, view.again);
  return (
    <section class="happened" aria-labelledby="happened">
      <Loaded of={custody}>
        {({ custody: lines, isIntact }) => (
          <>
            <header>
              <h2 id="happened">{t('officer.happened.title')}</h2>
              <Tag tone={isIntact ? 'ok' : 'bad'} icon={isIntact ? 'shield' : 'warning'}>
                {t(isIntact ? 'officer.custody.intactTag' : 'officer.custody.brokenTag')}
              </Tag>
            </header>
            <Timeline
              events={lines
                .filter(isMainStep)
                .toReversed()
                .slice(0, toldEvents)
                .map((line, index) => ({
                  key: String(line.sequence),
                  text: `${sentenceOf(line, words)}.`,
                  at: dateTime(line.at),
                  isNow: index === 0,
                }))}
            />
          </>
        )}
      </Loaded>
      <p>
        <a href={requestAddress(summary.requestId, 'custody')}>{t('officer.happened.all')}</a>
      </p>
    </section>
  );
}
