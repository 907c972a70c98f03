import { isLoginOf } from '../../src/core/authentication/login';
import type { Contact } from '../../src/core/subject/contact';

describe("the login of the company's customers", () => {
  const contact = {
    emails: ['zoe@mail.example'],
    phones: [
      { number: '+493022222', receivesSms: false },
      { number: '+4915112345678', receivesSms: true },
    ],
  } as Contact;
  it.each([
    [{ email: 'ZOE@mail.example', email_verified: true }, 'email', true],
    [{ email: 'zoe@mail.example', email_verified: 'true' }, 'email', false],
    [{ email: 'zoe@mail.example' }, 'email', false],
    [{ email: ['zoe@mail.example'], email_verified: true }, 'email', false],
    [{ phone_number: '+49 151 12345678', phone_number_verified: true }, 'phone_number', true],
    [{ phone_number: '0151 12345678', phone_number_verified: true }, 'phone_number', false],
    [{ email: 'zoe@mail.example', email_verified: true }, 'phone_number', false],
    [{ email: 'else@mail.example', email_verified: true }, 'email', false],
    [{ email: 'no mailbox', email_verified: true }, 'email', false],
    [{ phone_number: '+49 151 12345679', phone_number_verified: true }, 'phone_number', false],
    [{ phone_number: '+49 30 22222', phone_number_verified: true }, 'phone_number', true],
    [{}, 'email', false],
  ] as const)('with claims %j identifies the contact by %s: %s', (claims, claim, expected) => {
    expect(isLoginOf(contact, claims, claim)).toBe(expected);
  });
});
