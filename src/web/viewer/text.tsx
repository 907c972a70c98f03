import type { JSX } from 'preact';
import { stretchesIn } from '../../core/viewer/search';
import { Removed } from '../shared/labels';
import { useViewer } from './context';

/** A text of the package: as text, never as HTML. What was removed is named, and what is searched for is marked. */
export function Text({ of, silent = '' }: { of: string; silent?: string }): JSX.Element {
  const { naming, wanted } = useViewer();
  return (
    <>
      {naming.pieces(of).map((piece, i) => {
        const label = naming.label(piece);
        if (piece.kind === 'text') return <Marked key={i} text={piece.text} wanted={wanted} />;
        const isMute = piece.kind === 'removed' && silent !== '';
        return <Removed key={i}>{isMute ? `${label ?? ''}, ${silent}` : label}</Removed>;
      })}
    </>
  );
}

/** A text in which what is searched for is marked. */
export function Marked({ text, wanted }: { text: string; wanted: string }): JSX.Element {
  const stretches = stretchesIn(text, wanted);
  if (stretches.length === 0) return <>{text}</>;
  const parts: (JSX.Element | string)[] = [];
  let at = 0;
  for (const { start, end } of stretches) {
    parts.push(text.slice(at, start), <mark key={start}>{text.slice(start, end)}</mark>);
    at = end;
  }
  parts.push(text.slice(at));
  return <>{parts}</>;
}
