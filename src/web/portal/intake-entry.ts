/** What somebody writes on the intake page. */
export interface Entries {
  name: string;
  email: string;
  phone: string;
  /** Further mailboxes and numbers. */
  others: string[];
}

export const nothingEntered: Entries = { name: '', email: '', phone: '', others: [] };

/** Names of the fields, as their errors and the places in the server's answers name them. */
export type EntryField = 'name' | 'email' | 'phone' | `other-${number}`;

/** What is wrong with a field; the texts are below `portal.intake.errors`. */
export interface FieldError {
  field: EntryField;
  kind: 'nameMissing' | 'emailMissing' | 'emailWrong' | 'phoneWrong' | 'otherWrong';
}

export interface WrittenIdentifier {
  type: 'email' | 'phone';
  value: string;
}

const looksLikeMail = (text: string): boolean => text.includes('@');

/** The identifiers that were written, with the field of each. */
export function identifiersOf({
  email,
  phone,
  others,
}: Entries): { field: EntryField; identifier: WrittenIdentifier }[] {
  const written: [EntryField, WrittenIdentifier['type'], string][] = [
    ['email', 'email', email],
    ['phone', 'phone', phone],
    ...others.map((text, i): [EntryField, WrittenIdentifier['type'], string] => [
      `other-${i}`,
      looksLikeMail(text) ? 'email' : 'phone',
      text,
    ]),
  ];
  return written
    .map(([field, type, text]) => ({ field, identifier: { type, value: text.trim() } }))
    .filter(({ identifier: { value } }) => value !== '');
}

const wrong = (field: EntryField): FieldError => ({
  field,
  kind: field === 'email' ? 'emailWrong' : field === 'phone' ? 'phoneWrong' : 'otherWrong',
});

/** What can be seen to be wrong here. Whether a number exists is for the server to say. */
export function entryErrors(entries: Entries): FieldError[] {
  const errors: FieldError[] = [];
  if (entries.name.trim() === '') errors.push({ field: 'name', kind: 'nameMissing' });
  if (entries.email.trim() === '') errors.push({ field: 'email', kind: 'emailMissing' });
  for (const { field, identifier } of identifiersOf(entries)) {
    const { type, value } = identifier;
    const isPlausible =
      type === 'email'
        ? /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)
        : /^\+?[\d\s().\-/]{5,30}(\D{1,5}\d{1,9})?$/.test(value);
    if (!isPlausible) errors.push(wrong(field));
  }
  return errors;
}

/**
 * The fields that the server has found wrong.
 * @param pointers places in the body that was sent, such as `/identifiers/1/value`
 */
export function refusedFields(entries: Entries, pointers: readonly string[]): FieldError[] {
  const sent = identifiersOf(entries);
  return pointers.flatMap((pointer): FieldError[] => {
    if (pointer === '/name') return [{ field: 'name', kind: 'nameMissing' }];
    const index = /^\/identifiers\/(\d+)\//.exec(pointer)?.[1];
    const field = index === undefined ? undefined : sent[Number(index)]?.field;
    return field === undefined ? [] : [wrong(field)];
  });
}
