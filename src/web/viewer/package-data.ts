import { signal } from '@preact/signals';
import {
  listsFile,
  type RowPage,
  type ViewerIndex,
  type ViewerLists,
} from '../../core/package/viewer-index';
import { localDay, type ViewerRow } from '../../core/package/viewer-rows';
import { noTexts, type ViewerTexts } from '../../core/package/viewer-texts';
import { mayHold } from '../../core/viewer/place';
import type { PackageSource } from './package-source';

/** Scripts of texts that are kept: all of them may be more than a phone has room for. */
const textsKept = 20;

/** A row with its place in the list. */
export interface PlacedRow {
  row: ViewerRow;
  position: number;
}

/** The data of a package, loaded as it is needed. */
export class PackageData {
  readonly index: ViewerIndex;
  /** Rows of the list, those of the person included. */
  readonly total: number;
  /** Grows with every script of rows that has come. */
  readonly loaded = signal(0);
  /** Rows that could not be read when they were last asked for. */
  readonly unread = signal(0);
  private readonly starts: number[] = [];
  private readonly rows = new Map<number, ViewerRow[]>();
  private readonly lost = new Set<number>();
  private readonly loading = new Map<number, Promise<ViewerRow[]>>();
  private readonly texts = new Map<string, Promise<Map<number, ViewerTexts>>>();
  private lists: Promise<ViewerLists> | null = null;

  constructor(private readonly source: PackageSource) {
    this.index = source.index;
    let total = 0;
    for (const { rows } of this.index.pages) {
      this.starts.push(total);
      total += rows;
    }
    this.total = total;
  }

  /** The row at a place of the list; it is loaded where it is not there yet. */
  rowAt(position: number): ViewerRow | undefined {
    const page = this.pageAt(position);
    const rows = this.rows.get(page);
    if (rows === undefined) void this.rowsOf(page).catch(() => undefined);
    return rows?.[position - (this.starts[page] ?? 0)];
  }

  /** Whether the row at a place of the list could not be read when it was last asked for. */
  isLost(position: number): boolean {
    return this.lost.has(this.pageAt(position));
  }

  /** The rows of a script, in the order of the list. */
  rowsOf(page: number): Promise<ViewerRow[]> {
    const known = this.loading.get(page);
    if (known) return known;
    const file = this.index.pages[page]?.file ?? '';
    const loading = this.source.script(file).then((value) => {
      const rows = value as ViewerRow[];
      this.rows.set(page, rows);
      this.lost.delete(page);
      this.countLost();
      this.loaded.value += 1;
      return rows;
    });
    loading.catch(() => {
      this.loading.delete(page);
      this.lost.add(page);
      this.countLost();
    });
    this.loading.set(page, loading);
    return loading;
  }

  /**
   * All rows of the scripts that are asked for, in the order of the list.
   * @param skip takes how many rows are in a script that cannot be read; without it that is thrown
   * @throws Error where a script cannot be read
   */
  async *eachRow(
    isWanted: (page: RowPage) => boolean = () => true,
    skip?: (rows: number) => void,
  ): AsyncGenerator<PlacedRow[]> {
    for (const [page, about] of this.index.pages.entries()) {
      if (!isWanted(about)) continue;
      const start = this.starts[page] ?? 0;
      const rows = await this.rowsOf(page).catch((error: unknown) => {
        if (skip === undefined) throw error;
        skip(about.rows);
        return [];
      });
      yield rows.map((row, i) => ({ row, position: start + i }));
    }
  }

  /** Waits until every script of rows was read, or cannot be. */
  async readAll(): Promise<void> {
    await Promise.allSettled(this.index.pages.map((_, page) => this.rowsOf(page)));
  }

  /** A row by its id; null for one that the package does not have. */
  async find(id: string): Promise<PlacedRow | null> {
    const number = Number(id);
    const day = Number.isNaN(number) ? await this.dayOf(id) : null;
    const isWanted = (page: RowPage): boolean =>
      day === null
        ? page.first <= number && number <= page.last
        : mayHold(page, { from: day, to: day });
    for await (const rows of this.eachRow(isWanted)) {
      const found = rows.find(({ row }) => row.id === id);
      if (found) return found;
    }
    return null;
  }

  /** The texts of a conversation, from all scripts that have some of it. */
  async textsOf(row: ViewerRow): Promise<ViewerTexts> {
    const number = Number(row.id);
    const found: ViewerTexts[] = [];
    for (const page of row.pages ?? []) {
      const texts = (await this.textsIn(page)).get(number);
      if (texts) found.push(texts);
    }
    const [first = noTexts(number), ...others] = found;
    const messages = [first, ...others].flatMap((one) => one.messages);
    return { ...first, messages };
  }

  /** The texts in a script, by the numbers of their conversations. The latest scripts are kept. */
  textsIn(page: string): Promise<Map<number, ViewerTexts>> {
    const known =
      this.texts.get(page) ??
      this.source
        .script(page)
        .then((value) => new Map((value as ViewerTexts[]).map((one) => [one.number, one])));
    known.catch(() => this.texts.delete(page));
    this.texts.delete(page);
    this.texts.set(page, known);
    const [oldest] = this.texts.keys();
    if (this.texts.size > textsKept && oldest !== undefined) this.texts.delete(oldest);
    return known;
  }

  /** The lists of the person. */
  listsOf(): Promise<ViewerLists> {
    this.lists ??= this.source.script(listsFile).then((value) => value as ViewerLists);
    this.lists.catch(() => (this.lists = null));
    return this.lists;
  }

  private countLost(): void {
    const rowsOf = (page: number): number => this.index.pages[page]?.rows ?? 0;
    this.unread.value = [...this.lost].reduce((total, page) => total + rowsOf(page), 0);
  }

  private pageAt(position: number): number {
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The day of a note or a visit. */
  private async dayOf(id: string): Promise<string> {
    const lists = await this.listsOf();
    const [kind = '', number = '0'] = id.split('-');
    const list = kind === 'note' ? lists.notes : lists.visits;
    return localDay(list[Number(number) - 1]?.at ?? '', this.index.timeZone);
  }
}
