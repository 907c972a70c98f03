import { useSignal } from '@preact/signals';
import type { JSX, RefObject, SVGAttributes } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Button } from './button';
import { useWords } from './words';

export interface Series {
  /** Class of its colour: a channel, or a tone. */
  kind: 'call' | 'email' | 'message' | 'chat' | 'other' | 'accent' | 'ok' | 'warn' | 'bad';
  name: string;
}

export interface Column {
  /** Identifies the column, such as `2026-11`. */
  key: string;
  name: string;
  /** Words under the axis; most columns of a long chart have none. */
  tick?: string | undefined;
  /** Values in the order of the series. */
  values: readonly number[];
}

interface Props {
  title: string;
  /** The sentence that says what the picture shows. */
  summary: string;
  /** Name of what a column stands for, in the head of the table. */
  columnName: string;
  series: readonly Series[];
  columns: readonly Column[];
  /** Keys of the first and last chosen column. */
  chosen?: readonly [string, string] | undefined;
  /** Makes the columns a choice: a press takes one, dragging or Shift extends. */
  choose?: (from: string, to: string) => void;
  /** What Enter does. */
  show?: () => void;
}

/** In CSS pixels; the width is that of the place where the chart stands, so that its words keep their size. */
const size = { height: 220, left: 36, bottom: 24, top: 10 };
const plotHeight = size.height - size.bottom - size.top;
const widthBeforeMeasured = 640;
const gap = 1;

/** A round step that divides the axis into at most four parts. */
export function axisStep(highest: number): number {
  const raw = Math.max(1, highest / 4);
  const magnitude = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 3, 5, 10].find((candidate) => candidate * magnitude >= raw) ?? 10;
  return factor * magnitude;
}

const total = ({ values }: Column): number => values.reduce((sum, value) => sum + value, 0);

/** Columns of stacked values, with the same figures as a table for whoever prefers or needs it. */
export function ColumnChart(props: Props): JSX.Element {
  const { title, summary, columnName, series, columns, choose } = props;
  const { t } = useWords();
  const isTable = useSignal(false);
  return (
    <figure class="chart-figure">
      {isTable.value ? (
        <ChartTable {...{ title, columnName, series, columns }} />
      ) : (
        <Drawing {...props} />
      )}
      <figcaption class={choose ? 'visually-hidden' : 'secondary'}>{summary}</figcaption>
      <Button
        kind="quiet"
        aria-pressed={isTable.value}
        run={() => (isTable.value = !isTable.value)}
      >
        {t(isTable.value ? 'shared.showAsChart' : 'shared.showAsTable')}
      </Button>
    </figure>
  );
}

function Drawing(props: Props): JSX.Element {
  const { title, summary, series, columns, chosen, choose } = props;
  const { number } = useWords();
  const titleId = useId();
  const [frame, width] = useWidth();
  const hold = useRef<Hold>({ pressed: null, anchor: null, head: null });
  const step = axisStep(Math.max(...columns.map(total), 1));
  const top = step * Math.ceil(Math.max(...columns.map(total), 1) / step);
  const y = (value: number): number => size.top + plotHeight * (1 - value / top);
  const slot = (width - size.left) / Math.max(1, columns.length);
  const barWidth = Math.max(1, Math.min(48, slot * 0.72));
  const x = (index: number): number => size.left + index * slot + (slot - barWidth) / 2;
  const range = chosenRange(columns, chosen);
  return (
    <svg
      ref={frame}
      class="chart"
      viewBox={`0 0 ${width} ${size.height}`}
      aria-labelledby={titleId}
      {...(choose ? chooser(props, slot, hold) : { role: 'img' as const })}
    >
      <title id={titleId}>{`${title}. ${summary}`}</title>
      {range && (
        <rect
          class="chosen"
          x={size.left + range.from * slot}
          width={(range.to - range.from + 1) * slot}
          y={size.top / 2}
          height={plotHeight + size.top / 2}
          rx="4"
        />
      )}
      {Array.from({ length: top / step + 1 }, (_, line) => (
        <g key={line}>
          <line
            class={line === 0 ? 'axis' : 'grid'}
            x1={size.left}
            x2={width}
            y1={y(line * step)}
            y2={y(line * step)}
          />
          <text x={size.left - 8} y={y(line * step) + 4} text-anchor="end">
            {number(line * step)}
          </text>
        </g>
      ))}
      {columns.map((column, index) => (
        <g key={column.key}>
          {stacked(column.values).map(({ from, to }, order) => (
            <rect
              key={order}
              class={series[order]?.kind ?? 'other'}
              x={x(index)}
              width={barWidth}
              y={y(to)}
              height={Math.max(0, y(from) - y(to) - gap)}
            />
          ))}
          {column.tick !== undefined && (
            <text x={x(index)} y={size.height - 6}>
              {column.tick}
            </text>
          )}
        </g>
      ))}
    </svg>
  );
}

/** An element and how wide it is shown. */
function useWidth(): [RefObject<SVGSVGElement | null>, number] {
  const element = useRef<SVGSVGElement>(null);
  const width = useSignal(widthBeforeMeasured);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      width.value = Math.max(1, Math.round(entry?.contentRect.width ?? widthBeforeMeasured));
    });
    if (element.current) observer.observe(element.current);
    return () => observer.disconnect();
  }, [width]);
  return [element, width.value];
}

function stacked(values: readonly number[]): { from: number; to: number }[] {
  let reached = 0;
  return values.map((value) => {
    const from = reached;
    reached += value;
    return { from, to: reached };
  });
}

function chosenRange(
  columns: readonly Column[],
  chosen: Props['chosen'],
): { from: number; to: number } | null {
  if (!chosen) return null;
  const [from, to] = chosen.map((key) => columns.findIndex((column) => column.key === key));
  return from === undefined || to === undefined || from < 0 || to < 0 ? null : { from, to };
}

/** Where a choice was begun. */
interface Hold {
  /** The column where the pointer went down; null while it is up. */
  pressed: number | null;
  /** The end of the range that stays while Shift is held, and the one that moves. */
  anchor: number | null;
  head: number | null;
}

/**
 * What makes a chart a choice of columns: a slider whose value is a column or a range of them. Arrows move,
 * with Shift they extend, Home and End go to the ends, Enter shows what is chosen.
 */
function chooser(
  { columns, chosen, choose, show, title }: Props,
  slot: number,
  hold: { current: Hold },
): SVGAttributes<SVGSVGElement> {
  const range = chosenRange(columns, chosen);
  const clamp = (index: number): number => Math.min(columns.length - 1, Math.max(0, index));
  const pick = (anchor: number, head: number): void => {
    Object.assign(hold.current, { anchor: clamp(anchor), head: clamp(head) });
    const from = columns[clamp(Math.min(anchor, head))]?.key;
    const to = columns[clamp(Math.max(anchor, head))]?.key;
    if (from !== undefined && to !== undefined) choose?.(from, to);
  };
  const indexAt = (event: PointerEvent): number => {
    const box = (event.currentTarget as SVGSVGElement).getBoundingClientRect();
    return Math.floor((event.clientX - box.left - size.left) / slot);
  };
  const { anchor, head } = hold.current;
  const now = (range === null ? null : head) ?? range?.to ?? columns.length - 1;
  const start = (range === null ? null : anchor) ?? range?.from ?? now;
  const names = range && [columns[range.from]?.name, columns[range.to]?.name];
  return {
    role: 'slider',
    // As SVG spells it: its attributes are case-sensitive.
    tabindex: 0,
    'aria-label': title,
    'aria-valuemin': 0,
    'aria-valuemax': columns.length - 1,
    'aria-valuenow': now,
    'aria-valuetext': names ? [...new Set(names)].join(' – ') : (columns.at(-1)?.name ?? ''),
    onPointerDown: (event) => {
      const index = indexAt(event);
      hold.current.pressed = event.shiftKey && range ? start : index;
      pick(hold.current.pressed, index);
    },
    onPointerMove: (event) => {
      const { pressed } = hold.current;
      if (pressed !== null && event.buttons === 1) pick(pressed, indexAt(event));
    },
    onPointerUp: () => {
      hold.current.pressed = null;
    },
    onKeyDown: (event) => {
      const moves: Record<string, number> = {
        ArrowLeft: now - 1,
        ArrowRight: now + 1,
        Home: 0,
        End: columns.length - 1,
      };
      const to = moves[event.key];
      if (event.key === 'Enter') show?.();
      if (to === undefined) return;
      event.preventDefault();
      pick(event.shiftKey ? start : to, to);
    },
  };
}

function ChartTable({
  title,
  columnName,
  series,
  columns,
}: Pick<Props, 'title' | 'columnName' | 'series' | 'columns'>): JSX.Element {
  const { number } = useWords();
  return (
    <div class="chart-table" role="region" aria-label={title} tabIndex={0}>
      <table class="table">
        <caption class="visually-hidden">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{columnName}</th>
            {series.map(({ name }) => (
              <th key={name} scope="col" class="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {columns.map(({ key, name, values }) => (
            <tr key={key}>
              <th scope="row">{name}</th>
              {values.map((value, index) => (
                <td key={index} class="number">
                  {number(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
