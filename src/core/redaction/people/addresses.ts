import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { normaliseEmail, normalisePhone } from '../../subject/identifiers';
import { formsOf, identifierKey } from '../../subject/spellings';
import { remembered } from '../remembered';

/** An address as the source writes it, read as what it is. */
export interface ReadAddress {
  /** Normalised; null for what is none. */
  mailbox: string | null;
  /** Phone number (E.164); null for what is none. */
  phone: string | null;
  /** As it is written, without scheme and parameters, in lower case and NFC. */
  literal: string;
}

const scheme = /^(tel|sips?|mailto|sms|callto|xmpp|im):/i;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What may be a number: everything else needs no look at numbering plans. */
const numberLike =
  /^\+?[(\d][\d\s().\-\u2010-\u2015/]{4,30}(?:(?:;ext=|[,;]?\s*(?:ext\.?|x|#))\s*\d{1,9})?$/i;

/** A number with or without its +, as WhatsApp and text messages have it; an extension is none. */
function phoneIn(text: string): string | null {
  if (!numberLike.test(text)) return null;
  const isBare = /^[1-9]\d{9,14}$/.test(text);
  return normalisePhone(isBare ? `+${text}` : text, null);
}

/** Reads an address: a number, a mailbox, a SIP address (RFC 3261) with either as its user, or another one. */
function readAddress(written: string): ReadAddress {
  const trimmed = written.trim();
  const name = scheme.exec(trimmed)?.[1]?.toLowerCase() ?? '';
  const address = trimmed.replace(scheme, '');
  const bare = name === '' ? address : address.replace(/[;?].*/s, '');
  const literal = bare.normalize('NFC').toLowerCase();
  if (!bare.includes('@')) return { mailbox: null, phone: phoneIn(decoded(bare)), literal };
  const user = decoded(bare.slice(0, bare.lastIndexOf('@')));
  const isSip = name.startsWith('sip');
  if (isSip && user.includes('@')) return { mailbox: normaliseEmail(user), phone: null, literal };
  const phone = isSip ? phoneIn(user) : null;
  return { mailbox: phone === null ? normaliseEmail(bare) : null, phone, literal };
}

/** Addresses that are kept in mind as they were read. */
const mostRead = 10_000;

/** Reads addresses, and each spelling once: the same ones stand in many places. */
export class AddressReader {
  readonly read: (written: string) => ReadAddress = remembered(readAddress, mostRead);

  /** Whether a text is an address and no name. */
  isAddress(text: string): boolean {
    const { mailbox, phone } = this.read(text);
    return mailbox !== null || phone !== null || scheme.test(text) || /^[+\d\s().@-]+$/.test(text);
  }

  /** By what two spellings of one address are the same. */
  keyOf(written: string): string {
    const { mailbox, phone, literal } = this.read(written);
    if (mailbox !== null) return identifierKey({ type: 'email', value: mailbox });
    if (phone !== null) return identifierKey({ type: 'phone', value: phone });
    return `other:${literal}`;
  }
}

/** A number with fewer digits is not looked for in texts: it may be anything. */
export const fewestDigits = 7;
/** Without a prefix before it, a number is looked for from this many digits on. */
const fewestBare = 8;

/**
 * The digits by which people write a number: with the country's code, with what is dialled before it
 * (ITU-T E.123; 011 in North America), with the trunk prefix, and without any.
 */
export function digitForms(phone: string): string[] {
  const forms = new Set<string>();
  for (const form of formsOf({ type: 'phone', value: phone })) {
    const digits = form.replaceAll(/\D/g, '');
    const parsed = parsePhoneNumberFromString(form);
    const national = parsed?.nationalNumber ?? digits;
    const code = digits.slice(0, digits.length - national.length);
    for (const written of [digits, `00${digits}`, `011${digits}`, `${code}0${national}`])
      forms.add(written);
    if (national.length >= fewestDigits) forms.add(`0${national}`);
    if (national.length >= fewestBare) forms.add(national);
  }
  return [...forms];
}

/** What may stand before a mailbox without a space: names of parameters, and of values. */
const border = /[=&?#'|{}*$!/~^`]/g;

/** Where a mailbox may begin in letters that all may be part of it (RFC 5322); the whole comes first. */
export const addressStarts = (address: string): number[] => [
  0,
  ...[...address.slice(0, address.indexOf('@')).matchAll(border)].map(({ index }) => index + 1),
];
