import type { JSX } from 'preact';

const width = 1000;
const stripes = { step: 16, width: 8 };

interface Props {
  /** 0 to 1; what is outside counts as the nearer end. */
  share: number;
  tone?: 'accent' | 'ok' | 'warn' | 'bad';
  /** Striped in its empty part: the time stands still. */
  isPaused?: boolean;
}

/**
 * A bar whose filled part is a share. Words with the same content stand beside it, so that it is hidden from
 * screen readers. Drawn by attributes: the pages' policy refuses inline style.
 */
export function Bar({ share, tone = 'accent', isPaused = false }: Props): JSX.Element {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * width);
  const count = isPaused ? Math.ceil((width - filled) / stripes.step) : 0;
  return (
    <svg
      class={`bar-track ${tone}`}
      viewBox={`0 0 ${width} 8`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {Array.from({ length: count }, (_, index) => (
        <rect
          key={index}
          class="stripe"
          x={filled + index * stripes.step}
          width={stripes.width}
          height="8"
        />
      ))}
      <rect width={filled} height="8" />
    </svg>
  );
}

/** A part of a bar: how much, and the class of its colour. */
export interface BarPart {
  value: number;
  tone: 'accent' | 'ok' | 'warn' | 'bad' | 'edge';
}

/** A bar of several parts of a whole. Words with the same content stand beside it. */
export function PartsBar({ parts }: { parts: readonly BarPart[] }): JSX.Element {
  const total = Math.max(
    1,
    parts.reduce((sum, { value }) => sum + value, 0),
  );
  const edges = parts.map((_, index) =>
    Math.round(
      (parts.slice(0, index + 1).reduce((sum, { value }) => sum + value, 0) / total) * width,
    ),
  );
  return (
    <svg class="bar-track" viewBox={`0 0 ${width} 8`} preserveAspectRatio="none" aria-hidden="true">
      {parts.map(({ tone }, index) => {
        const from = edges[index - 1] ?? 0;
        const part = (edges[index] ?? 0) - from;
        return part > 0 && <rect key={tone} class={tone} x={from} width={part} height="8" />;
      })}
    </svg>
  );
}
