import { make } from '../shared/dom';

type Cell = Node | string;

/** A table with a heading for each column; the first cell of a row names it. */
export function table(heads: readonly string[], rows: readonly (readonly Cell[])[]): HTMLElement {
  return make(
    'table',
    {},
    make('thead', {}, make('tr', {}, ...heads.map((head) => make('th', { scope: 'col' }, head)))),
    make(
      'tbody',
      {},
      ...rows.map(([first = '', ...cells]) =>
        make(
          'tr',
          {},
          make('th', { scope: 'row' }, first),
          ...cells.map((cell) => make('td', {}, cell)),
        ),
      ),
    ),
  );
}

/** A choice among values, each with its words. */
export const select = (
  label: string,
  options: readonly (readonly [value: string, words: string])[],
  chosen: string,
): HTMLSelectElement =>
  make(
    'select',
    { 'aria-label': label },
    ...options.map(([value, words]) =>
      make('option', { value, ...(value === chosen ? { selected: '' } : {}) }, words),
    ),
  );
