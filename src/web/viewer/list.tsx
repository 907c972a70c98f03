import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { ViewerRow } from '../../core/package/viewer-rows';
import {
  countOf,
  heightOf,
  numberOfHeading,
  numberOfRow,
  topOfHeading,
  topOfRow,
  windowOf,
  type ListShape,
} from '../../core/viewer/list-window';
import type { Place } from '../../core/viewer/place';
import { Icon } from '../shared/icons';
import { useWords } from '../shared/words';
import { useViewer } from './context';
import { useDates } from './dates';
import { hrefOf } from './go';
import { iconOf, lineOf, titleOf } from './row-words';
import type { RowList } from './row-list';

/** Heights of rows and headings in rem, as the style sheet has them. */
const remOfRow = 4.5;
const remOfHeading = 2.25;
const rem = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

/** A list that draws the rows in sight, and some around them: it may have a hundred thousand. */
export function LongList({
  label,
  list,
  chosen,
  isWhole = false,
  lineFor,
}: {
  label: string;
  list: RowList;
  /** Index of the row that is open; -1 for none. */
  chosen: number;
  /** Draws all of it, to be printed. */
  isWhole?: boolean;
  /** The line below the name of a row, where it is not the usual one. */
  lineFor?: (row: ViewerRow) => ComponentChildren;
}): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const seen = useSignal({ top: 0, height: 900 });
  const unit = rem();
  const { length, headings } = list;
  const shape: ListShape = {
    ...{ length, headings },
    ...{ row: remOfRow * unit, heading: remOfHeading * unit },
  };
  useEffect(() => watchScrolling(frame.current, (now) => (seen.value = now)), [seen]);
  useLayoutEffect(() => bringIntoSight(frame.current, shape, chosen), [chosen, length > 0]);
  const {
    first,
    last,
    headings: drawn,
  } = isWhole
    ? { first: 0, last: length - 1, headings: headings.map((_, i) => i) }
    : windowOf(shape, seen.value);
  // While more may be found, nobody knows how many there are.
  const count = list.isSearching ? -1 : countOf(shape);
  const rows = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
  return (
    <div class="list-frame" ref={frame} onKeyDown={moveByArrows}>
      <ol class="list" aria-label={label} style={{ height: `${heightOf(shape)}px` }}>
        {drawn.map((which) => (
          <Heading
            key={`heading-${which}`}
            month={headings[which]?.key ?? ''}
            top={topOfHeading(shape, which)}
            place={{ 'aria-posinset': numberOfHeading(shape, which), 'aria-setsize': count }}
          />
        ))}
        {rows.map((index) => (
          <Row
            key={index}
            row={list.rowAt(index)}
            isLost={list.isLost(index)}
            top={topOfRow(shape, index)}
            place={{ 'aria-posinset': numberOfRow(shape, index), 'aria-setsize': count }}
            isChosen={index === chosen}
            lineFor={lineFor}
          />
        ))}
      </ol>
    </div>
  );
}

/** Tells what of a frame is in sight, now and whenever it changes. */
function watchScrolling(
  frame: HTMLElement | null,
  tell: (seen: { top: number; height: number }) => void,
): (() => void) | undefined {
  if (frame === null) return undefined;
  const look = (): void => tell({ top: frame.scrollTop, height: frame.clientHeight });
  const observer = new ResizeObserver(look);
  observer.observe(frame);
  frame.addEventListener('scroll', look, { passive: true });
  look();
  return () => {
    observer.disconnect();
    frame.removeEventListener('scroll', look);
  };
}

function bringIntoSight(frame: HTMLElement | null, shape: ListShape, chosen: number): void {
  if (frame === null || chosen < 0) return;
  const top = topOfRow(shape, chosen);
  const isSeen = top >= frame.scrollTop && top + shape.row <= frame.scrollTop + frame.clientHeight;
  if (!isSeen) frame.scrollTop = Math.max(0, top - frame.clientHeight / 3);
}

/** Arrows go to the row above or below, as in any list. */
function moveByArrows(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by === undefined) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLAnchorElement>('a')];
  const at = links.findIndex((link) => link === document.activeElement);
  if (at < 0) return;
  event.preventDefault();
  links[at + by]?.focus();
}

/** Where an item stands among all of a list, of which few are drawn. */
interface PlaceInList {
  'aria-posinset': number;
  'aria-setsize': number;
}

function Heading({
  month,
  top,
  place,
}: {
  month: string;
  top: number;
  place: PlaceInList;
}): JSX.Element {
  const words = useWords();
  return (
    <li class="list-heading" style={{ top: `${top}px` }} {...place}>
      {month === '' ? words.t('viewer.noDate') : words.month(month.slice(0, 7))}
    </li>
  );
}

function Row({
  row,
  isLost,
  top,
  place: inList,
  isChosen,
  lineFor,
}: {
  row: ViewerRow | undefined;
  /** Whether it is not there because it cannot be read. */
  isLost: boolean;
  top: number;
  place: PlaceInList;
  isChosen: boolean;
  lineFor: ((row: ViewerRow) => ComponentChildren) | undefined;
}): JSX.Element {
  const { place } = useViewer();
  const { t } = useWords();
  const style = { top: `${top}px` };
  if (row === undefined && isLost)
    return (
      <li class="list-row" style={style} {...inList}>
        <p class="unread">{t('viewer.unread', { count: 1 })}</p>
      </li>
    );
  if (row === undefined)
    return <li class="list-row waiting" style={style} aria-busy="true" {...inList} />;
  const target: Partial<Place> = { ...place, view: 'conversations', id: row.id };
  return (
    <li class="list-row" style={style} {...inList}>
      <a
        href={hrefOf(target)}
        data-row={row.id}
        {...(isChosen ? { 'aria-current': 'true' as const } : {})}
      >
        <RowContent row={row} lineFor={lineFor} />
      </a>
    </li>
  );
}

/** What a row shows: its channel, its name, a line, and its day. */
export function RowContent({
  row,
  lineFor,
}: {
  row: ViewerRow;
  lineFor?: ((row: ViewerRow) => ComponentChildren) | undefined;
}): JSX.Element {
  const words = useWords();
  const { naming } = useViewer();
  const { dayMonth } = useDates();
  return (
    <>
      <span class={`badge kind-${row.kind}`}>
        <Icon name={iconOf[row.kind]} />
      </span>
      <span class="row-text">
        <strong>{titleOf(row, words, naming)}</strong>
        <span class="row-line">{lineFor?.(row) ?? lineOf(row, words, naming)}</span>
      </span>
      <time class="row-day" dateTime={row.at}>
        {dayMonth(row.at)}
      </time>
    </>
  );
}
