import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';
import { packageSchemas } from '../../src/core/package/schemas';
import { defaultPolicy } from '../../src/core/redaction/policy';
import {
  addRedactions,
  countRedactions,
  mostPlaces,
  notExamined,
  noteRedaction,
  redactionLog,
  redactionReasons,
  type Place,
  type Redactions,
} from '../../src/core/redaction/redactions';
import { Sanitiser } from '../../src/core/redaction/sanitiser';

const noted = (places: readonly Place[], reason = 'cardNumber'): Redactions => {
  const redactions: Redactions = {};
  for (const place of places) noteRedaction(redactions, reason, place);
  return redactions;
};
const documentOf = (number: number): string =>
  `data/conversations/${String(number).padStart(4, '0')}/conversation.json`;

describe('the redaction log', () => {
  it('says what nobody could look into, and where, apart from what was masked', () => {
    const redactions = noted(
      [
        { file: 'a.eml', field: '' },
        { file: 'b.eml', field: '' },
      ],
      notExamined('attachment'),
    );
    noteRedaction(redactions, 'unreadableMailPart', { file: 'a.eml', field: '' });
    expect(redactionLog(defaultPolicy, redactions, '2026-11-23T10:00:00Z')).toMatchObject({
      redactions: [
        {
          reason: 'unreadableMailPart',
          justification: 'Part of a mail that is a text and cannot be read',
          count: 1,
          places: [{ file: 'a.eml', field: '', count: 1 }],
        },
      ],
      notExamined: [
        {
          kind: 'attachment',
          count: 2,
          places: [
            { file: 'a.eml', field: '', count: 1 },
            { file: 'b.eml', field: '', count: 1 },
          ],
        },
      ],
    });
  });

  it('is as its JSON Schema says', () => {
    const redactions = noted([{ file: documentOf(1), field: 'a' }]);
    noteRedaction(redactions, notExamined('recording'), { file: 'a.mp3', field: '' });
    const schema = packageSchemas.find(({ name }) => name.endsWith('redaction-log.schema.json'));
    const validate = new Ajv2020({ strict: false }).compile(schema?.schema ?? {});
    for (const one of [redactions, {}]) {
      validate(redactionLog(defaultPolicy, one, '2026-11-23T10:00:00Z'));
      expect(validate.errors).toBeNull();
    }
    expect(validate({ ...redactionLog(defaultPolicy, {}, ''), notExamined: [{}] })).toBe(false);
  });

  it('names each place while there are not too many', () => {
    const places = Array.from({ length: mostPlaces }, (_, i) => ({
      file: documentOf(i),
      field: 'a',
    }));
    expect(Object.keys(noted(places)['cardNumber'] ?? {})).toHaveLength(mostPlaces);
  });

  it('names each place of two parts while there are not too many together', () => {
    const placesOf = (from: number, to: number) =>
      noted(
        Array.from({ length: to - from }, (_, i) => ({ file: documentOf(from + i), field: 'a' })),
      );
    const sum = addRedactions(placesOf(0, 600), placesOf(600, mostPlaces));
    expect(Object.keys(sum['cardNumber'] ?? {})).toHaveLength(mostPlaces);
    expect(Object.keys(addRedactions(sum, placesOf(5_000, 5_001))['cardNumber'] ?? {})).toEqual([
      'data/conversations/*/conversation.json#a',
    ]);
  });

  it('names each place where a field has an asterisk in its name', () => {
    const places = [documentOf(1), documentOf(2)].map((file) => ({ file, field: 'order*' }));
    expect(noted([...places, { file: documentOf(3), field: 'a*b' }])).toEqual({
      cardNumber: {
        [`${documentOf(1)}#order*`]: 1,
        [`${documentOf(2)}#order*`]: 1,
        [`${documentOf(3)}#a*b`]: 1,
      },
    });
  });

  it('has words for each reason, its own', () => {
    const redactions: Redactions = {};
    for (const reason of [...redactionReasons, 'pattern:iban', 'new'])
      noteRedaction(redactions, reason, { file: 'a.json', field: 'b' });
    const log = redactionLog(defaultPolicy, redactions, '2026-11-23T10:00:00Z') as {
      redactions: { reason: string; justification: string }[];
    };
    const words = log.redactions.map(({ reason, justification }) => [reason, justification]);
    expect(Object.fromEntries(words)).toEqual({
      agent: expect.stringContaining('id of an agent') as string,
      agentName: expect.stringContaining('Name of an agent of the company in what was') as string,
      attachmentWithheld: expect.stringContaining('File within a mail') as string,
      cardNumber: expect.stringContaining('payment card') as string,
      otherPerson: expect.stringContaining('from outside who took part') as string,
      otherPersonName: expect.stringContaining('from outside in what was said') as string,
      unreadableMailPart: expect.stringContaining('cannot be read') as string,
      'pattern:iban': "Found by the company's pattern “iban”",
      new: "Found by the company's pattern “new”",
    });
  });

  it('names kinds of files instead of each when there are more', () => {
    const places = Array.from({ length: mostPlaces + 1 }, (_, i) => ({
      file: documentOf(i),
      field: 'messages[].text',
    }));
    const redactions = noted([...places, { file: 'data/notes.json', field: '[].noteText' }]);
    expect(redactions).toEqual({
      cardNumber: {
        'data/conversations/*/conversation.json#messages[].text': mostPlaces + 1,
        'data/notes.json#[].noteText': 1,
      },
    });
    noteRedaction(redactions, 'cardNumber', {
      file: 'data/conversations/0001/attachment-12.txt',
      field: '',
    });
    expect(redactions['cardNumber']).toHaveProperty(['data/conversations/*/attachment-*#'], 1);
  });

  it('names no fields any more when there are too many of them', () => {
    const places = Array.from({ length: mostPlaces + 1 }, (_, i) => ({
      file: documentOf(i % 3),
      field: `attributes.a${i}`,
    }));
    expect(noted(places)).toEqual({
      cardNumber: { 'data/conversations/*/conversation.json#*': mostPlaces + 1 },
    });
  });

  it('is the same in whatever order its parts are added, and loses no count', () => {
    const place = fc.record({
      file: fc.oneof(
        fc.nat(5_000).map(documentOf),
        fc.nat(9).map((i) => `data/conversations/0001/attachment-${i}.txt`),
        fc.constant('data/notes.json'),
      ),
      field: fc.oneof(fc.constant('a.b'), fc.nat(5_000).map(String)),
    });
    const part = fc.array(place, { size: '+1' });
    const many = fc.tuple(fc.nat(1_200), fc.boolean()).map(([count, isField]) =>
      Array.from({ length: count }, (_, i) => ({
        file: isField ? 'data/notes.json' : documentOf(i),
        field: isField ? `f${i}` : 'a',
      })),
    );
    fc.assert(
      fc.property(part, many, part, (one, two, three) => {
        const parts = [noted(one), noted(two), noted(three)];
        const sum = parts.reduce(addRedactions, {});
        expect(sum).toEqual(parts.reduceRight(addRedactions, {}));
        expect(countRedactions(sum)['cardNumber'] ?? 0).toBe(
          one.length + two.length + three.length,
        );
        expect(Object.keys(sum['cardNumber'] ?? {}).length).toBeLessThanOrEqual(mostPlaces);
      }),
      { numRuns: 30 },
    );
  });

  it('tells the names of fields, and none that may be content itself', () => {
    const card = '4111 1111 1111 1111';
    const sanitiser = new Sanitiser(defaultPolicy, (id) => id, { file: 'f' });
    const names = ['orderNote', 'zoe@home.example', 'Zoe Example', '+49 221 1234567', 'c12345'];
    const attributes = Object.fromEntries(names.map((name) => [name, card]));
    sanitiser.document({ participants: [{ attributes }] });
    expect(sanitiser.redactions).toEqual({
      cardNumber: {
        'f#participants[].attributes.orderNote': 1,
        'f#participants[].attributes.?': 4,
      },
    });
  });
});
