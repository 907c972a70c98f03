import { z } from 'zod';
import { ApiError, badRequest, notFound, operation, type Operation } from '../operation';
import type { OrgContact } from '../organisation';

const view = { any: ['externalContacts:contact:view'] };
const viewOrRelate = { any: ['relate:contact:view', 'externalContacts:contact:view'] };
const expandable = [
  'externalOrganization',
  'externalDataSources',
  'identifiers',
  'externalSources',
  'division',
];

/** Array parameters arrive joined by commas: that is how the official SDK sends them. */
const expand = z
  .string()
  .transform((text) => text.split(','))
  .refine((values) => values.every((value) => expandable.includes(value)), 'not an expand value')
  .default([]);
const positiveInteger = z.coerce.number().int().positive();

function identifiersOf(contact: OrgContact): Record<string, unknown>[] {
  const of = (type: string, value: string, since: string | undefined) => ({
    type,
    value,
    dateCreated: since ?? contact.created,
  });
  return [
    ...contact.phones.map(({ e164, since }) => of('Phone', e164, since)),
    ...contact.emails.map(({ address, since }) => of('Email', address, since)),
    ...contact.handles.map(({ network, value, since }) =>
      of(identifierTypes[network], value, since),
    ),
    ...contact.otherIdentifiers.map(({ type, value }) => of(type, value, undefined)),
  ];
}

const identifierTypes: Record<OrgContact['handles'][number]['network'], string> = {
  whatsapp: 'SocialWhatsapp',
  facebook: 'SocialFacebook',
  instagram: 'SocialInstagram',
  twitter: 'SocialTwitter',
  line: 'SocialLine',
  apple: 'AppleOpaqueId',
};

/** Fields of a contact that hold its ids at the networks. */
function handleFields({ handles }: OrgContact): Record<string, unknown> {
  const of = (network: string): string[] =>
    handles.filter((handle) => handle.network === network).map(({ value }) => value);
  const [number] = of('whatsapp');
  const [twitter] = of('twitter');
  const scoped = (ids: string[]) => ids.map((scopedId) => ({ scopedId }));
  return {
    ...(number === undefined ? {} : { whatsAppId: { phoneNumber: { e164: number } } }),
    ...(twitter === undefined ? {} : { twitterId: { id: twitter } }),
    ...(of('facebook').length > 0 ? { facebookId: { ids: scoped(of('facebook')) } } : {}),
    ...(of('instagram').length > 0 ? { instagramId: { ids: scoped(of('instagram')) } } : {}),
    ...(of('line').length > 0 ? { lineId: { ids: of('line').map((userId) => ({ userId })) } } : {}),
    ...(of('apple').length > 0 ? { appleOpaqueIds: of('apple').map((value) => ({ value })) } : {}),
  };
}

/** A contact as the API shows it. Phone numbers are shown as the officer typed them, and as E.164. */
function contactView(contact: OrgContact, expansions: string[]): Record<string, unknown> {
  const reference = (id: string) => ({ id, selfUri: `/api/v2/externalcontacts/contacts/${id}` });
  const phones = contact.phones.map(({ kind, e164, extension }) => [
    kind,
    {
      display: e164,
      userInput: e164,
      e164,
      ...(extension === undefined ? {} : { extension }),
      countryCode: e164.slice(0, 3),
      acceptsSMS: kind === 'cellPhone',
    },
  ]);
  const typed = contact.typedPhones.map(({ kind, display }) => [
    kind,
    { display, userInput: display, acceptsSMS: kind === 'cellPhone' },
  ]);
  const merged = contact.mergedFrom.map(reference);
  return {
    id: contact.id,
    type: 'Curated',
    firstName: contact.firstName,
    lastName: contact.lastName,
    ...(Object.fromEntries([...phones, ...typed]) as Record<string, unknown>),
    ...Object.fromEntries(contact.emails.map(({ kind, address }) => [kind, address])),
    ...handleFields(contact),
    ...(Object.keys(contact.customFields).length > 0 ? { customFields: contact.customFields } : {}),
    ...(contact.divisionId !== null && expansions.includes('division')
      ? { division: { id: contact.divisionId } }
      : {}),
    createDate: contact.created,
    modifyDate: contact.created,
    canonicalContact: reference(contact.id),
    mergeSet: [reference(contact.id), ...merged],
    ...(merged.length > 0 ? { mergedFrom: merged } : {}),
    ...(expansions.includes('identifiers') ? { identifiers: identifiersOf(contact) } : {}),
    selfUri: `/api/v2/externalcontacts/contacts/${contact.id}`,
  };
}

export const contactOperations: Operation[] = [
  operation({
    method: 'POST',
    path: '/api/v2/externalcontacts/identifierlookup/contacts',
    query: z.strictObject({ expand }),
    body: z.strictObject({
      type: z.string(),
      value: z.string().max(255),
      externalSource: z.object({}).optional(),
    }),
    permissions: view,
    handle: ({ query, body, state }) => {
      if (body.type === 'Phone' && !/^\+[\d\s]+$/.test(body.value)) {
        throw badRequest(
          'Phone number identifier values must be provided with the country code and a leading + symbol.',
          'invalid.value',
        );
      }
      const wanted =
        body.type === 'Phone' ? body.value.replaceAll(/\s/g, '') : body.value.toLowerCase();
      const contact = state.contacts.find((candidate) =>
        identifiersOf(candidate).some(
          ({ type, value }) => type === body.type && String(value).toLowerCase() === wanted,
        ),
      );
      if (!contact) throw notFound();
      return { status: 200, body: contactView(contact, query.expand) };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v2/externalcontacts/contacts',
    query: z.strictObject({
      pageSize: positiveInteger.max(100).default(20),
      pageNumber: positiveInteger.default(1),
      q: z.string().default(''),
      sortOrder: z.string().optional(),
      expand,
    }),
    body: null,
    permissions: viewOrRelate,
    handle: ({ query, state }) => {
      if (query.pageSize * query.pageNumber > 1000) {
        throw badRequest('Only the first 1,000 records can be retrieved.');
      }
      // Keywords, not exact: whoever shares any word of the query is an answer.
      const words = query.q
        .toLowerCase()
        .split(/[\s,]+/)
        .filter(Boolean);
      const found = state.contacts.filter((contact) => {
        const text = JSON.stringify([
          contact.firstName,
          contact.lastName,
          identifiersOf(contact),
        ]).toLowerCase();
        return words.length === 0 || words.some((word) => text.includes(word));
      });
      const first = (query.pageNumber - 1) * query.pageSize;
      return {
        status: 200,
        body: {
          entities: found
            .slice(first, first + query.pageSize)
            .map((contact) => contactView(contact, query.expand)),
          pageSize: query.pageSize,
          pageNumber: query.pageNumber,
          total: found.length,
          partialResults: state.settings.partialResults,
          pageCount: Math.ceil(found.length / query.pageSize),
          selfUri: '/api/v2/externalcontacts/contacts',
        },
      };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v2/externalcontacts/contacts/{contactId}',
    query: z.strictObject({ expand }),
    body: null,
    permissions: viewOrRelate,
    handle: ({ path, query, state }) => {
      const contact = state.contact(path['contactId'] ?? '');
      if (!contact) throw notFound();
      return { status: 200, body: contactView(contact, query.expand) };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v2/externalcontacts/contacts/{contactId}/unresolved',
    query: z.strictObject({ expand }),
    body: null,
    permissions: view,
    handle: ({ path, query, state }) => {
      const id = path['contactId'] ?? '';
      const contact = state.contact(id);
      if (!contact) throw notFound();
      if (contact.id === id) return { status: 200, body: contactView(contact, query.expand) };
      // As it was before it was merged: its own numbers and mailboxes, and none of the other's.
      const record = contact.mergedRecords.find((one) => one.id === id);
      if (!record) throw notFound();
      const before = {
        ...contact,
        ...record,
        handles: record.handles ?? [],
        created: record.created ?? contact.created,
        typedPhones: [],
        otherIdentifiers: [],
        mergedFrom: [],
        customFields: {},
      };
      const { mergeSet: _set, ...shown } = contactView(before, query.expand);
      const head = { id: contact.id, selfUri: `/api/v2/externalcontacts/contacts/${contact.id}` };
      return { status: 200, body: { ...shown, canonicalContact: head, mergedTo: head } };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v2/externalcontacts/contacts/{contactId}/identifiers',
    query: z.strictObject({}),
    body: null,
    permissions: view,
    handle: ({ path, state }) => {
      const contact = state.contact(path['contactId'] ?? '');
      if (!contact) throw new ApiError(404, 'not.found', 'The requested resource was not found.');
      return { status: 200, body: { entities: identifiersOf(contact) } };
    },
  }),
];
