import type { ComponentChildren, JSX } from 'preact';
import type { Values } from '../../core/i18n/translator';
import { useWords } from '../shared/words';

interface Props {
  /** Path of the text. */
  of: string;
  values?: Values;
  /** Placeholders that stand in the text as elements, such as a number in bold. */
  parts: Record<string, ComponentChildren>;
}

/** What no text contains. */
const mark = '\u0000';

/** A text of which some placeholders are elements. */
export function Sentence({ of, values = {}, parts }: Props): JSX.Element {
  const { t } = useWords();
  const marks = Object.fromEntries(
    Object.keys(parts).map((name) => [name, `${mark}${name}${mark}`]),
  );
  const pieces = t(of, { ...values, ...marks }).split(mark);
  return <>{pieces.map((piece, index) => (index % 2 === 1 ? parts[piece] : piece))}</>;
}
