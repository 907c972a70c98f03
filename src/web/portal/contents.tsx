import type { JSX } from 'preact';
import { sentenceOf } from '../../core/package/availability-sentences';
import { processingSections } from '../../core/package/processing-words';
import { Disclosure } from '../shared/disclosure';
import { Facts } from '../shared/facts';
import { useWords } from '../shared/words';
import type { ReadyView } from './portal-api';

/** What is in the package and what is not, folded. */
export function Contents({ view }: { view: ReadyView }): JSX.Element {
  const words = useWords();
  return (
    <Disclosure title={words.t('portal.ready.contents')}>
      <ul>
        {(view.statements ?? []).map((one, index) => (
          <li key={index}>{sentenceOf(one, words)}</li>
        ))}
      </ul>
    </Disclosure>
  );
}

/** What the controller says of its processing (Art. 15(1) and (2) GDPR), folded; nothing without it. */
export function ProcessingInformation({ view }: { view: ReadyView }): JSX.Element | null {
  const words = useWords();
  if (view.processing === null) return null;
  return (
    <Disclosure title={words.t('processing.title')}>
      {processingSections(view.processing, words).map(({ heading, terms, language }) => (
        <section key={heading}>
          <h3>{heading}</h3>
          <Facts
            look="terms"
            facts={terms.map(({ term, texts }) => ({ name: term, values: texts, language }))}
          />
        </section>
      ))}
    </Disclosure>
  );
}
