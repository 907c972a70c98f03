import type { JSX } from 'preact';
import { useWords } from '../shared/words';
import { lastDayOf } from './deadline-view';
import type { LetterChoice, RequestCalls } from './officer-api';
import { languageName } from './request-words';
import { Loaded, useResource } from './resource';

/** What stands in a letter where the officer's explanation comes; the server puts it there. */
const explanationMark = '{explanation}';

interface Props {
  letter: LetterChoice['letter'];
  ground: string;
  explanation: string;
  calls: RequestCalls;
}

/** The letter as the person will read it, in their language; the explanation never leaves the page for it. */
export function LetterPreview({ letter, ground, explanation, calls }: Props): JSX.Element {
  const words = useWords();
  const { t, longDay } = words;
  const key = `${letter} ${ground}`;
  const read = useResource(key, () =>
    calls.letter({ letter, reasonCode: ground, hasExplanation: true }),
  );
  return (
    <Loaded of={read} rows={2}>
      {({ language, subject, text, dueAt }) => (
        <>
          {dueAt !== null && (
            <p>
              <strong>{t('officer.letter.newDay', { day: longDay(lastDayOf(dueAt)) })}</strong>
            </p>
          )}
          <details class="letter">
            <summary>
              {t('officer.letter.show', { language: languageName(language, words) })}
            </summary>
            <article lang={language}>
              <h3>{subject}</h3>
              <p class="letter-text">
                {explanation === '' && ground !== 'asExplained'
                  ? text.replace(`${explanationMark}\n\n`, '')
                  : text.replace(explanationMark, () => explanation || t('officer.letter.missing'))}
              </p>
            </article>
          </details>
        </>
      )}
    </Loaded>
  );
}
