/** Reads fields of documents of the source whose form is not known. */

export type Fields = Record<string, unknown>;

export const fields = (value: unknown): Fields =>
  value !== null && typeof value === 'object' ? (value as Fields) : {};

export const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

export const list = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(fields) : []);

export const joined = (values: unknown[]): string =>
  values
    .map(text)
    .filter((one) => one !== '')
    .join(', ');
