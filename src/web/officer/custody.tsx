import { useSignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { Button } from '../shared/button';
import { Icon } from '../shared/icons';
import { Note } from '../shared/labels';
import { useWords } from '../shared/words';
import {
  factsOf,
  isMainStep,
  nameOf,
  sentenceOf,
  shortHash,
  whoOf,
  type Who,
} from './custody-words';
import type { Custody, CustodyLine } from './officer-api';
import { Loaded, useResource } from './resource';
import type { RequestView } from './request-view';

/** Everything that was done with a request, as sentences, and whether the record of it is intact. */
export function CustodyTab({ view }: { view: RequestView }): JSX.Element {
  const { summary, calls } = view;
  const custody = useResource(summary.requestId, calls.custody, view.again);
  return <Loaded of={custody}>{(data) => <Record custody={data} view={view} />}</Loaded>;
}

interface Props {
  custody: Custody;
  view: RequestView;
}

function Record({ custody, view }: Props): JSX.Element {
  const { t } = useWords();
  const events = useSignal<'main' | 'all'>('main');
  const who = useSignal<Who | 'everyone'>('everyone');
  const lines = custody.custody
    .filter((line) => events.value === 'all' || isMainStep(line))
    .filter((line) => who.value === 'everyone' || whoOf(line) === who.value)
    .toReversed();
  const broken = new Set(custody.brokenAt);
  return (
    <>
      <Integrity custody={custody} />
      <section class="card custody" aria-label={t('officer.tabs.custody')}>
        <Tools events={events} who={who} calls={view.calls} />
        <table class="table cards">
          <caption class="visually-hidden">{t('officer.custody.caption')}</caption>
          <thead>
            <tr>
              {(['number', 'time', 'who', 'what', 'fingerprint'] as const).map((column) => (
                <th key={column} scope="col">
                  {t(`officer.custody.columns.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <Line key={line.sequence} line={line} isBroken={broken.has(line.sequence)} />
            ))}
          </tbody>
        </table>
        <footer class="pager">
          <p class="secondary">
            {t('officer.custody.shown', {
              count: lines.length,
              total: custody.custody.length,
            })}
          </p>
          {lines.length < custody.custody.length && (
            <Button
              kind="quiet"
              run={() => {
                events.value = 'all';
                who.value = 'everyone';
              }}
            >
              {t('officer.custody.showAll')}
            </Button>
          )}
        </footer>
      </section>
    </>
  );
}

interface ToolsProps {
  events: Signal<'main' | 'all'>;
  who: Signal<Who | 'everyone'>;
  calls: RequestView['calls'];
}

/** Which entries are shown, and the record as a file and on paper. */
function Tools({ events, who, calls }: ToolsProps): JSX.Element {
  const { t } = useWords();
  return (
    <div class="table-tools">
      <div class="filters-row">
        <label class="filter">
          <span>{t('officer.custody.eventsFilter')}</span>
          <select
            value={events.value}
            onChange={({ currentTarget: { value } }) =>
              (events.value = value === 'all' ? 'all' : 'main')
            }
          >
            <option value="main">{t('officer.custody.mainSteps')}</option>
            <option value="all">{t('officer.custody.everything')}</option>
          </select>
        </label>
        <label class="filter">
          <span>{t('officer.custody.columns.who')}</span>
          <select
            value={who.value}
            onChange={({ currentTarget: { value } }) => (who.value = value as Who)}
          >
            {(['everyone', 'officer', 'person', 'system'] as const).map((value) => (
              <option key={value} value={value}>
                {t(`officer.custody.who.${value}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div class="buttons">
        <Button icon="print" run={() => globalThis.print()}>
          {t('officer.custody.print')}
        </Button>
        <a class="button plain" href={calls.custodyTable} download="custody-record.csv">
          <Icon name="download" /> {t('officer.custody.csv')}
        </a>
        <a class="button plain" href={calls.custodyFile} download="custody-record.json">
          <Icon name="download" /> {t('officer.custody.json')}
        </a>
      </div>
    </div>
  );
}

function Integrity({ custody }: { custody: Custody }): JSX.Element {
  const { t, list } = useWords();
  const { isIntact, brokenAt: broken, custody: lines } = custody;
  if (isIntact)
    return (
      <Note tone="ok" title={t('officer.custody.intact')}>
        {t('officer.custody.intactText', { count: lines.length })}
        <HowToCheck />
      </Note>
    );
  return (
    <Note tone="bad" role="alert" title={t('officer.custody.broken')}>
      {broken.length > 0 &&
        t('officer.custody.brokenAt', {
          count: broken.length,
          entries: list(broken.map(String)),
        })}{' '}
      {t('officer.custody.brokenText')}
      <HowToCheck />
    </Note>
  );
}

const HowToCheck = (): JSX.Element => {
  const { t } = useWords();
  return (
    <details>
      <summary>{t('officer.custody.how')}</summary>
      <p>{t('officer.custody.howText')}</p>
      <p>
        <code>npm run verify-custody -- custody-record.json</code>
      </p>
    </details>
  );
};

function Line({ line, isBroken }: { line: CustodyLine; isBroken: boolean }): JSX.Element {
  const words = useWords();
  const { t, day, timeWithSeconds } = words;
  const facts = factsOf(line, words);
  return (
    <tr class={isBroken ? 'broken' : ''}>
      <td class="sequence" data-label={t('officer.custody.columns.number')}>
        {line.sequence}
        {isBroken && <Icon name="warning" label={t('officer.custody.brokenTag')} />}
      </td>
      <td data-label={t('officer.custody.columns.time')}>
        {`${day(line.at)}, ${timeWithSeconds(line.at)}`}
      </td>
      <td data-label={t('officer.custody.columns.who')}>{nameOf(line, words)}</td>
      <td data-label={t('officer.custody.columns.what')}>
        {sentenceOf(line, words)}
        {facts !== '' && <div class="secondary">{facts}</div>}
        {line.annotation !== null && line.annotation.justification !== '' && (
          <div class="secondary quote">{line.annotation.justification}</div>
        )}
      </td>
      <td data-label={t('officer.custody.columns.fingerprint')}>
        <code>{shortHash(line.hash)}</code>
      </td>
    </tr>
  );
}
