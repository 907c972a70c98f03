import type { SubjectIdentifiers } from '../../subject/contact';

/** Staff of the company, or somebody else from outside. */
export type PersonRole = 'staff' | 'other';

/** Something by which somebody other than the person could be told. */
export interface Trace {
  role: PersonRole;
  /** Id of the source; name; number, mailbox or other address as the source writes it. */
  kind: 'id' | 'name' | 'address';
  value: string;
  /** Id of the user that it is of, where the source says so. */
  userId?: string;
}

/** By what the person is told, which always stays. */
export interface OwnTraces {
  ids: string[];
  names: string[];
  /** Numbers, mailboxes and other addresses in any spelling. */
  addresses: string[];
}

/** Everybody who is known from a conversation, in a form that can be stored. */
export interface KnownPeople {
  traces: Trace[];
  own: OwnTraces;
  /** Numbers of the company that the person called, or was called from. */
  lines: string[];
}

/** Of whom nothing is known but the person. */
export function onlySubject({
  contactIds,
  phones,
  emails,
  handles,
  names = [],
}: Pick<
  SubjectIdentifiers,
  'contactIds' | 'phones' | 'emails' | 'handles' | 'names'
>): KnownPeople {
  const addresses = [...phones, ...emails, ...handles.map(({ value }) => value)];
  return { traces: [], own: { ids: [...contactIds], names: [...names], addresses }, lines: [] };
}

/** Of whom nothing is known at all. */
export const nobody: KnownPeople = {
  traces: [],
  own: { ids: [], names: [], addresses: [] },
  lines: [],
};
