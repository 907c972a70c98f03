import type { ComponentChildren, JSX } from 'preact';

/** Something that is said of somebody or something. */
export interface Fact {
  name: ComponentChildren;
  /** What tells it apart where its name is no text. */
  key?: string;
  /** What is said: in one text, or in several. */
  values: readonly ComponentChildren[];
  /** Language of the values, where it may be another one than the page's. */
  language?: string;
}

/** Facts by their names. @param look class of the list, which each page draws in its way */
export function Facts({
  facts,
  look = 'facts',
}: {
  facts: readonly Fact[];
  look?: string;
}): JSX.Element {
  return (
    <dl class={look}>
      {facts.map(({ name, key = typeof name === 'string' ? name : '', values, language }) => (
        <div key={key}>
          <dt>{name}</dt>
          {values.map((value, index) => (
            <dd key={index} {...(language === undefined ? {} : { lang: language })}>
              {value}
            </dd>
          ))}
        </div>
      ))}
    </dl>
  );
}
