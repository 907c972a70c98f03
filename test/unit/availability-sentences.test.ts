import { loadLocales } from '../../src/adapters/locales';
import { translator } from '../../src/core/i18n/translator';
import { kindLabel, reasonText, sentenceOf } from '../../src/core/package/availability-sentences';
import type { Statement } from '../../src/core/package/availability-statements';
import { partKinds, withheldItemKinds } from '../../src/core/subject/withheld-parts';

const english = translator(loadLocales(null), 'en');

describe('the sentences of the availability report', () => {
  it.each<[Statement, string]>([
    [
      { about: 'otherOrganisations', organisation: 'main', others: ['emea'] },
      'Searched: the organisation main. emea is not part of this package and needs a separate request.',
    ],
    [
      { about: 'leftOut', what: ['summaries', 'secureAttributes'] },
      'Left out by policy: summaries, secure attributes.',
    ],
    [
      { about: 'unprotectedConversations', count: 1 },
      '1 conversation could not be protected from deletion in the source while this package was made.',
    ],
    [
      { about: 'attributesWithheld', count: 1 },
      '1 attribute of participants was left out by policy.',
    ],
    [
      {
        about: 'redacted',
        reasons: [
          { reason: 'agent', count: 2 },
          { reason: 'cardNumber', count: 1 },
          { reason: 'pattern:iban', count: 3 },
          { reason: 'newReason', count: 1 },
        ],
      },
      'Masked to protect others: the company’s staff in 2 places; 1 payment card number; “iban” in 3 places; 1 other place (newReason). The file redaction-log.json says where.',
    ],
    [
      { about: 'notExamined', what: 'attachment', count: 1 },
      '1 attached file could not be searched, such as an image, a document or an archive. It is as the source holds it and may show what is masked elsewhere.',
    ],
    [
      { about: 'divisions', visible: ['Sales'] },
      'Proven to be shown to this app: the division Sales. Not provable: whether the source holds more in others.',
    ],
    [
      { about: 'ground', ground: 'rightsOfOthers', what: ['texts', 'audio', 'evaluations'] },
      'Passages of texts, Audio, evaluations of agents: left out or masked to protect the rights and freedoms of others (Art. 15(4) GDPR).',
    ],
    [
      { about: 'ground', ground: 'secrets', what: ['attributes'] },
      'Attributes of participants: left out or masked because they are secret, such as passwords or trade secrets (Art. 15(4) GDPR).',
    ],
    [
      { about: 'complaint', contact: 'privacy@shop.example', authority: 'Data Commission' },
      'If you don’t agree with what is left out or masked, write to privacy@shop.example. You also have the right to lodge a complaint with a data protection supervisory authority, and to seek a judicial remedy (Art. 77 and 79 GDPR). The authority that supervises us is Data Commission. You can also turn to the one where you live or work.',
    ],
    [
      { about: 'recordingsMuted', count: 2 },
      '2 audio recordings are silent where something is said that is masked in their transcripts.',
    ],
    [
      {
        about: 'identifiersNotSearched',
        identifiers: [
          { type: 'phone', reason: 'extension', count: 2 },
          { type: 'email', reason: 'shared', count: 1 },
        ],
        searched: 1,
      },
      'Searched by 1 of 4 identifiers on file. Not searched by: 2 phone numbers (with an extension, so shared behind a switchboard); 1 email address (also held by other contacts). The file data/profile.json names them.',
    ],
  ])('has a sentence for %j', (statement, sentence) => {
    expect(sentenceOf(statement, english)).toBe(sentence);
  });

  it.each([
    ['whatsapp', 'WhatsApp'],
    ['facebook', 'Facebook'],
    ['instagram', 'Instagram'],
    ['twitter', 'X (Twitter)'],
    ['line', 'LINE'],
    ['apple', 'Apple Messages'],
    ['carrier pigeon', 'carrier pigeon'],
  ])('names an identifier of the type %s by which nothing was searched: %s', (type, name) => {
    const identifiers = [{ type, reason: 'notSearchable' as const, count: 1 }];
    expect(
      sentenceOf({ about: 'identifiersNotSearched', identifiers, searched: 1 }, english),
    ).toContain(name);
  });
});

describe('what an officer withholds for the rights of others', () => {
  const kinds = [...withheldItemKinds({ kinds: [...partKinds], conversations: [] })];

  it.each(Object.keys(loadLocales(null)))('is named in %s', (language) => {
    const words = translator(loadLocales(null), language);
    const missing = [{ reason: 'rightsOfOthers', count: 2 }];
    expect(kinds).toContain('messageRecording');
    for (const kind of kinds) {
      const sentence = sentenceOf({ about: 'kind', kind, exported: 0, of: 2, missing }, words);
      expect(sentence).toContain(kindLabel(kind, words));
      expect(sentence).toContain(reasonText('rightsOfOthers', words));
      expect(reasonText('rightsOfOthers', words)).not.toBe('rightsOfOthers');
    }
  });
});
