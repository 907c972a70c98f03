import { withoutTag, type Identifier, type IdentifierType } from './identifiers';
import { canonicalMailbox, mailboxForms, mailboxKeywords } from './mailbox-rules';
import { currentNumber, numberForms } from './number-plans';

const isNumber = (type: IdentifierType, value: string): boolean =>
  type === 'phone' || (type === 'whatsapp' && value.startsWith('+'));

/** The spelling in which an identifier is compared: all spellings of one line or mailbox have one. */
export function canonicalValue({ type, value }: Identifier): string {
  if (type === 'email') return canonicalMailbox(value);
  return isNumber(type, value) ? currentNumber(value) : value;
}

/** Names a line, a mailbox or an id at a network, whatever spelling it has. */
export const identifierKey = (identifier: Identifier): string =>
  `${identifier.type}:${canonicalValue(identifier)}`;

/** Every spelling of an identifier that may be stored for it, the one it is compared by first. */
export function formsOf({ type, value }: Identifier): string[] {
  if (type === 'email') return mailboxForms(value);
  return isNumber(type, value) ? numberForms(value) : [value];
}

/** As an identifier is stored: as its spellings, and for WhatsApp without the + as well. */
export const storedFormsOf = (identifier: Identifier): string[] =>
  formsOf(identifier).flatMap((form) =>
    identifier.type === 'whatsapp' && form.startsWith('+') ? [form, form.slice(1)] : [form],
  );

/** Words by which a keyword search finds an identifier; a WhatsApp id is stored with or without +. */
export function keywordsOf(identifier: Identifier): string[] {
  const { type, value } = identifier;
  if (type === 'email') return mailboxKeywords(value);
  const forms = formsOf(identifier);
  return type === 'whatsapp' ? forms.map((form) => form.replace(/^\+/, '')) : forms;
}

/**
 * What is likely to be the same mailbox or line, though nobody documents it: an address without its
 * tag, a number without its extension. Null for an identifier that has neither.
 */
export function nearIdentifier({ type, value, extension }: Identifier): Identifier | null {
  if (extension !== undefined) return { type, value };
  const bare = withoutTag(value);
  if (type !== 'email' || canonicalMailbox(bare) === canonicalMailbox(value)) return null;
  return { type, value: bare };
}
