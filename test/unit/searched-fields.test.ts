import { isFreeMap, isId, isSearched } from '../../src/core/redaction/searched-fields';

const card = '4111111111111111';
const ids = [
  ...[
    'id',
    'sha256',
    'attachmentId',
    'authenticatorId',
    'batchId',
    'blockId',
    'chatFormatId',
    'chunkId',
  ],
  ...['canonicalExternalContactId', 'communicationId', 'contactId', 'contactListId', 'contextId'],
  ...[
    'conversationId',
    'correlationId',
    'dialerContactId',
    'dialerId',
    'divisionId',
    'edgeId',
    'emailId',
  ],
  ...[
    'emailFormatId',
    'engineId',
    'entityId',
    'externalContactId',
    'externalOrganizationId',
    'flowId',
  ],
  ...[
    'formatId',
    'frameId',
    'integrationId',
    'jobId',
    'lineId',
    'mergedId',
    'messageFormatId',
    'messageId',
  ],
  ...[
    'operationId',
    'organizationId',
    'ownerId',
    'participantId',
    'peerId',
    'queryId',
    'questionGroupId',
  ],
  ...[
    'questionId',
    'queueId',
    'recordingId',
    'requestId',
    'routingRuleId',
    'scopedId',
    'segmentId',
  ],
  ...[
    'selectedAgentId',
    'sessionId',
    'stationId',
    'surveyId',
    'transcriptId',
    'userId',
    'wrapUpCode',
  ],
];
const uris = [
  ...['selfUri', 'selfURI', 'contentUri', 'contentURI', 'mediaUri', 'mediaURI', 'messageURI'],
  ...['nextUri', 'previousUri', 'firstUri', 'lastUri'],
];
const addresses = [
  ...['ani', 'dnis', 'sessionDnis', 'remote', 'address', 'addressFrom', 'addressTo', 'addressSelf'],
  ...['addressOther', 'addressRaw', 'addressNormalized', 'addressDisplayable', 'callbackNumber'],
  ...[
    'callbackNumbers',
    'callerId',
    'fromAddress',
    'toAddress',
    'outboundCallerId',
    'e164',
    'display',
  ],
  ...['destinationAddresses', 'userInput', 'phoneNumber', 'email', 'appleOpaqueIds', 'facebookId'],
  ...['instagramId', 'twitterId', 'whatsAppId'],
];
const texts = ['body', 'text', 'cardId', 'subject', 'value', 'note', 'Id', 'uri', 'toString'];

describe('a field of the source', () => {
  it.each(ids)('%s holds an id, and with s a list of them: neither is searched', (field) => {
    for (const name of [field, `${field}s`]) {
      expect(isId(name)).toBe(true);
      expect(isSearched(name, card)).toBe(false);
    }
  });

  it.each(uris)('%s holds an address of the source, which is not searched', (field) => {
    expect(isId(field)).toBe(false);
    expect(isSearched(field, `https://api.example/${card}`)).toBe(false);
  });

  it.each([...ids, ...uris])('%s with more than one word is no id or address', (field) => {
    expect(isSearched(field, `my card ${card}`)).toBe(true);
  });

  it.each(addresses)('%s holds an address of a person, which is not searched', (field) => {
    expect(isSearched(field, card)).toBe(false);
    expect(isSearched(field, 'sip:anna@shop.example')).toBe(false);
    expect(isSearched(field, '+49 30 1234567')).toBe(false);
  });

  it.each(texts)('%s is searched, whatever stands in it', (field) => {
    expect(isId(field)).toBe(false);
    expect(isSearched(field, card)).toBe(true);
    expect(isSearched(field, '+49 30 1234567')).toBe(true);
  });

  it.each([
    ['a number', '+49 (0)30 / 123-45.67', false],
    ['a number without its country', '030 1234567', false],
    ['a number of fifteen digits, the most there are', '+123 456 789 012 345', false],
    ['a card, which has more', '4111 1111 1111 1111', true],
    ['words after a number', '030 1234567 Anna', true],
    ['words before a number', 'Anna 030 1234567', true],
    ['words', 'Anna at the desk', true],
    ['a second plus', '+49 30 +49 31', true],
  ])('for addresses that holds %s is searched as it has to be', (_what, value, expected) => {
    expect(isSearched('ani', value)).toBe(expected);
  });

  it('chooses the names in it only where the company or its programs do', () => {
    const maps = [
      ...['attributes', 'customFields', 'data', 'callData', 'flowData', 'metadata'],
      ...['participantData', 'traits', 'customAttributes', 'contextAttributes', 'eventAttributes'],
    ];
    expect(maps.filter((field) => !isFreeMap(field))).toEqual([]);
    expect([...ids, ...uris, ...addresses, ...texts].filter(isFreeMap)).toEqual([]);
  });
});
