import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ViewerIndex } from '../../core/package/viewer-index';
import { markReader, type TextPiece } from '../../core/redaction/marks';
import type { Place } from '../../core/viewer/place';
import type { Words } from '../shared/words';
import type { PackageData } from './package-data';
import type { MediaSource } from './package-source';

/** What the parts of the viewer know of the package, and where they are in it. */
export interface ViewerContext {
  data: PackageData;
  media: MediaSource;
  place: Place;
  /** What is searched for, as it is compared; empty for nothing. */
  wanted: string;
  naming: Naming;
}

const Context = createContext<ViewerContext | null>(null);
export const ViewerProvider = Context.Provider;

/** @throws Error outside of the viewer */
export function useViewer(): ViewerContext {
  const context = useContext(Context);
  if (context === null) throw new Error('A part of the viewer is shown outside of it.');
  return context;
}

/** Names what masking has put into texts. */
export interface Naming {
  pieces: (text: string) => TextPiece[];
  /** What was removed, in words; null for a piece that is a text. */
  label: (piece: TextPiece) => string | null;
  /** A text with everything in words that was removed from it. */
  plain: (text: string) => string;
}

/** An id of the source (RFC 9562), which says nothing to anybody. */
const bareId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Names of a list that the source joins by semicolons, without bare ids. */
export const namesIn = (joined: string | undefined): string[] =>
  (joined ?? '').split('; ').filter((name) => name !== '' && !bareId.test(name));

export function namingOf({ staff, patterns }: ViewerIndex, { t }: Words): Naming {
  const pieces = markReader(patterns);
  const numbers = new Map(staff.map((pseudonym, i) => [pseudonym, i + 1]));
  const label = (piece: TextPiece): string | null => {
    if (piece.kind === 'text') return null;
    if (piece.kind === 'staff') {
      const n = numbers.get(piece.pseudonym);
      return n === undefined ? t('viewer.agent') : t('viewer.agentNumber', { n });
    }
    return piece.what === 'pattern'
      ? t('viewer.removed.pattern', { name: piece.name })
      : t(`viewer.removed.${piece.what}`);
  };
  const plain = (text: string): string =>
    pieces(text)
      .map((piece) =>
        piece.kind === 'text'
          ? piece.text
          : piece.kind === 'staff'
            ? (label(piece) ?? '')
            : `[${label(piece) ?? ''}]`,
      )
      .join('');
  return { pieces, label, plain };
}
