import {
  ExternalContactsApi,
  GeneralDataProtectionRegulationApi,
  OutboundApi,
} from 'purecloud-platform-client-v2';
import { z } from 'zod';
import type { Contact, Identifier, IdentifierType } from '../../core/subject/identifiers';
import type { CampaignContactRef, SourceNote, Source } from '../../ports';
import { bodyOf, unexpectedAnswer, type GenesysCaller } from './client';
import { contactOf, identifierTypes, sourceContact } from './contact';
import { document, id, list, note, references, text } from './shapes';

const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({
    entities: list(item),
    pageCount: z.number().nullish(),
    total: z.number().nullish(),
    partialResults: z.boolean().nullish(),
  });
const contactListing = pageOf(sourceContact);
const noteListing = pageOf(note);
const sessionListing = z.object({ entities: list(references), nextUri: text });
const campaignContactRef = z.object({ id, contactListId: id });
const subjectListing = z.object({
  entities: list(z.object({ dialerContactId: campaignContactRef.nullish() })),
});

const contactsPageSize = 100;
/** The contacts call gives the first 1,000 records and no more. */
const contactsLimit = 1000;
const notesPageSize = 100;
/** The notes call gives the first 1,000 records and no more. */
const notesLimit = 1000;

/** Everything of a contact's record that stands in it by reference only. */
const recordExpansions = ['externalOrganization', 'externalDataSources', 'identifiers', 'division'];

/** Types of a search over everything that is held of a person; it knows no LINE ids. */
const subjectSearchTypes: Record<IdentifierType, string | null> = {
  email: 'EMAIL',
  phone: 'PHONE',
  whatsapp: 'WHATSAPP',
  facebook: 'FACEBOOK',
  instagram: 'INSTAGRAM',
  twitter: 'TWITTER',
  apple: 'APPLE_MESSAGES',
  line: null,
};

const lookupType = (type: IdentifierType): string =>
  type === 'email' ? 'Email' : type === 'phone' ? 'Phone' : identifierTypes[type];

/** Where the next page begins, by its address; null where there is none. */
function afterOf(nextUri: string | null): string | null {
  if (nextUri === null) return null;
  const url = URL.parse(nextUri, 'https://api');
  if (url === null) throw unexpectedAnswer();
  return url.searchParams.get('after');
}

/** External contacts, and what a search for a person finds elsewhere. */
export function contactsCalls(
  client: GenesysCaller,
): Pick<
  Source,
  | 'lookUpContact'
  | 'mergedContact'
  | 'contactRecord'
  | 'searchContacts'
  | 'notes'
  | 'journeySessions'
  | 'campaignContacts'
  | 'campaignContact'
> {
  const contacts = new ExternalContactsApi(client.sdk);
  const gdpr = new GeneralDataProtectionRegulationApi(client.sdk);
  const outbound = new OutboundApi(client.sdk);
  return {
    async lookUpContact({ type, value }: Identifier): Promise<Contact | null> {
      const identifier = { type: lookupType(type), value };
      const answer = await client.call(() =>
        contacts.postExternalcontactsIdentifierlookupContacts(identifier, {
          expand: ['identifiers'],
        }),
      );
      return answer.status === 404 ? null : contactOf(bodyOf(answer, sourceContact));
    },

    async mergedContact(contactId: string): Promise<Contact | null> {
      const answer = await client.call(() =>
        contacts.getExternalcontactsContactUnresolved(contactId, { expand: ['identifiers'] }),
      );
      return answer.status === 404 ? null : contactOf(bodyOf(answer, sourceContact));
    },

    async contactRecord(contactId: string, isMerged: boolean): Promise<unknown> {
      const options = { expand: recordExpansions };
      const answer = await client.call(() =>
        isMerged
          ? contacts.getExternalcontactsContactUnresolved(contactId, options)
          : contacts.getExternalcontactsContact(contactId, options),
      );
      return answer.status === 404 ? null : bodyOf(answer, document);
    },

    async searchContacts(keywords: string): Promise<{ contacts: Contact[]; isPartial: boolean }> {
      const found: Contact[] = [];
      for (let pageNumber = 1; ; pageNumber += 1) {
        const answer = await client.call(() =>
          contacts.getExternalcontactsContacts({
            q: keywords,
            pageSize: contactsPageSize,
            pageNumber,
            expand: ['identifiers'],
          }),
        );
        const page = bodyOf(answer, contactListing);
        found.push(...(page.entities ?? []).map(contactOf));
        const isLimit = pageNumber * contactsPageSize >= contactsLimit;
        if (pageNumber >= (page.pageCount ?? 1) || isLimit) {
          const isPartial = page.partialResults === true || (page.total ?? 0) > contactsLimit;
          return { contacts: found, isPartial };
        }
      }
    },

    async notes(
      contactId: string,
    ): Promise<{ notes: SourceNote[]; total: number; isWhole: boolean }> {
      const notes: SourceNote[] = [];
      let isWhole = true;
      for (let pageNumber = 1; ; pageNumber += 1) {
        const answer = await client.call(() =>
          contacts.getExternalcontactsContactNotes(contactId, {
            pageSize: notesPageSize,
            pageNumber,
            sortOrder: 'createDate:asc',
            expand: ['mergeset'],
          }),
        );
        if (answer.status === 404) return { notes: [], total: 0, isWhole: true };
        const page = bodyOf(answer, noteListing);
        notes.push(...(page.entities ?? []));
        isWhole &&= page.partialResults !== true;
        const isLast = pageNumber >= (page.pageCount ?? 1);
        if (isLast || pageNumber * notesPageSize >= notesLimit) {
          return { notes, total: page.total ?? notes.length, isWhole };
        }
      }
    },

    async journeySessions(contactId: string): Promise<{ id?: string }[]> {
      const sessions: { id?: string }[] = [];
      let after: string | null = null;
      do {
        const from: string | null = after;
        const answer = await client.call(() =>
          contacts.getExternalcontactsContactJourneySessions(contactId, {
            pageSize: '200',
            includeMerged: true,
            ...(from === null ? {} : { after: from }),
          }),
        );
        if (answer.status === 404) return sessions;
        const page = bodyOf(answer, sessionListing);
        sessions.push(...(page.entities ?? []));
        after = afterOf(page.nextUri ?? null);
      } while (after !== null);
      return sessions;
    },

    async campaignContacts({ type, value }: Identifier): Promise<CampaignContactRef[]> {
      const searchType = subjectSearchTypes[type];
      if (searchType === null) return [];
      const answer = await client.call(() => gdpr.getGdprSubjects(searchType, value));
      if (answer.status === 404) return [];
      return (bodyOf(answer, subjectListing).entities ?? []).flatMap(
        ({ dialerContactId }) => dialerContactId ?? [],
      );
    },

    async campaignContact({ id, contactListId }: CampaignContactRef): Promise<unknown> {
      const answer = await client.call(() =>
        outbound.getOutboundContactlistContact(contactListId, id),
      );
      return answer.status === 404 ? null : bodyOf(answer, document);
    },
  };
}
