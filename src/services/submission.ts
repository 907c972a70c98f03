import type { FieldProblem, RequestBody } from '../core/api/request-body';
import { isAllowedCallback, type WebhookTarget } from '../core/api/webhooks';
import { noStatutoryNotices } from '../core/messages/statutory-notices';
import { newRequest, type RequestDetails } from '../core/request/record';
import { addDays } from '../core/time/time';
import { uuidOf } from '../core/uuid';
import { normaliseEmail, type Identifier } from '../core/subject/identifiers';
import type { Clock, KeyStore, Ledger, RequestRecord, Settings } from '../ports';

/** What a submission uses. */
export interface SubmissionServices {
  clock: Clock;
  keys: Pick<
    KeyStore,
    'createSecret' | 'encryptWithMasterKey' | 'hashKeyId' | 'keyedHash' | 'keyedHashes'
  >;
  ledger: Pick<Ledger, 'create' | 'get'>;
  /** By name; the first one is the default. */
  organisations: ReadonlyMap<string, unknown>;
  settings: Pick<Settings, 'callbacks' | 'estates' | 'law'>;
}

/** What the ids of requests follow from. */
export interface RequestIdServices {
  keys: Pick<KeyStore, 'keyedHashes'>;
  organisations: ReadonlyMap<string, unknown>;
}

/** A body that was checked, and its identifiers in normal form. */
export interface Submission {
  body: RequestBody;
  identifiers: Identifier[];
}

export type SubmissionOutcome =
  /** The request is stored; `isNew` is false if it was before. */
  | { kind: 'stored'; isNew: boolean; record: RequestRecord }
  /** The ticket has a request with different content. */
  | { kind: 'ticketConflict' }
  | { kind: 'invalid'; problems: FieldProblem[] };

/** The organisation of a request that names none: the first of the settings. */
export const defaultOrganisation = (organisations: ReadonlyMap<string, unknown>): string =>
  [...organisations.keys()][0] ?? '';

/**
 * The id of a request follows from its ticket's id, so that the same ticket is the same request. Each
 * organisation has a request of its own.
 * @returns the ids by every hash key, that of the present one first
 */
function requestIdsOf(
  { keys, organisations }: RequestIdServices,
  ticketId: string,
  organisation: string,
): string[] {
  const isDefault = organisation === defaultOrganisation(organisations);
  const text = isDefault ? ticketId : JSON.stringify([ticketId, organisation]);
  return keys.keyedHashes('request', text).map(uuidOf);
}

/** The ids that requests of a ticket may have, in every organisation and by every hash key. */
export const requestIdsOfTicket = (services: RequestIdServices, ticketId: string): string[] => [
  ...new Set(
    [...services.organisations.keys()].flatMap((organisation) =>
      requestIdsOf(services, ticketId, organisation),
    ),
  ),
];

/** The request that a ticket has from the time of another hash key; null without one. */
async function requestOfOtherKey(
  { ledger }: SubmissionServices,
  requestIds: readonly string[],
): Promise<RequestRecord | null> {
  for (const requestId of requestIds) {
    const record = await ledger.get(requestId);
    if (record !== null) return record;
  }
  return null;
}

/** Problems that only the settings can tell. */
function problemsOf(
  { clock, organisations, settings }: SubmissionServices,
  { callback, receivedAt, requester }: RequestBody,
  organisation: string,
): FieldProblem[] {
  // Clocks differ, and times without a date zone are off by hours; a later one would stretch the deadline.
  if (Date.parse(receivedAt) > addDays(clock.now(), 1).getTime())
    return [{ pointer: '/receivedAt', detail: 'is more than a day ahead' }];
  if (requester?.capacity === 'estate' && settings.estates === 'refuse')
    return [{ pointer: '/requester/capacity', detail: 'is refused by the policy on estates' }];
  if (!organisations.has(organisation))
    return [{ pointer: '/organisation', detail: 'is not an organisation of the settings' }];
  if (callback !== undefined && !isAllowedCallback(callback, settings.callbacks.hosts))
    return [{ pointer: '/callback', detail: 'is not an allowed webhook address' }];
  return [];
}

/** Who asks for the person; nothing when they ask themselves. */
const requesterOf = ({ requester }: RequestBody): Pick<RequestDetails, 'requester'> =>
  requester === undefined
    ? {}
    : {
        requester: {
          email: normaliseEmail(requester.email) ?? '',
          name: requester.name ?? null,
        },
      };

const detailsOf = ({ body, identifiers }: Submission): RequestDetails => ({
  ...requesterOf(body),
  ticketId: body.ticketId,
  identifiers,
  name: body.name ?? null,
  locale: body.locale,
  timeZone: body.timeZone,
  contactMatches: null,
  contact: null,
  decision: null,
  statutoryNotices: noStatutoryNotices,
});

/** The address for webhooks, encrypted; null if the ticketing system gave none. */
async function encryptedCallback(
  { keys }: SubmissionServices,
  { callback, ticketId }: RequestBody,
  requestId: string,
): Promise<string | null> {
  if (callback === undefined) return null;
  const target: WebhookTarget = { url: callback, ticketId };
  return keys.encryptWithMasterKey(JSON.stringify(target), requestId);
}

/** Stores a request in the ledger. The same submission may come any number of times. */
export async function submitRequest(
  services: SubmissionServices,
  submission: Submission,
): Promise<SubmissionOutcome> {
  const { clock, keys, ledger, organisations, settings } = services;
  const { body, identifiers } = submission;
  const organisation = body.organisation ?? defaultOrganisation(organisations);
  const problems = problemsOf(services, body, organisation);
  if (problems.length > 0) return { kind: 'invalid', problems };
  const [requestId = '', ...others] = requestIdsOf(services, body.ticketId, organisation);
  const content = JSON.stringify({ ...body, identifiers });
  const answerTo = (record: RequestRecord, isNew: boolean): SubmissionOutcome =>
    isNew || keys.keyedHashes('body', content).includes(record.bodyHash)
      ? { kind: 'stored', isNew, record }
      : { kind: 'ticketConflict' };
  const earlier = await requestOfOtherKey(services, others);
  if (earlier !== null) return answerTo(earlier, false);
  const record = newRequest({
    requestId,
    organisation,
    createdAt: clock.now().toISOString(),
    receivedAt: new Date(body.receivedAt).toISOString(),
    ...(body.sourceSystem !== undefined && { sourceSystem: body.sourceSystem }),
    locale: body.locale,
    law: body.law ?? settings.law,
    rights: [...new Set(body.rights)].sort(),
    ...(body.requester && {
      requester: { capacity: body.requester.capacity, mandate: null },
    }),
    bodyHash: keys.keyedHash('body', content),
    hashKeyId: keys.hashKeyId,
    wrappedSecret: await keys.createSecret(),
    hasCallback: body.callback !== undefined,
  });
  const callback = await encryptedCallback(services, body, requestId);
  const stored = await ledger.create(record, detailsOf(submission), callback);
  return answerTo(stored.record, stored.created);
}
