import { minutesLeft } from '../../src/core/request/estimate';
import type { Contact } from '../../src/core/subject/identifiers';
import { emptyCounts } from '../../src/core/package/items';
import { isLoginOf } from '../../src/core/authentication/login';

describe('the estimate of a collection', () => {
  const now = new Date('2026-11-24T12:10:00Z');
  const since = '2026-11-24T12:00:00Z';
  const counts = (exported: number, pending: number) => {
    const all = emptyCounts();
    all.audio = { ...all.audio, exported, pending };
    return all;
  };

  it.each([
    ['half is done after ten minutes', 50, 50, 10],
    ['a tenth is done', 10, 90, 90],
    ['nearly all is done', 99, 1, 1],
    ['too little is done to tell', 4, 96, null],
    ['nothing is known yet', 0, 0, null],
  ])('when %s', (_name, exported, pending, expected) => {
    const request = { exportStartedAt: since, state: 'exporting' as const };
    expect(minutesLeft(request, counts(exported, pending), now)).toBe(expected);
  });

  it('is none when nothing is being collected', () => {
    expect(minutesLeft({ exportStartedAt: since, state: 'failed' }, counts(5, 5), now)).toBeNull();
    expect(
      minutesLeft({ exportStartedAt: null, state: 'exporting' }, counts(5, 5), now),
    ).toBeNull();
  });
});

describe("the company's login", () => {
  const contact = {
    emails: ['zoe@mail.example'],
    phones: [{ number: '+4915112345678', receivesSms: true }],
  } as Contact;
  it.each([
    [{ email: 'ZOE@mail.example', email_verified: true }, 'email', true],
    [{ email: 'zoe@mail.example', email_verified: 'true' }, 'email', false],
    [{ email: 'zoe@mail.example' }, 'email', false],
    [{ email: ['zoe@mail.example'], email_verified: true }, 'email', false],
    [{ phone_number: '+49 151 12345678', phone_number_verified: true }, 'phone_number', true],
    [{ phone_number: '0151 12345678', phone_number_verified: true }, 'phone_number', false],
    [{ email: 'zoe@mail.example', email_verified: true }, 'phone_number', false],
    [{}, 'email', false],
  ] as const)('%j by %s: %s', (claims, claim, expected) => {
    expect(isLoginOf(contact, claims, claim)).toBe(expected);
  });
});
