import { normaliseEmail, normalisePhone, type Contact } from '../../core/identity';

/** An ExternalContact of the Platform API, as far as it is read. */
export interface SourceContact {
  id?: string;
  firstName?: string;
  lastName?: string;
  workPhone?: SourcePhone;
  cellPhone?: SourcePhone;
  homePhone?: SourcePhone;
  otherPhone?: SourcePhone;
  workEmail?: string;
  personalEmail?: string;
  otherEmail?: string;
  identifiers?: { type?: string; value?: string }[];
  canonicalContact?: { id?: string };
  mergeSet?: { id?: string }[];
  createDate?: string;
}

interface SourcePhone {
  e164?: string;
  acceptsSMS?: boolean;
}

/** A contact as this product uses it: with every number and mailbox it is known by. */
export function contactOf(source: SourceContact): Contact {
  const id = source.canonicalContact?.id ?? source.id ?? '';
  const identifiers = source.identifiers ?? [];
  const values = (type: string): string[] =>
    identifiers.flatMap((identifier) => (identifier.type === type ? (identifier.value ?? []) : []));
  // A cell phone first: it is the one that can be expected to take a text message.
  const phones = [
    { phone: source.cellPhone, isCell: true },
    { phone: source.workPhone, isCell: false },
    { phone: source.homePhone, isCell: false },
    { phone: source.otherPhone, isCell: false },
  ].flatMap(({ phone, isCell }) => {
    const number = normalisePhone(phone?.e164 ?? '', null);
    return number === null ? [] : [{ number, takesText: phone?.acceptsSMS ?? isCell }];
  });
  const known = new Set(phones.map(({ number }) => number));
  const others = values('Phone').flatMap((value) => {
    const number = normalisePhone(value, null);
    return number === null || known.has(number) ? [] : [{ number, takesText: false }];
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
    emails: [...new Set(emails.flatMap((email) => normaliseEmail(email ?? '') ?? []))],
  };
}
