import { z } from 'zod';
import { ApiError, badRequest, notFound, operation, type Operation } from '../operation';
import type { OrgContact } from '../organisation';

const view = { any: ['externalContacts:contact:view'] };
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
  const dateCreated = contact.created;
  return [
    ...contact.phones.map(({ e164 }) => ({ type: 'Phone', value: e164, dateCreated })),
    ...contact.emails.map(({ address }) => ({ type: 'Email', value: address, dateCreated })),
  ];
}

/** A contact as the API shows it. Phone numbers are shown as the officer typed them, and as E.164. */
function contactView(contact: OrgContact, expansions: string[]): Record<string, unknown> {
  const reference = (id: string) => ({ id, selfUri: `/api/v2/externalcontacts/contacts/${id}` });
  const phones = contact.phones.map(({ kind, e164 }) => [
    kind,
    {
      display: e164,
      userInput: e164,
      e164,
      countryCode: e164.slice(0, 3),
      acceptsSMS: kind === 'cellPhone',
    },
  ]);
  const merged = contact.mergedFrom.map(reference);
  return {
    id: contact.id,
    type: 'Curated',
    firstName: contact.firstName,
    lastName: contact.lastName,
    ...(Object.fromEntries(phones) as Record<string, unknown>),
    ...Object.fromEntries(contact.emails.map(({ kind, address }) => [kind, address])),
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
      const contact = state.organisation.contacts.find((candidate) =>
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
    permissions: { any: ['relate:contact:view', 'externalContacts:contact:view'] },
    handle: ({ query, state }) => {
      if (query.pageSize * query.pageNumber > 1000) {
        throw badRequest('Only the first 1,000 records can be retrieved.');
      }
      // Keywords, not exact: whoever shares any word of the query is an answer.
      const words = query.q
        .toLowerCase()
        .split(/[\s,]+/)
        .filter(Boolean);
      const found = state.organisation.contacts.filter((contact) => {
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
          partialResults: false,
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
    permissions: view,
    handle: ({ path, query, state }) => {
      const contact = state.contact(path['contactId'] ?? '');
      if (!contact) throw notFound();
      return { status: 200, body: contactView(contact, query.expand) };
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
