import { ExternalContactsApi } from 'purecloud-platform-client-v2';
import type { Contact } from '../../core/subject/contact';
import type { Identifier } from '../../core/subject/identifiers';
import type { ContactSource } from '../../ports';
import { bodyOf, type GenesysCaller } from './client';
import { contactOf, lookupTypeOf, sourceContact } from './contact';
import { byNumber, paginate } from './paginate';
import { bodyIfFound } from './responses';
import { pageOf } from './shapes';

const contactListing = pageOf(sourceContact);

const pageSize = 100;
/** The contacts call delivers the first 1,000 records only. */
const recordLimit = 1000;

/** Finds external contacts. */
export function contactCalls(client: GenesysCaller): ContactSource {
  const contacts = new ExternalContactsApi(client.sdk);
  const expand = ['identifiers'];
  return {
    async lookUpContact(given: Identifier): Promise<Contact | null> {
      const identifier = { type: lookupTypeOf(given), value: given.value };
      const answer = await client.call(() =>
        contacts.postExternalcontactsIdentifierlookupContacts(identifier, { expand }),
      );
      const found = bodyIfFound(answer, sourceContact);
      return found && contactOf(found);
    },

    async contactOnFile(contactId: string): Promise<Contact | null> {
      const answer = await client.call(() =>
        contacts.getExternalcontactsContact(contactId, { expand }),
      );
      const found = bodyIfFound(answer, sourceContact);
      return found && contactOf(found);
    },

    async mergedContact(contactId: string): Promise<Contact | null> {
      const answer = await client.call(() =>
        contacts.getExternalcontactsContactUnresolved(contactId, { expand }),
      );
      const found = bodyIfFound(answer, sourceContact);
      return found && contactOf(found);
    },

    async searchContacts(keywords: string): Promise<{ contacts: Contact[]; isPartial: boolean }> {
      const { pages } = await paginate(byNumber({ pageSize, recordLimit }), async (pageNumber) => {
        const options = { q: keywords, pageSize, pageNumber, expand };
        const answer = await client.call(() => contacts.getExternalcontactsContacts(options));
        return bodyOf(answer, contactListing);
      });
      const last = pages.at(-1);
      return {
        contacts: pages.flatMap(({ entities }) => (entities ?? []).map(contactOf)),
        isPartial: last?.partialResults === true || (last?.total ?? 0) > recordLimit,
      };
    },
  };
}
