import { createContext, type ComponentChildren, type JSX } from 'preact';
import { useContext, useMemo } from 'preact/hooks';
import { formats } from '../../core/i18n/formats';
import { translator, type Locales } from '../../core/i18n/translator';
import type { Words } from '../../core/i18n/words';

export type { Words };

const WordsContext = createContext<Words | null>(null);

/** The language as the reader's region writes dates and numbers, such as `en-GB`, where the browser names one. */
const regional = (tag: string): string =>
  navigator.languages.find((one) => one.startsWith(`${tag}-`)) ?? tag;

/** Words of a language, with dates in a time zone (the browser's, if none is given). */
export const wordsOf = (locales: Locales, tag: string, timeZone?: string): Words => ({
  ...translator(locales, tag),
  ...formats(regional(tag), timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone),
});

interface Props {
  locales: Locales;
  tag: string;
  timeZone?: string;
  children: ComponentChildren;
}

export function WordsProvider({ locales, tag, timeZone, children }: Props): JSX.Element {
  const words = useMemo(() => wordsOf(locales, tag, timeZone), [locales, tag, timeZone]);
  return <WordsContext.Provider value={words}>{children}</WordsContext.Provider>;
}

/** @throws Error outside a `WordsProvider` */
export function useWords(): Words {
  const words = useContext(WordsContext);
  if (words === null) throw new Error('A component is shown without words.');
  return words;
}
