/** An element with attributes and children; a text is always a text, whoever wrote it. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A button that does something. */
export function button(
  label: string,
  action: () => void,
  attributes: Record<string, string> = {},
): HTMLButtonElement {
  const element = make('button', { type: 'button', ...attributes }, label);
  element.addEventListener('click', action);
  return element;
}

export const labelled = (label: string, control: HTMLElement): HTMLLabelElement =>
  make('label', {}, label, control);

/** A choice of languages, each called as it calls itself. */
export function languageChoice(
  languages: Record<string, { name: string }>,
  chosen: string,
  choose: (tag: string) => void,
): HTMLSelectElement {
  const select = make(
    'select',
    {},
    ...Object.entries(languages).map(([tag, { name }]) =>
      make('option', { value: tag, lang: tag, ...(tag === chosen ? { selected: '' } : {}) }, name),
    ),
  );
  select.addEventListener('change', () => choose(select.value));
  return select;
}
