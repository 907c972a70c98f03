import {
  ExternalContactsApi,
  GeneralDataProtectionRegulationApi,
  OutboundApi,
} from 'purecloud-platform-client-v2';
import { z } from 'zod';
import type { Identifier, IdentifierType } from '../../core/subject/identifiers';
import type { CampaignContactRef, ContactRecordSource, SourceNote } from '../../ports';
import { unexpectedAnswer, type GenesysCaller } from './client';
import { byCursor, byNumber, paginate } from './paginate';
import { bodyIfFound } from './responses';
import { document, id, list, note, pageOf, references, text } from './shapes';

const noteListing = pageOf(note);
const sessionListing = z.object({ entities: list(references), nextUri: text });
const campaignContactRef = z.object({ id, contactListId: id });
const campaignListing = z.object({
  entities: list(z.object({ dialerContactId: campaignContactRef.nullish() })),
});
const subjectListing = z.object({ entities: list(document) });

const notesPageSize = 100;
/** The notes call delivers the first 1,000 records only. */
const notesLimit = 1000;
const sessionsPageSize = 200;

/** Everything that a contact's record holds by reference only. */
const recordExpansions = ['externalOrganization', 'externalDataSources', 'identifiers', 'division'];

/** Types of the GDPR search for a person; it knows no LINE ids. */
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

/** What is held about an external contact. */
export function contactRecordCalls(
  client: GenesysCaller,
): Omit<ContactRecordSource, keyof ReturnType<typeof subjectCalls>> {
  const contacts = new ExternalContactsApi(client.sdk);
  const options = { expand: recordExpansions };
  return {
    async contactRecord(contactId: string): Promise<unknown> {
      return bodyIfFound(
        await client.call(() => contacts.getExternalcontactsContact(contactId, options)),
        document,
      );
    },

    async mergedContactRecord(contactId: string): Promise<unknown> {
      return bodyIfFound(
        await client.call(() => contacts.getExternalcontactsContactUnresolved(contactId, options)),
        document,
      );
    },

    async notes(
      contactId: string,
    ): Promise<{ notes: SourceNote[]; total: number; isWhole: boolean }> {
      const rule = byNumber({ pageSize: notesPageSize, recordLimit: notesLimit });
      const { pages } = await paginate(rule, async (pageNumber) =>
        bodyIfFound(
          await client.call(() =>
            contacts.getExternalcontactsContactNotes(contactId, {
              pageSize: notesPageSize,
              pageNumber,
              sortOrder: 'createDate:asc',
              expand: ['mergeset'],
            }),
          ),
          noteListing,
        ),
      );
      const notes = pages.flatMap(({ entities }) => entities ?? []);
      const isWhole = pages.every(({ partialResults }) => partialResults !== true);
      return { notes, total: pages.at(-1)?.total ?? notes.length, isWhole };
    },

    async journeySessions(contactId: string): Promise<{ id?: string }[]> {
      const { pages } = await paginate(byCursor(afterOf), async (after) =>
        bodyIfFound(
          await client.call(() =>
            contacts.getExternalcontactsContactJourneySessions(contactId, {
              pageSize: String(sessionsPageSize),
              includeMerged: true,
              ...(after === '' ? {} : { after }),
            }),
          ),
          sessionListing,
        ),
      );
      return pages.flatMap(({ entities }) => entities ?? []);
    },
  };
}

/** The cursor in the address of the next page; null where there is none. */
function afterOf({ nextUri }: z.infer<typeof sessionListing>): string | null {
  if (nextUri === undefined || nextUri === null) return null;
  const url = URL.parse(nextUri, 'https://api');
  if (url === null) throw unexpectedAnswer();
  return url.searchParams.get('after');
}

/** Data subjects by the source's own search for them, and rows of outbound campaigns about a person. */
export function subjectCalls(
  client: GenesysCaller,
): Pick<ContactRecordSource, 'dataSubjects' | 'campaignContacts' | 'campaignContact'> {
  const gdpr = new GeneralDataProtectionRegulationApi(client.sdk);
  const outbound = new OutboundApi(client.sdk);
  return {
    async dataSubjects({ type, value }: Identifier): Promise<unknown[] | null> {
      const searchType = subjectSearchTypes[type];
      if (searchType === null) return null;
      const answer = await client.call(() => gdpr.getGdprSubjects(searchType, value));
      return bodyIfFound(answer, subjectListing)?.entities ?? [];
    },

    async campaignContacts({ type, value }: Identifier): Promise<CampaignContactRef[]> {
      const searchType = subjectSearchTypes[type];
      if (searchType === null) return [];
      const answer = await client.call(() => gdpr.getGdprSubjects(searchType, value));
      const entities = bodyIfFound(answer, campaignListing)?.entities ?? [];
      return entities.flatMap(({ dialerContactId }) => dialerContactId ?? []);
    },

    async campaignContact({ id, contactListId }: CampaignContactRef): Promise<unknown> {
      return bodyIfFound(
        await client.call(() => outbound.getOutboundContactlistContact(contactListId, id)),
        document,
      );
    },
  };
}
