/**
 * Fields in which nothing is searched: what the app and the source address things and people by. It goes
 * by the names that the source documents, because a name alone says little: a `cardId` may hold a card.
 */

/** Ids of the source's own things, and hashes. */
const ids: ReadonlySet<string> = new Set(
  (
    'id sha256 attachmentId authenticatorId batchId blockId canonicalExternalContactId chatFormatId chunkId ' +
    'communicationId contactId contactListId contextId conversationId correlationId dialerContactId ' +
    'dialerId divisionId edgeId emailFormatId emailId engineId entityId externalContactId ' +
    'externalOrganizationId flowId formatId frameId integrationId jobId lineId mergedId messageFormatId ' +
    'messageId operationId organizationId ownerId participantId peerId queryId questionGroupId questionId ' +
    'queueId recordingId requestId routingRuleId scopedId segmentId selectedAgentId sessionId stationId ' +
    'surveyId transcriptId userId wrapUpCode'
  )
    .split(' ')
    .flatMap((id) => [id, `${id}s`]),
);

/** Addresses of the interfaces of the source, and of its files, which live for minutes. */
const uris: ReadonlySet<string> = new Set([
  ...['selfUri', 'selfURI', 'contentUri', 'contentURI', 'mediaUri', 'mediaURI', 'messageURI'],
  ...['nextUri', 'previousUri', 'firstUri', 'lastUri'],
]);

/** Phone numbers, mailboxes and accounts of people. */
const addresses: ReadonlySet<string> = new Set([
  ...['ani', 'dnis', 'sessionDnis', 'remote', 'address', 'addressFrom', 'addressTo'],
  ...['addressSelf', 'addressOther', 'addressRaw', 'addressNormalized', 'addressDisplayable'],
  ...[
    'callbackNumber',
    'callbackNumbers',
    'callerId',
    'fromAddress',
    'toAddress',
    'outboundCallerId',
  ],
  ...['destinationAddresses', 'e164', 'display', 'userInput', 'phoneNumber', 'email'],
  ...['appleOpaqueIds', 'facebookId', 'instagramId', 'twitterId', 'whatsAppId'],
]);

/** Maps whose names the company or its programs choose: there, no name says what stands in it. */
const freeMaps: ReadonlySet<string> = new Set([
  ...['attributes', 'customFields', 'data', 'callData', 'flowData', 'metadata', 'participantData'],
  ...['traits', 'customAttributes', 'contextAttributes', 'eventAttributes'],
]);

/** Whether the names in an object are the company's own. */
export const isFreeMap = (field: string): boolean => freeMaps.has(field);

/** Whether a field holds an id of the source. */
export const isId = (field: string): boolean => ids.has(field);

/** A phone number as people write it (ITU-T E.123), with at most the digits of E.164. */
const phone = /^\+?[\d\s()./-]+$/;
const phoneDigits = 15;

const isPhone = (value: string): boolean =>
  phone.test(value) && value.replaceAll(/\D/g, '').length <= phoneDigits;

/**
 * Whether a value is searched.
 * @param field name of the field that holds it, or the list that it is in
 * @param value text in an address field that is no address is searched all the same
 */
export function isSearched(field: string, value: string): boolean {
  if (ids.has(field) || uris.has(field)) return /\s/.test(value);
  return !addresses.has(field) || (/\s/.test(value) && !isPhone(value));
}
