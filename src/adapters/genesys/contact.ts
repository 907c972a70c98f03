import { z } from 'zod';
import type {
  Contact,
  ContactPhone,
  HeldSince,
  UnsearchedIdentifier,
} from '../../core/subject/contact';
import {
  normaliseEmail,
  normaliseHandle,
  parsePhone,
  socialNetworks,
  type Identifier,
  type SocialHandle,
  type SocialNetwork,
} from '../../core/subject/identifiers';
import { identifierKey } from '../../core/subject/spellings';
import { list, reference, text } from './shapes';

const phone = z
  .object({
    e164: text,
    display: text,
    userInput: text,
    extension: z.union([z.number(), z.string()]).nullish(),
    acceptsSMS: z.boolean().nullish(),
  })
  .nullish();
type SourcePhone = NonNullable<z.infer<typeof phone>>;

/** An ExternalContact of the Platform API, as far as it is read. */
export const sourceContact = z.object({
  id: text,
  firstName: text,
  lastName: text,
  workPhone: phone,
  cellPhone: phone,
  homePhone: phone,
  otherPhone: phone,
  workEmail: text,
  personalEmail: text,
  otherEmail: text,
  twitterId: z.object({ id: text }).nullish(),
  lineId: z.object({ ids: list(z.object({ userId: text })) }).nullish(),
  whatsAppId: z.object({ phoneNumber: phone }).nullish(),
  facebookId: z.object({ ids: list(z.object({ scopedId: text })) }).nullish(),
  instagramId: z.object({ ids: list(z.object({ scopedId: text })) }).nullish(),
  appleOpaqueIds: list(z.object({ value: text })),
  identifiers: list(z.object({ type: text, value: text, dateCreated: text })),
  canonicalContact: reference.nullish(),
  mergeSet: list(reference),
  createDate: text,
});
export type SourceContact = z.infer<typeof sourceContact>;

/** Types of ContactIdentifier, by network. */
export const identifierTypes: Record<SocialNetwork, string> = {
  whatsapp: 'SocialWhatsapp',
  facebook: 'SocialFacebook',
  instagram: 'SocialInstagram',
  twitter: 'SocialTwitter',
  line: 'SocialLine',
  apple: 'AppleOpaqueId',
};

/** Type of an id of a WhatsApp user within the company's own scope, where the number is not known. */
const scopedWhatsAppType = 'SocialWhatsappBsuid';

/** The type by which the source looks an identifier up. */
export function lookupTypeOf({ type, value }: Identifier): string {
  if (type === 'email') return 'Email';
  if (type === 'phone') return 'Phone';
  const isScoped = type === 'whatsapp' && !/^\+?\d+$/.test(value);
  return isScoped ? scopedWhatsAppType : identifierTypes[type];
}

/** An identifier of the source in the app's form; null when it is of no kind that can be read. */
function identifierOf(type: string, value: string): Identifier | null {
  if (type === 'Email') return asEmail(value);
  if (type === 'Phone') {
    const parsed = parsePhone(value, null);
    return parsed && { type: 'phone', value: parsed.number, ...extension(parsed.extension) };
  }
  if (type === scopedWhatsAppType) return { type: 'whatsapp', value: value.trim() };
  const network = socialNetworks.find((name) => identifierTypes[name] === type);
  return network === undefined ? null : asHandle(network, value);
}

const extension = (digits: string | null): { extension?: string } =>
  digits === null ? {} : { extension: digits };

function asEmail(value: string): Identifier | null {
  const email = normaliseEmail(value);
  return email === null ? null : { type: 'email', value: email };
}

function asHandle(type: SocialNetwork, text: string): SocialHandle | null {
  const value = normaliseHandle(type, text);
  return value === null ? null : { type, value };
}

/** Reads what a contact holds, and keeps account of what cannot be read: nothing is dropped. */
class Reader {
  readonly notSearched: UnsearchedIdentifier[] = [];

  /** The values that can be read; the others are noted. */
  read<T>(type: string, values: (string | null | undefined)[], parse: (value: string) => T | null) {
    return values.flatMap((value): T[] => {
      if (value === null || value === undefined || value.trim() === '') return [];
      const parsed = parse(value);
      if (parsed !== null) return [parsed];
      this.notSearched.push({ type, value, reason: 'notReadable' });
      return [];
    });
  }

  /** A phone number: as E.164 where the source could read it, else as it was typed. */
  phone(source: SourcePhone, isCell: boolean): ContactPhone[] {
    const spellings = [source.e164, source.userInput, source.display];
    const texts = spellings.filter((one) => one !== null && one !== undefined && one !== '');
    const parsed = texts.flatMap((one) => parsePhone(one ?? '', null) ?? []);
    const [best] = parsed;
    if (best === undefined) {
      this.read('phone', texts.slice(-1), () => null);
      return [];
    }
    const own = source.extension;
    const digits = own === null || own === undefined ? null : String(own);
    const typed = parsed.find((one) => one.extension !== null)?.extension ?? null;
    const receivesSms = source.acceptsSMS ?? isCell;
    return [{ number: best.number, receivesSms, ...extension(digits ?? typed) }];
  }
}

/** Ids of a contact at each network, from its own fields and from its identifiers. */
function handlesOf(source: SourceContact, reader: Reader): SocialHandle[] {
  const whatsApp = source.whatsAppId?.phoneNumber;
  const own: Record<SocialNetwork, (string | null | undefined)[]> = {
    whatsapp: [whatsApp?.e164 ?? whatsApp?.userInput ?? whatsApp?.display],
    facebook: (source.facebookId?.ids ?? []).map(({ scopedId }) => scopedId),
    instagram: (source.instagramId?.ids ?? []).map(({ scopedId }) => scopedId),
    twitter: [source.twitterId?.id],
    line: (source.lineId?.ids ?? []).map(({ userId }) => userId),
    apple: (source.appleOpaqueIds ?? []).map(({ value }) => value),
  };
  return (Object.keys(own) as SocialNetwork[]).flatMap((type) => {
    const all = [...new Set([...own[type], ...valuesOf(source, identifierTypes[type])])];
    const values = [
      ...reader.read(type, all, (value) => asHandle(type, value)?.value ?? null),
      ...(type === 'whatsapp'
        ? reader.read(type, valuesOf(source, scopedWhatsAppType), (value) => value.trim())
        : []),
    ];
    return [...new Set(values)].map((value) => ({ type, value }));
  });
}

/** Phone numbers of a contact, from its own fields and from its identifiers. */
function phonesOf(source: SourceContact, reader: Reader): ContactPhone[] {
  // The cell phone comes first, because it is the most likely to receive text messages.
  const own = [
    { phone: source.cellPhone, isCell: true },
    { phone: source.workPhone, isCell: false },
    { phone: source.homePhone, isCell: false },
    { phone: source.otherPhone, isCell: false },
  ].flatMap(({ phone, isCell }) => (phone ? reader.phone(phone, isCell) : []));
  const keyOf = (value: string): string => identifierKey({ type: 'phone', value });
  const known = new Set(own.map(({ number }) => keyOf(number)));
  const others = reader
    .read('phone', valuesOf(source, 'Phone'), (value) => parsePhone(value, null))
    .filter(({ number }) => !known.has(keyOf(number)));
  return [
    ...own,
    ...others.map((one) => ({
      number: one.number,
      receivesSms: false,
      ...extension(one.extension),
    })),
  ];
}

const valuesOf = ({ identifiers }: SourceContact, type: string): (string | null | undefined)[] =>
  (identifiers ?? []).flatMap((one) => (one.type === type ? [one.value] : []));

/** When the source says that the contact has had its identifiers since. */
function heldSinceOf({ identifiers }: SourceContact): HeldSince[] {
  const earliest = new Map<string, HeldSince>();
  for (const { type, value, dateCreated } of identifiers ?? []) {
    const identifier = identifierOf(type ?? '', value ?? '');
    if (identifier === null || !dateCreated || Number.isNaN(Date.parse(dateCreated))) continue;
    const key = identifierKey(identifier);
    const known = earliest.get(key);
    if (known === undefined || Date.parse(dateCreated) < Date.parse(known.at))
      earliest.set(key, { ...identifier, at: dateCreated });
  }
  return [...earliest.values()];
}

/** Types by which conversations can be searched. */
const searchableTypes = new Set([
  'Email',
  'Phone',
  scopedWhatsAppType,
  ...Object.values(identifierTypes),
]);

/** A contact with all its identifiers; those that nothing can be searched by are named as such. */
export function contactOf(source: SourceContact): Contact {
  const id = source.canonicalContact?.id ?? source.id ?? '';
  const reader = new Reader();
  const emails = [
    source.personalEmail,
    source.workEmail,
    source.otherEmail,
    ...valuesOf(source, 'Email'),
  ];
  const contact = {
    id,
    firstName: source.firstName ?? null,
    lastName: source.lastName ?? null,
    mergeSet: [
      ...new Set([id, source.id ?? id, ...(source.mergeSet ?? []).flatMap((ref) => ref.id ?? [])]),
    ],
    phones: phonesOf(source, reader),
    createdAt: source.createDate ?? null,
    handles: handlesOf(source, reader),
    former: [],
    emails: [...new Set(reader.read('email', emails, normaliseEmail))],
  };
  const others = (source.identifiers ?? []).flatMap(({ type, value }): UnsearchedIdentifier[] =>
    type && value && !searchableTypes.has(type) ? [{ type, value, reason: 'notSearchable' }] : [],
  );
  const heldSince = heldSinceOf(source);
  const notSearched = withoutRepeats([...reader.notSearched, ...others]);
  return {
    ...contact,
    ...(heldSince.length > 0 ? { heldSince } : {}),
    ...(notSearched.length > 0 ? { notSearched } : {}),
  };
}

/** A field and the identifier made from it are one. */
const withoutRepeats = (all: UnsearchedIdentifier[]): UnsearchedIdentifier[] => [
  ...new Map(all.map((one) => [`${one.type}:${one.value}`, one])).values(),
];
