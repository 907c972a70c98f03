import type { ComponentChildren, JSX } from 'preact';
import type { PersonList, ViewerLists } from '../../core/package/viewer-index';
import type { PersonChange, PersonVisit } from '../../core/package/viewer-person';
import { Facts } from '../shared/facts';
import { useWords, type Words } from '../shared/words';
import { useViewer, type Naming } from './context';
import { useDates, type ViewerDates } from './dates';
import { hrefOf } from './go';
import { Text } from './text';

/** A cell: what is shown, and what stands in the table for spreadsheets. */
interface Cell {
  shown: ComponentChildren;
  plain: string;
}

/** A table of what is of the person. */
export interface PersonTable {
  columns: string[];
  rows: Cell[][];
}

/** What makes tables of lists. */
interface Speaking {
  words: Words;
  dates: ViewerDates;
  naming: Naming;
}

const text = (value: string, { naming }: Speaking): Cell => ({
  shown: <Text of={value} />,
  plain: naming.plain(value),
});
const when = (at: string, { dates }: Speaking): Cell => ({ shown: dates.short(at), plain: at });
const fixed = (value: string): Cell => ({ shown: value, plain: value });

/** What a field of a record is called: in words where it is known, else as its company or the source calls it. */
export function fieldName(field: string, isCustom: boolean, { t, has }: Words): string {
  const path = `viewer.fields.${field}`;
  if (!isCustom && has(path)) return t(path);
  const spaced = field
    .replaceAll(/[_-]+/g, ' ')
    .replaceAll(/([a-z\d])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`)
    .trim();
  return `${spaced.charAt(0).toUpperCase()}${spaced.slice(1)}`;
}

/** What has been done to a record, in words. */
export function changeName({ action, record, fields }: PersonChange, words: Words): string {
  const { t, has, list } = words;
  const done = has(`viewer.actions.${action}`) ? action : 'Update';
  const what = t(`viewer.records.${has(`viewer.records.${record}`) ? record : 'other'}`);
  const names = fields.map(({ field }) => fieldName(field, false, words));
  const title = t(`viewer.actions.${done}`, { what });
  return names.length === 0 ? title : `${title}: ${list([...new Set(names)])}`;
}

type MakeTable = (lists: ViewerLists, speaking: Speaking) => PersonTable;

const tables: Readonly<Record<PersonList, MakeTable>> = {
  details: ({ details }, speaking) => ({
    columns: ['what', 'value', 'since'],
    rows: details.map(({ field, isCustom, value, since }) => [
      fixed(fieldName(field, isCustom, speaking.words)),
      text(value, speaking),
      { shown: since === '' ? '' : speaking.words.day(since), plain: since },
    ]),
  }),
  notes: ({ notes }, speaking) => ({
    columns: ['when', 'note', 'by'],
    rows: notes.map((note) => [
      when(note.at, speaking),
      text(note.text, speaking),
      text(note.by, speaking),
    ]),
  }),
  surveys: ({ surveys }, speaking) => ({
    columns: ['when', 'survey', 'score', 'answers'],
    rows: surveys.map(({ at, name, score, conversation }) => [
      when(at, speaking),
      text(name, speaking),
      fixed(score),
      {
        shown: (
          <a href={hrefOf({ view: 'conversations', id: String(conversation) })}>
            {speaking.words.t('viewer.open')}
          </a>
        ),
        plain: String(conversation),
      },
    ]),
  }),
  visits: ({ visits }, speaking) => ({
    columns: ['when', 'page', 'device', 'place'],
    rows: visits.map(({ at, page, title, device, place, address }) => [
      when(at, speaking),
      text([title, page].filter(Boolean).join(' – '), speaking),
      text(device, speaking),
      text([place, address].filter(Boolean).join(', '), speaking),
    ]),
  }),
  campaigns: ({ campaigns }, speaking) => ({
    columns: ['what', 'value'],
    rows: campaigns.flatMap(({ columns }) =>
      columns.map(({ name, value }) => [text(name, speaking), text(value, speaking)]),
    ),
  }),
  changes: ({ changes }, speaking) => ({
    columns: ['when', 'change', 'before', 'after', 'by'],
    rows: changes.map((change) => [
      when(change.at, speaking),
      fixed(changeName(change, speaking.words)),
      text(
        change.fields
          .map(({ before }) => before)
          .filter(Boolean)
          .join('; '),
        speaking,
      ),
      text(
        change.fields
          .map(({ after }) => after)
          .filter(Boolean)
          .join('; '),
        speaking,
      ),
      text(change.by, speaking),
    ]),
  }),
};

/** The table of a list, in words. */
export function usePersonTable(list: PersonList, lists: ViewerLists): PersonTable {
  const words = useWords();
  const dates = useDates();
  const { naming } = useViewer();
  const { columns, rows } = tables[list](lists, { words, dates, naming });
  return { columns: columns.map((column) => words.t(`viewer.columns.${column}`)), rows };
}

/** What is known of a visit. */
export function VisitFacts({ visit }: { visit: PersonVisit }): JSX.Element {
  const { t, duration } = useWords();
  const { title, page, device, place, address, searchTerms, seconds } = visit;
  const facts: [string, string][] = [
    ['page', [title, page].filter(Boolean).join(' – ')],
    ['device', device],
    ['place', [place, address].filter(Boolean).join(', ')],
    ['searchTerms', searchTerms],
    ['duration', seconds === 0 ? '' : duration(seconds)],
  ];
  return (
    <Facts
      look="facts-list"
      facts={facts
        .filter(([, value]) => value !== '')
        .map(([name, value]) => ({
          name: t(`viewer.columns.${name}`),
          values: [<Text key={name} of={value} />],
        }))}
    />
  );
}
