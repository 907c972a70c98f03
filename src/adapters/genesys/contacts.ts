import {
  ExternalContactsApi,
  GeneralDataProtectionRegulationApi,
  OutboundApi,
} from 'purecloud-platform-client-v2';
import type { Contact, Identifier, IdentifierType } from '../../core/identity';
import type { CampaignContactRef, SourceNote, Source } from '../../ports';
import { bodyOf, type Answer, type GenesysCaller } from './client';
import { contactOf, identifierTypes, type SourceContact } from './contact';

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
      const answer = await client.call<SourceContact>(() =>
        contacts.postExternalcontactsIdentifierlookupContacts(identifier, {
          expand: ['identifiers'],
        }),
      );
      return answer.status === 404 ? null : contactOf(bodyOf(answer));
    },

    async mergedContact(contactId: string): Promise<Contact | null> {
      const answer = await client.call<SourceContact>(() =>
        contacts.getExternalcontactsContactUnresolved(contactId, { expand: ['identifiers'] }),
      );
      return answer.status === 404 ? null : contactOf(bodyOf(answer));
    },

    async contactRecord(contactId: string, isMerged: boolean): Promise<unknown> {
      const options = { expand: recordExpansions };
      const answer = await client.call<unknown>(() =>
        isMerged
          ? contacts.getExternalcontactsContactUnresolved(contactId, options)
          : contacts.getExternalcontactsContact(contactId, options),
      );
      return answer.status === 404 ? null : bodyOf(answer);
    },

    async searchContacts(keywords: string): Promise<{ contacts: Contact[]; isPartial: boolean }> {
      const found: Contact[] = [];
      for (let pageNumber = 1; ; pageNumber += 1) {
        const answer = await client.call<{
          entities?: SourceContact[];
          pageCount?: number;
          total?: number;
          partialResults?: boolean;
        }>(() =>
          contacts.getExternalcontactsContacts({
            q: keywords,
            pageSize: contactsPageSize,
            pageNumber,
            expand: ['identifiers'],
          }),
        );
        const page = bodyOf(answer);
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
        const answer = await client.call<{
          entities?: SourceNote[];
          total?: number;
          pageCount?: number;
          partialResults?: boolean;
        }>(() =>
          contacts.getExternalcontactsContactNotes(contactId, {
            pageSize: notesPageSize,
            pageNumber,
            sortOrder: 'createDate:asc',
            expand: ['mergeset'],
          }),
        );
        if (answer.status === 404) return { notes: [], total: 0, isWhole: true };
        const page = bodyOf(answer);
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
        const answer: Answer<{ entities?: { id?: string }[]; nextUri?: string }> =
          await client.call(() =>
            contacts.getExternalcontactsContactJourneySessions(contactId, {
              pageSize: '200',
              includeMerged: true,
              ...(from === null ? {} : { after: from }),
            }),
          );
        if (answer.status === 404) return sessions;
        const page = bodyOf(answer);
        sessions.push(...(page.entities ?? []));
        after =
          page.nextUri === undefined
            ? null
            : new URL(page.nextUri, 'https://api').searchParams.get('after');
      } while (after !== null);
      return sessions;
    },

    async campaignContacts({ type, value }: Identifier): Promise<CampaignContactRef[]> {
      const searchType = subjectSearchTypes[type];
      if (searchType === null) return [];
      const answer = await client.call<{
        entities?: { dialerContactId?: CampaignContactRef }[];
      }>(() => gdpr.getGdprSubjects(searchType, value));
      if (answer.status === 404) return [];
      return (bodyOf(answer).entities ?? []).flatMap(
        ({ dialerContactId }) => dialerContactId ?? [],
      );
    },

    async campaignContact({ id, contactListId }: CampaignContactRef): Promise<unknown> {
      const answer = await client.call<unknown>(() =>
        outbound.getOutboundContactlistContact(contactListId, id),
      );
      return answer.status === 404 ? null : bodyOf(answer);
    },
  };
}
