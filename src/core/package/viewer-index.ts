import { pseudonymsIn } from '../redaction/marks';
import type { Statement } from './availability-statements';
import type { ConversationRow } from './conversation-row';
import type { Item } from './items';
import type { MissingGroup } from './missing-groups';
import type { ProcessingView } from './processing';
import type { Glance } from './viewer-glance';
import type { ViewerPerson } from './viewer-person';
import {
  countPeriods,
  localDay,
  monthOf,
  newestFirst,
  personEntries,
  personRows,
  rowItems,
  rowsOfPage,
  viewerChannel,
  viewerRow,
  weekOf,
  type PeriodCount,
  type Placed,
  type RowKind,
  type ViewerRow,
} from './viewer-rows';
import { viewerFolder, viewerScript } from './viewer-script';

/** What the viewer shows at once: small, however many conversations there are. */
export interface ViewerIndex {
  controller: string;
  locale: string;
  /** Address of the public keys of the signature. */
  keysAddress: string;
  /** When the package was made, and what interval was searched (ISO 8601). */
  createdAt: string;
  searched: { from: string; to: string };
  /** Time zone of all times that are shown (IANA). */
  timeZone: string;
  /** How many rows there are of each kind in each month; the newest first. */
  months: PeriodCount[];
  /** The same by weeks, where the package spans less than half a year; empty otherwise. */
  weeks: PeriodCount[];
  /** Scripts of rows, in the order of the list. */
  pages: RowPage[];
  statements: Statement[];
  /** What is missing, with where that comes from. */
  missing: MissingGroup[];
  /** Null where the controller has said nothing. */
  processing: ProcessingView | null;
  /** How long each list of the person is. */
  lists: Record<PersonList, number>;
  /** Whatever stands for people of the company, in the order in which they first appear. */
  staff: string[];
  /** Names of the patterns by which something was masked. */
  patterns: string[];
  /** Files that belong to no conversation. */
  files: string[];
}

/** Lists of what is of the person and of no conversation. */
export type PersonList = keyof ViewerPerson | 'surveys';

/** A script with rows. */
export interface RowPage {
  file: string;
  rows: number;
  /** Smallest and largest number of its conversations; 0 where it has none. */
  first: number;
  last: number;
  /** Local days of its last and its first row; empty where that is not known. */
  from: string;
  to: string;
}

/** The person's lists as the viewer loads them. */
export interface ViewerLists extends ViewerPerson {
  surveys: (Glance['surveys'][number] & { conversation: number })[];
}

/** What the viewer's data is made from. */
export interface ViewerSources extends Pick<
  ViewerIndex,
  'controller' | 'locale' | 'keysAddress' | 'createdAt' | 'searched'
> {
  statements: Statement[];
  missingGroups: MissingGroup[];
  processing: ProcessingView | null;
  rows: readonly ConversationRow[];
  pages: ReadonlyMap<number, readonly string[]>;
  glances: ReadonlyMap<number, Glance>;
  exported: readonly Item[];
  missing: readonly Item[];
  person: ViewerPerson;
  patterns: string[];
  files: string[];
}

const scriptOf = (name: string): string => `${viewerFolder}${name}.js`;
const pageName = (page: number): string => scriptOf(`rows/${String(page + 1).padStart(4, '0')}`);
/** Script with the lists of the person. */
export const listsFile = scriptOf('person');
export const indexFile = scriptOf('index');

/** Days within which months are too long to show anything. */
const shortSpan = 184;

/** A row, before it is made. */
interface Line extends Placed {
  kind: RowKind;
  make: () => ViewerRow;
}

/**
 * The scripts of the viewer's data: rows by pages, the lists of the person, and at last the index. One is
 * made at a time, so that no more than one of them is held.
 */
export function* viewerScripts(
  sources: ViewerSources,
): Generator<{ name: string; content: string }, void> {
  const { rows, pages, glances, exported, missing, person } = sources;
  const timeZone = rows[0]?.timeZone ?? 'UTC';
  const items = rowItems(exported, missing);
  const lines = newestFirst<Line>([
    ...rows.map((row) => ({
      id: String(row.number),
      at: row.start,
      kind: viewerChannel(row.channel),
      make: () =>
        viewerRow(
          { row, pages: pages.get(row.number) ?? [], glance: glances.get(row.number) },
          items,
        ),
    })),
    ...personRows(person).map((row) => ({ ...row, make: () => row })),
  ]);
  const rowPages: RowPage[] = [];
  for (let start = 0; start < lines.length; start += rowsOfPage) {
    const some = lines.slice(start, start + rowsOfPage);
    const file = pageName(rowPages.length);
    rowPages.push(pageOf(file, some, timeZone));
    const made = some.map(({ make }) => make());
    yield { name: file, content: viewerScript(file, made) };
  }
  const lists = { ...person, surveys: surveysOf(rows, glances) };
  yield { name: listsFile, content: viewerScript(listsFile, lists) };
  const index = indexOf(sources, { lines, rowPages, lists, timeZone });
  yield { name: indexFile, content: viewerScript('index', index) };
}

function pageOf(file: string, lines: readonly Line[], timeZone: string): RowPage {
  const numbers = lines.map(({ id }) => Number(id)).filter((number) => !Number.isNaN(number));
  const isKnown = numbers.length > 0;
  return {
    file,
    rows: lines.length,
    first: isKnown ? Math.min(...numbers) : 0,
    last: isKnown ? Math.max(...numbers) : 0,
    from: localDay(lines.at(-1)?.at ?? '', timeZone),
    to: localDay(lines[0]?.at ?? '', timeZone),
  };
}

const surveysOf = (
  rows: readonly ConversationRow[],
  glances: ReadonlyMap<number, Glance>,
): ViewerLists['surveys'] =>
  rows.flatMap(({ number }) =>
    (glances.get(number)?.surveys ?? []).map((survey) => ({ ...survey, conversation: number })),
  );

interface IndexParts {
  lines: readonly Line[];
  rowPages: RowPage[];
  lists: ViewerLists;
  timeZone: string;
}

function indexOf(
  sources: ViewerSources,
  { lines, rowPages, lists, timeZone }: IndexParts,
): ViewerIndex {
  const { controller, locale, keysAddress, createdAt, searched } = sources;
  const days = lines.map(({ kind, at }) => ({ kind, day: localDay(at, timeZone) }));
  return {
    ...{ controller, locale, keysAddress, createdAt, searched, timeZone },
    months: countPeriods(days, monthOf),
    weeks: isShort(days) ? countPeriods(days, weekOf) : [],
    pages: rowPages,
    statements: sources.statements,
    missing: sources.missingGroups,
    processing: sources.processing,
    lists: Object.fromEntries(
      Object.entries(lists).map(([name, list]) => [name, (list as unknown[]).length]),
    ) as ViewerIndex['lists'],
    staff: staffIn(sources),
    patterns: sources.patterns,
    files: sources.files,
  };
}

const isPersonEntry = (kind: RowKind): boolean => personEntries.some((one) => one === kind);

/** Whether the conversations are within half a year. */
function isShort(days: readonly { kind: RowKind; day: string }[]): boolean {
  const known = days.filter(({ kind, day }) => day !== '' && !isPersonEntry(kind));
  const [newest, oldest] = [known[0]?.day, known.at(-1)?.day];
  if (newest === undefined || oldest === undefined) return false;
  return (Date.parse(newest) - Date.parse(oldest)) / 86_400_000 < shortSpan;
}

/** Whatever stands for people of the company in rows and records, the oldest first. */
function staffIn({ rows, person }: ViewerSources): string[] {
  const texts = [
    ...rows.map(({ agent }) => agent),
    ...person.notes.flatMap(({ by, text }) => [by, text]),
    ...person.changes.map(({ by }) => by),
  ];
  return [...new Set(texts.flatMap(pseudonymsIn))];
}
