import { z } from 'zod';
import { badRequest, notFound, operation, type Operation } from '../operation';
import type { OrgAudit, OrgContact, OrgConversation } from '../organisation';
import { staffOf } from '../staff';
import type { SimulatorState } from '../state';

const positiveInteger = z.coerce.number().int().positive();
const expansions = z
  .string()
  .transform((text) => text.split(','))
  .default([]);

function contactOf(state: SimulatorState, id: string | undefined): OrgContact {
  const contact = state.contact(id ?? '');
  if (!contact) throw notFound();
  return contact;
}

/** When a note was changed last, as its audits tell. */
const lastChangeOf = (
  { id, created }: OrgContact['notes'][number],
  audits: readonly OrgAudit[],
): string =>
  audits
    .filter(({ entityId, action }) => entityId === id && action === 'Update')
    .reduce((latest, { at }) => (at > latest ? at : latest), created);

function pageView(address: string): Record<string, unknown> {
  const { hostname, pathname, search } = new URL(address);
  return {
    url: address,
    title: 'Orders',
    domain: hostname,
    hostname,
    pathname,
    queryString: search.slice(1),
    breadcrumb: [hostname, pathname],
  };
}

const searchTypes = [
  'NAME',
  'ADDRESS',
  'PHONE',
  'EMAIL',
  'TWITTER',
  'INSTAGRAM',
  'FACEBOOK',
  'APPLE_MESSAGES',
  'WHATSAPP',
  'EXTERNAL_ID',
] as const;

type SearchType = (typeof searchTypes)[number];

/**
 * Whom a search for a person's data would find: contacts, rows of outbound campaigns, and once whoever
 * has used an address in conversations of no contact.
 */
function subjects(
  state: SimulatorState,
  type: SearchType,
  value: string,
): Record<string, unknown>[] {
  const wanted = value.toLowerCase();
  const isUsed = state.organisation.conversations.some(
    (conversation) =>
      !conversation.linked &&
      addressTypeOf(conversation) === type &&
      conversation.address.toLowerCase() === wanted,
  );
  const contacts = state.contacts.filter(({ firstName, lastName, phones, emails, handles }) => {
    if (type === 'NAME') return `${firstName} ${lastName}`.toLowerCase() === wanted;
    if (type === 'PHONE') return phones.some(({ e164 }) => e164 === value);
    if (type === 'EMAIL') return emails.some(({ address }) => address.toLowerCase() === wanted);
    const network = type === 'APPLE_MESSAGES' ? 'apple' : type.toLowerCase();
    return handles.some((handle) => handle.network === network && handle.value === value);
  });
  const rows = state.organisation.dialerContacts.filter(
    ({ phone }) => type === 'PHONE' && phone === value,
  );
  return [
    ...contacts.map((contact) => ({
      name: `${contact.firstName} ${contact.lastName}`,
      externalContactId: contact.id,
      phoneNumbers: contact.phones.map(({ e164 }) => e164),
      emailAddresses: contact.emails.map(({ address }) => address),
    })),
    ...rows.map(({ id, contactListId, phone }) => ({
      dialerContactId: { id, contactListId },
      phoneNumbers: [phone],
    })),
    ...(isUsed ? [addressSubject(type, value)] : []),
  ];
}

/** The kind of search that finds the address of a conversation; null where none does. */
function addressTypeOf({ channel, network }: OrgConversation): SearchType | null {
  if (channel === 'email') return 'EMAIL';
  if (network === undefined) return channel === 'chat' ? null : 'PHONE';
  if (network === 'apple') return 'APPLE_MESSAGES';
  return searchTypes.find((type) => type === network.toUpperCase()) ?? null;
}

/** Somebody of whom nothing is known but an address. */
function addressSubject(type: SearchType, value: string): Record<string, unknown> {
  if (type === 'PHONE') return { phoneNumbers: [value] };
  return type === 'EMAIL' ? { emailAddresses: [value] } : { socialHandle: { type, value } };
}

export const historyOperations: Operation[] = [
  operation({
    method: 'GET',
    path: '/api/v2/externalcontacts/contacts/{contactId}/notes',
    query: z.strictObject({
      pageSize: positiveInteger.max(100).default(20),
      pageNumber: positiveInteger.default(1),
      sortOrder: z.enum(['createDate:asc', 'createDate:desc']).optional(),
      expand: expansions,
    }),
    body: null,
    permissions: { any: ['relate:contact:view', 'externalContacts:contact:view'] },
    handle: ({ path, query, state }) => {
      const contact = contactOf(state, path['contactId']);
      if (query.pageSize * query.pageNumber > 1000)
        throw badRequest('Only the first 1,000 records can be retrieved.');
      // Without `mergeset` the notes of contacts that were merged into this one are left out.
      const withMerged = query.expand.includes('mergeset');
      const notes = contact.notes
        .filter(({ contactId }) => withMerged || contactId === undefined)
        .sort((a, b) => (a.created < b.created ? -1 : 1));
      const first = (query.pageNumber - 1) * query.pageSize;
      return {
        status: 200,
        body: {
          entities: notes.slice(first, first + query.pageSize).map((note) => ({
            id: note.id,
            entityType: 'contact',
            entityId: note.contactId ?? contact.id,
            noteText: note.text,
            createDate: note.created,
            modifyDate: lastChangeOf(note, state.organisation.audits),
            createdBy: {
              id: note.userId,
              name: staffOf(state.organisation, note.userId).name,
              version: 1,
            },
          })),
          pageSize: query.pageSize,
          pageNumber: query.pageNumber,
          total: notes.length,
          partialResults: state.settings.partialResults,
          pageCount: Math.ceil(notes.length / query.pageSize),
          selfUri: `/api/v2/externalcontacts/contacts/${contact.id}/notes`,
        },
      };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v2/externalcontacts/contacts/{contactId}/journey/sessions',
    query: z.strictObject({
      pageSize: positiveInteger.max(200).default(25),
      after: z.string().optional(),
      includeMerged: z.enum(['true', 'false']).default('false'),
    }),
    body: null,
    permissions: { any: ['externalContacts:session:view'] },
    handle: ({ path, query, state }) => {
      const contact = contactOf(state, path['contactId']);
      const first = Number(query.after ?? 0);
      const next = first + query.pageSize;
      const base = `/api/v2/externalcontacts/contacts/${contact.id}/journey/sessions`;
      return {
        status: 200,
        body: {
          entities: contact.journeySessions.slice(first, next).map((session) => ({
            id: session.id,
            type: 'web',
            externalContact: {
              id: contact.id,
              selfUri: `/api/v2/externalcontacts/contacts/${contact.id}`,
            },
            ipAddress: session.ipAddress,
            lastPage: pageView(session.lastPage),
            durationInSeconds: session.seconds,
            eventCount: 3,
            lastEvent: { id: session.id, eventName: 'page_viewed', createdDate: session.start },
            authenticated: false,
            createdDate: session.start,
          })),
          ...(next < contact.journeySessions.length
            ? { nextUri: `${base}?after=${next}&pageSize=${query.pageSize}` }
            : {}),
          selfUri: base,
        },
      };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v2/gdpr/subjects',
    query: z.strictObject({ searchType: z.enum(searchTypes), searchValue: z.string().min(1) }),
    body: null,
    permissions: { any: ['gdpr:subject:view'] },
    handle: ({ query, state }) => {
      const entities = subjects(state, query.searchType, query.searchValue);
      return {
        status: 200,
        body: {
          entities,
          pageSize: entities.length,
          pageNumber: 1,
          total: entities.length,
          pageCount: 1,
          selfUri: '/api/v2/gdpr/subjects',
        },
      };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v2/outbound/contactlists/{contactListId}/contacts/{contactId}',
    query: z.strictObject({}),
    body: null,
    permissions: { any: ['outbound:contact:view'] },
    handle: ({ path, state }) => {
      const row = state.organisation.dialerContacts.find(
        ({ id, contactListId }) =>
          id === path['contactId'] && contactListId === path['contactListId'],
      );
      if (!row || state.settings.hidden.includes(row.id)) throw notFound();
      return {
        status: 200,
        body: {
          id: row.id,
          contactListId: row.contactListId,
          data: row.data,
          callable: true,
          selfUri: `/api/v2/outbound/contactlists/${row.contactListId}/contacts/${row.id}`,
        },
      };
    },
  }),
];
