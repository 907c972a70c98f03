import type { JSX } from 'preact';
import { reportContents, type ReportKind } from '../../core/package/availability-words';
import { processingSections } from '../../core/package/processing-words';
import { Disclosure } from '../shared/disclosure';
import { Facts } from '../shared/facts';
import { useWords } from '../shared/words';
import type { ReadyView } from './portal-api';

/** What is in the package and what is not, folded: in the words of the report that the package holds. */
export function Contents({ view }: { view: ReadyView }): JSX.Element {
  const words = useWords();
  const { title, incomplete, incompleteTitle, complete, completeTitle, sections } = reportContents(
    view.statements ?? [],
    [],
    words,
  );
  return (
    <Disclosure title={words.t('portal.ready.contents')}>
      <p>
        <strong>{title}</strong>
      </p>
      <Kinds title={incompleteTitle} kinds={incomplete} />
      <Kinds title={completeTitle} kinds={complete} />
      {sections.map(({ key, title: heading, lines }) => (
        <section key={key}>
          <h3>{heading}</h3>
          <ul>
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
      ))}
    </Disclosure>
  );
}

/** Kinds of data: how much there is of each, and what is missing of it, and why. */
function Kinds({
  title,
  kinds,
}: {
  title: string;
  kinds: readonly ReportKind[];
}): JSX.Element | null {
  if (kinds.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <Facts
        look="terms"
        facts={kinds.map(({ label, count, gaps }) => ({
          name: label,
          values: [count, ...gaps.map(({ what, why }) => `${what}. ${why}`)],
        }))}
      />
    </section>
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
