import { loadLocales } from '../../src/adapters/locales';
import { formats } from '../../src/core/i18n/formats';
import { translator } from '../../src/core/i18n/translator';
import { identifierLabel, otherContactName } from '../../src/web/officer/evidence-words';

const words = { ...translator(loadLocales(null), 'en'), ...formats('en', 'UTC') };
type Among = Parameters<typeof identifierLabel>[1];
type Identifier = Parameters<typeof identifierLabel>[0];

const mailbox = (number: number, change: Partial<Identifier> = {}): Identifier => ({
  ...{ number, type: 'email', masked: 'z•••@m•••.example', isGiven: false },
  ...{ isShared: false, hasExtension: false, candidates: [1], nearly: [], answer: null },
  ...change,
});

const labels = (candidates: number, identifiers: Identifier[], revealed: object | null = null) => {
  const evidence = { candidates: Array.from({ length: candidates }), identifiers };
  const among = { evidence, words, revealed } as unknown as Among;
  return identifiers.map((one) => identifierLabel(one, among));
};

describe('a number or mailbox in the console', () => {
  it('says whose it is where several contacts match', () => {
    const given = { isGiven: true, candidates: [] };
    expect(
      labels(2, [
        mailbox(1, { isGiven: true }),
        mailbox(2, { candidates: [2] }),
        mailbox(3, { ...given, masked: 'x•••@m•••.example' }),
        mailbox(4, { candidates: [1, 2], masked: 'b•••@m•••.example' }),
      ]),
    ).toEqual([
      'Mailbox z•••@m•••.example (given in the request, on file for contact A)',
      'Mailbox z•••@m•••.example (on file for contact B)',
      'Mailbox x•••@m•••.example (given in the request)',
      'Mailbox b•••@m•••.example (on file for contacts A and B)',
    ]);
  });

  it('is on file only for the contacts that have it as it is, and not for those that have one like it', () => {
    expect(
      labels(2, [
        mailbox(1, { isGiven: true, candidates: [1], nearly: [1] }),
        mailbox(2, { candidates: [1, 2], nearly: [2], masked: 'x•••@m•••.example' }),
        mailbox(3, { candidates: [1, 2], nearly: [1, 2], masked: 'b•••@m•••.example' }),
      ]),
    ).toEqual([
      'Mailbox z•••@m•••.example (given in the request, a similar one on file for contact A)',
      'Mailbox x•••@m•••.example (on file for contact A, a similar one on file for contact B)',
      'Mailbox b•••@m•••.example (a similar one on file for contacts A and B)',
    ]);
  });

  it('is named by itself where one contact matches and nothing else is named alike', () => {
    expect(labels(1, [mailbox(1), mailbox(2, { masked: 'x•••@m•••.example' })])).toEqual([
      'Mailbox z•••@m•••.example',
      'Mailbox x•••@m•••.example',
    ]);
  });

  it('is never named like another one, not even of the same contact', () => {
    expect(labels(1, [mailbox(1), mailbox(2), mailbox(3, { isGiven: true })])).toEqual([
      'Mailbox z•••@m•••.example (on file for contact A), 1 of 2',
      'Mailbox z•••@m•••.example (on file for contact A), 2 of 2',
      'Mailbox z•••@m•••.example (given in the request, on file for contact A)',
    ]);
    const identifiers = [1, 2].map((number) => ({ number, value: `zoe.${number}@mail.example` }));
    expect(labels(1, [mailbox(1), mailbox(2)], { identifiers })).toEqual([
      'Mailbox zoe.1@mail.example',
      'Mailbox zoe.2@mail.example',
    ]);
  });

  it('of hundreds costs as much each as of a few', () => {
    const costOf = (count: number): number => {
      let calls = 0;
      const counting = {
        ...words,
        t: (...given: Parameters<typeof words.t>) => {
          calls += 1;
          return words.t(...given);
        },
      };
      const identifiers = Array.from({ length: count }, (_, i) =>
        mailbox(i + 1, { masked: `${i % 7}•••@m•••.example` }),
      );
      const evidence = { candidates: [1, 2], identifiers };
      const among = { evidence, words: counting, revealed: null } as unknown as Among;
      for (const one of identifiers) identifierLabel(one, among);
      return calls / count;
    };
    expect(costOf(400)).toBeLessThan(2 * costOf(10));
  });
});

describe('another contact in the console', () => {
  const doubtful = { byContact: ['x', 'b', 'y'].map((contactId) => ({ contactId })) };
  const candidates = ['a', 'b'].map((contactId, i) => ({ contactId, number: i + 1 }));
  const name = (contactId: string): string =>
    otherContactName(
      { evidence: { candidates }, doubtful, words } as unknown as Parameters<
        typeof otherContactName
      >[0],
      contactId,
    );

  it('has a letter after those of the candidates, and a candidate has its own', () => {
    expect(['x', 'b', 'y'].map(name)).toEqual(['Contact C', 'Contact B', 'Contact E']);
  });

  it('never has the letter of somebody else, not even where it is not known yet', () => {
    expect(name('z')).toBe('Contact ?');
  });
});
