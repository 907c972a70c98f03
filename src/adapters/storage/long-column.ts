/** Characters that a text property of a table can hold: 64 KiB of UTF-16. */
const mostCharacters = 32_000;

type Columns = Record<string, unknown>;

/** Whether a column holds a part of a long text: the name itself, or the name with a number from 2. */
const isPart = (name: string, column: string): boolean =>
  column === name ||
  (column.startsWith(name) && /^[2-9]$|^[1-9]\d+$/.test(column.slice(name.length)));

const partName = (name: string, part: number): string => (part === 1 ? name : `${name}${part}`);

/**
 * Columns with a text that is longer than a column can be: the first part has the name, those that
 * follow are numbered from 2. Parts of what the columns held before are gone.
 */
export function withLongText(columns: Columns, name: string, text: string): Columns {
  const others = Object.entries(columns).filter(([column]) => !isPart(name, column));
  const parts = Math.max(1, Math.ceil(text.length / mostCharacters));
  const cut = Array.from({ length: parts }, (_, i): [string, string] => [
    partName(name, i + 1),
    text.slice(i * mostCharacters, (i + 1) * mostCharacters),
  ]);
  return Object.fromEntries([...others, ...cut]);
}

/** The text that `withLongText` has stored; null without one. */
export function longTextOf(columns: Columns, name: string): string | null {
  let text: string | null = null;
  for (let part = 1; ; part += 1) {
    const value = columns[partName(name, part)];
    if (typeof value !== 'string') return text;
    text = (text ?? '') + value;
  }
}
