/** An element with attributes and children. Strings become text, never HTML. */
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

/** A button with an action. */
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

/** A choice of languages, each by its own name. */
export function languageChoice(
  locales: Record<string, { name: string }>,
  chosen: string,
  choose: (tag: string) => void,
): HTMLSelectElement {
  const select = make(
    'select',
    {},
    ...Object.entries(locales).map(([tag, { name }]) =>
      make('option', { value: tag, lang: tag, ...(tag === chosen ? { selected: '' } : {}) }, name),
    ),
  );
  select.addEventListener('change', () => choose(select.value));
  return select;
}
