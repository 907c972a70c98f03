import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ProcessedKind } from '../../core/package/processing';
import type { PersonList, ViewerLists } from '../../core/package/viewer-index';
import { tableCsv } from '../../core/viewer/table-csv';
import { Button } from '../shared/button';
import { Count, Note, Tag } from '../shared/labels';
import { Loading } from '../shared/waiting';
import { saveBlob } from '../shared/save-blob';
import { useWords } from '../shared/words';
import { usePersonTable, type PersonTable } from './about-lists';
import { useViewer } from './context';
import { hrefOf, isSearchFocused } from './go';
import { SaveLink } from './media';
import { listIcons } from './summary';

/** Where each list comes from (WP 242), what of the processing is about it, and whether Art. 20 GDPR covers it. */
const origins: Readonly<
  Record<
    PersonList,
    { origin: 'told' | 'observed' | 'workedOut'; kind: ProcessedKind; isPortable: boolean }
  >
> = {
  details: { origin: 'told', kind: 'contact', isPortable: true },
  notes: { origin: 'workedOut', kind: 'notes', isPortable: false },
  surveys: { origin: 'told', kind: 'surveys', isPortable: true },
  visits: { origin: 'observed', kind: 'websiteVisits', isPortable: true },
  campaigns: { origin: 'observed', kind: 'campaigns', isPortable: false },
  changes: { origin: 'observed', kind: 'auditTrail', isPortable: false },
};

const order = Object.keys(listIcons) as PersonList[];

/** What else the company keeps about the person. */
export function About(): JSX.Element {
  const { data, place } = useViewer();
  const { t, number } = useWords();
  const { lists: lengths, files } = data.index;
  const lists = useSignal<ViewerLists | null>(null);
  const isFailed = useSignal(false);
  useEffect(() => {
    data.listsOf().then(
      (value) => (lists.value = value),
      () => (isFailed.value = true),
    );
  }, [data]);
  const there = order.filter((list) => lengths[list] > 0);
  const loaded = lists.value;
  useEffect(() => {
    if (loaded === null || place.id === '' || isSearchFocused()) return;
    document.getElementById(`list-${place.id}`)?.focus();
  }, [loaded, place.id]);
  return (
    <div class="page about">
      <h1>{t('viewer.about.title')}</h1>
      <p class="secondary lead">{t('viewer.about.lead')}</p>
      {isFailed.value && <Note tone="bad" role="alert" title={t('viewer.missing')} />}
      {loaded === null && !isFailed.value && <Loading rows={6} />}
      {there.length === 0 && <p>{t('viewer.nothingElse')}</p>}
      {loaded !== null && (
        <div class="about-parts">
          <nav class="card list-nav" aria-label={t('viewer.about.lists')}>
            {there.map((list) => (
              <a
                key={list}
                href={hrefOf({ view: 'about', id: list })}
                {...(place.id === list ? { 'aria-current': 'true' as const } : {})}
              >
                {t(`viewer.lists.${list}.title`)} <Count of={number(lengths[list])} />
              </a>
            ))}
          </nav>
          <div class="about-lists">
            {there.map((list) => (
              <ListCard key={list} list={list} lists={loaded} />
            ))}
            <OtherFiles files={files} />
          </div>
        </div>
      )}
    </div>
  );
}

/** Rows that are shown at first: to draw thousands takes long. */
const shownAtFirst = 100;

function ListCard({ list, lists }: { list: PersonList; lists: ViewerLists }): JSX.Element {
  const { t } = useWords();
  const { processing } = useViewer().data.index;
  const table = usePersonTable(list, lists);
  const isWhole = useSignal(false);
  const { origin, kind, isPortable } = origins[list];
  const part = processing?.parts.find(({ kinds }) => kinds.includes(kind));
  const rows = isWhole.value ? table.rows : table.rows.slice(0, shownAtFirst);
  const title = t(`viewer.lists.${list}.title`);
  return (
    <section class="card list-card" id={`list-${list}`} tabIndex={-1} aria-label={title}>
      <div class="section-head">
        <div>
          <h2>{title}</h2>
          <p class="secondary">
            {t(`viewer.lists.${list}.about`)} {t(`viewer.origins.${origin}`)}
          </p>
          {part && (
            <p class="secondary">
              {t('viewer.kept')} <span lang={processing?.language}>{part.retention}</span>
            </p>
          )}
          {isPortable && <Tag tone="info">{t('viewer.portable')}</Tag>}
        </div>
        <SaveCsv name={list} table={table} />
      </div>
      <div class="table-frame">
        <table class="table cards">
          <caption class="visually-hidden">{title}</caption>
          <thead>
            <tr>
              {table.columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((cells, i) => (
              <tr key={i}>
                {cells.map(({ shown }, j) => (
                  <td key={j} data-label={table.columns[j]}>
                    {shown}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length < table.rows.length && (
        <Button run={() => (isWhole.value = true)}>
          {t('viewer.showAllOf', { n: table.rows.length })}
        </Button>
      )}
    </section>
  );
}

/** A table as a file of separated values, made in this page. */
function SaveCsv({ name, table }: { name: string; table: PersonTable }): JSX.Element {
  const { t, tag } = useWords();
  const save = (): void => {
    const rows = table.rows.map((cells) => cells.map(({ plain }) => plain));
    const content = tableCsv(table.columns, rows, tag);
    saveBlob(new Blob([content], { type: 'text/csv' }), `${name}.csv`);
  };
  return (
    <Button kind="quiet" icon="download" run={save}>
      {t('viewer.csv')}
    </Button>
  );
}

/** Files that belong to no conversation, for machines. */
function OtherFiles({ files }: { files: readonly string[] }): JSX.Element {
  const { t } = useWords();
  return (
    <details class="card other-files">
      <summary>{t('viewer.about.files')}</summary>
      <ul>
        {files.map((file) => (
          <li key={file}>
            <SaveLink file={file} icon="note">
              {file.split('/').at(-1)}
            </SaveLink>
          </li>
        ))}
      </ul>
    </details>
  );
}
