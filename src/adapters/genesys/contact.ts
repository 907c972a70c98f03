import { z } from 'zod';
import type { Contact } from '../../core/subject/contact';
import {
  normaliseEmail,
  normaliseHandle,
  normalisePhone,
  type SocialHandle,
  type SocialNetwork,
} from '../../core/subject/identifiers';
import { list, reference, text } from './shapes';

const phone = z.object({ e164: text, acceptsSMS: z.boolean().nullish() }).nullish();

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
  identifiers: list(z.object({ type: text, value: text })),
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

/** Ids of a contact at each network, from its own fields and from its identifiers. */
function handlesOf(source: SourceContact): SocialHandle[] {
  const own: Record<SocialNetwork, (string | null | undefined)[]> = {
    whatsapp: [source.whatsAppId?.phoneNumber?.e164],
    facebook: (source.facebookId?.ids ?? []).map(({ scopedId }) => scopedId),
    instagram: (source.instagramId?.ids ?? []).map(({ scopedId }) => scopedId),
    twitter: [source.twitterId?.id],
    line: (source.lineId?.ids ?? []).map(({ userId }) => userId),
    apple: (source.appleOpaqueIds ?? []).map(({ value }) => value),
  };
  return (Object.keys(own) as SocialNetwork[]).flatMap((type) => {
    const identifiers = (source.identifiers ?? []).filter(
      (identifier) => identifier.type === identifierTypes[type],
    );
    const all = [...own[type], ...identifiers.map(({ value }) => value)];
    const values = all.flatMap((value) => normaliseHandle(type, value ?? '') ?? []);
    return [...new Set(values)].map((value) => ({ type, value }));
  });
}

/** A contact with all its identifiers. */
export function contactOf(source: SourceContact): Contact {
  const id = source.canonicalContact?.id ?? source.id ?? '';
  const identifiers = source.identifiers ?? [];
  const values = (type: string): string[] =>
    identifiers.flatMap((identifier) => (identifier.type === type ? (identifier.value ?? []) : []));
  // The cell phone comes first, because it is the most likely to receive text messages.
  const phones = [
    { phone: source.cellPhone, isCell: true },
    { phone: source.workPhone, isCell: false },
    { phone: source.homePhone, isCell: false },
    { phone: source.otherPhone, isCell: false },
  ].flatMap(({ phone, isCell }) => {
    const number = normalisePhone(phone?.e164 ?? '', null);
    return number === null ? [] : [{ number, receivesSms: phone?.acceptsSMS ?? isCell }];
  });
  const known = new Set(phones.map(({ number }) => number));
  const others = values('Phone').flatMap((value) => {
    const number = normalisePhone(value, null);
    return number === null || known.has(number) ? [] : [{ number, receivesSms: false }];
  });
  const emails = [source.personalEmail, source.workEmail, source.otherEmail, ...values('Email')];
  return {
    id,
    firstName: source.firstName ?? null,
    lastName: source.lastName ?? null,
    mergeSet: [
      ...new Set([id, source.id ?? id, ...(source.mergeSet ?? []).flatMap((ref) => ref.id ?? [])]),
    ],
    phones: [...phones, ...others],
    createdAt: source.createDate ?? null,
    handles: handlesOf(source),
    former: [],
    emails: [...new Set(emails.flatMap((email) => normaliseEmail(email ?? '') ?? []))],
  };
}
