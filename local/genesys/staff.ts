import type { OrgConversation, Organisation } from './organisation';

/** A user of the company with the addresses that the source gives them. */
export interface StaffView {
  id: string;
  name: string;
  mailbox: string;
  /** A mailbox as the user of a SIP address. */
  sip: string;
}

/** The user of an id. */
export function staffOf({ users, serviceMailbox }: Organisation, userId: string): StaffView {
  const name = users.find(({ id }) => id === userId)?.name ?? 'Former Employee';
  const local = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '.');
  const mailbox = `${local}@${serviceMailbox.split('@')[1] ?? 'shop.example'}`;
  return { id: userId, name, mailbox, sip: `sip:${mailbox.replace('@', '%40')}@localhost` };
}

/** The user who had a conversation. */
export const agentOf = (organisation: Organisation, { userId }: OrgConversation): StaffView =>
  staffOf(organisation, userId);

/** Another user of the company, or the same where there is one. */
export function colleagueOf(organisation: Organisation, { userId }: OrgConversation): StaffView {
  const other = organisation.users.find(({ id }) => id !== userId);
  return staffOf(organisation, other?.id ?? userId);
}

/** Name of whoever a conversation is with, as the source shows it; null of whom it has no contact. */
export function nameOf({ contacts }: Organisation, ownerId: string): string | null {
  const contact = contacts.find(({ id }) => id === ownerId);
  return contact === undefined ? null : `${contact.firstName} ${contact.lastName}`;
}

/** An address with the names beside it (Address). */
export const addressView = (name: string, address: string): Record<string, string> => ({
  ...{ name, nameRaw: name, addressNormalized: address },
  ...{ addressRaw: address, addressDisplayable: address.replace(/^tel:/, '') },
});
