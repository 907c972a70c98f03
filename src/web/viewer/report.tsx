import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { reportPage, sectionLines, type ReportKind } from '../../core/package/availability-words';
import { processingSections } from '../../core/package/processing-words';
import { allRows } from '../../core/viewer/place';
import { Bar } from '../shared/bars';
import { Facts } from '../shared/facts';
import { Icon } from '../shared/icons';
import { kindIcons } from '../shared/kind-icons';
import { useWords } from '../shared/words';
import { useViewer } from './context';
import { hrefOf } from './go';

/** What is in the package, what is missing, and why. */
export function Report(): JSX.Element {
  const words = useWords();
  const { index } = useViewer().data;
  const page = useMemo(
    () => reportPage({ ...index, groups: index.missing }, words),
    [index, words],
  );
  return (
    <div class="page report">
      <h1>{page.title}</h1>
      <p class="lead">{page.lead}</p>
      <p class="secondary">{page.made}</p>
      {page.incomplete.length > 0 && (
        <section class="card kinds">
          <h2>{page.incompleteTitle}</h2>
          {page.incomplete.map((kind) => (
            <Kind key={kind.kind} kind={kind} />
          ))}
        </section>
      )}
      {page.complete.length > 0 && (
        <details class="card kinds" open={page.incomplete.length === 0}>
          <summary>
            <h2>{page.completeTitle}</h2>
          </summary>
          {page.complete.map((kind) => (
            <Kind key={kind.kind} kind={kind} />
          ))}
        </details>
      )}
      <div class="card-grid">
        {page.sections.map(({ key, title, lines }) => (
          <section key={key} class="card">
            <h2>{title}</h2>
            <ul class="lines">
              {lines.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </div>
  );
}

function Kind({ kind }: { kind: ReportKind }): JSX.Element {
  const { label, exported, all, count, gaps } = kind;
  return (
    <div class="kind">
      <h3>
        <Icon name={kindIcons[kind.kind]} /> {label}
      </h3>
      <Bar share={all === 0 ? 0 : exported / all} tone={gaps.length === 0 ? 'ok' : 'accent'} />
      <p>{count}</p>
      {gaps.length > 0 && (
        <ul class="lines">
          {gaps.map(({ code, what, why, where, show }) => (
            <li key={code}>
              <strong>{what}.</strong> {why} {where}{' '}
              {show !== null && (
                <a href={hrefOf({ view: 'conversations', filter: { ...allRows, gap: code } })}>
                  {show}
                </a>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What the controller says of its processing, and the person's rights. */
export function Rights(): JSX.Element {
  const words = useWords();
  const { t } = words;
  const { processing, statements } = useViewer().data.index;
  const sections = processing === null ? [] : processingSections(processing, words);
  const whatToDo = sectionLines(statements, 'whatToDo', words);
  // The rights first: they are what somebody looks for here.
  const ordered = [...sections.slice(-1), ...sections.slice(0, -1)];
  return (
    <div class="page rights">
      <h1>{t('viewer.nav.rights')}</h1>
      {sections.length === 0 && <p class="lead">{t('viewer.rightsBare')}</p>}
      {ordered.map(({ heading, terms, language }) => (
        <section key={heading} class="card">
          <h2>{heading}</h2>
          <Facts
            look="facts-list"
            facts={terms.map(({ term, texts }) => ({ name: term, values: texts, language }))}
          />
        </section>
      ))}
      {whatToDo.length > 0 && (
        <section class="card">
          <h2>{t('viewer.complain')}</h2>
          {whatToDo.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </section>
      )}
    </div>
  );
}
