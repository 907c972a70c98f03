import {
  AddressReader,
  addressStarts,
  digitForms,
  type ReadAddress,
} from '../../src/core/redaction/people/addresses';

const mailbox = (address: string, literal = address): ReadAddress => ({
  mailbox: address,
  phone: null,
  literal,
});
const phone = (number: string, literal = number): ReadAddress => ({
  mailbox: null,
  phone: number,
  literal,
});
const neither = (literal: string): ReadAddress => ({ mailbox: null, phone: null, literal });
const number = '+49301234567';

describe('an address of the source', () => {
  it.each<[string, ReadAddress]>([
    ['anna@shop.example', mailbox('anna@shop.example')],
    [' Anna@Shop.EXAMPLE ', mailbox('anna@shop.example')],
    ['mailto:Anna@shop.example?subject=Hello\n[you]', mailbox('anna@shop.example')],
    ['mailto:anna@shop.example;x', mailbox('anna@shop.example')],
    ['xmpp:anna@shop.example', mailbox('anna@shop.example')],
    ['im:anna@shop.example', mailbox('anna@shop.example')],
    ['sip:anna@shop.example', mailbox('anna@shop.example')],
    [
      'sips:anna%40shop.example@edge.example',
      mailbox('anna@shop.example', 'anna%40shop.example@edge.example'),
    ],
    // A code that cannot be read stays as it is.
    [
      'sip:a%ZZ@shop.example@edge.example',
      mailbox('a%zz@shop.example', 'a%zz@shop.example@edge.example'),
    ],
    ['anna@home@shop.example', neither('anna@home@shop.example')],
    ['mailto:+49301234567@shop.example', mailbox('+49301234567@shop.example')],
    ['anna@', neither('anna@')],
  ])('%j is read as a mailbox, where it is one', (written, read) => {
    expect(new AddressReader().read(written)).toEqual(read);
  });

  it.each<[string, ReadAddress]>([
    ['+49 (0)30 / 123-45.67', phone(number, '+49 (0)30 / 123-45.67')],
    ['tel:+49301234567', phone(number)],
    ['TEL:+49-30-1234567;phone-context=x', phone(number, '+49-30-1234567')],
    ['tel:%2B49301234567', phone(number, '%2b49301234567')],
    ['sms:+49301234567?body=x', phone(number)],
    ['callto:+49301234567', phone(number)],
    ['sip:+49301234567@edge.example;user=phone', phone(number, '+49301234567@edge.example')],
    ['sips:%2B49301234567@edge.example', phone(number, '%2b49301234567@edge.example')],
    // Of WhatsApp and text messages.
    ['4915112345678', phone('+4915112345678', '4915112345678')],
    ['1234567890', phone('+1234567890', '1234567890')],
  ])('%j is read as a number', (written, read) => {
    expect(new AddressReader().read(written)).toEqual(read);
  });

  it.each([
    '+49 30 1234567 ext. 12',
    '+49 30 1234567 ext12',
    '+49 30 1234567, ext 12',
    '+49 30 1234567,x 12',
    '+49 30 1234567;ext=123456789',
    '+49 30 1234567x1',
    '+49 30 1234567 # 12',
    '+49 30 1234567 X12',
  ])('%j is read as a number without its extension', (written) => {
    expect(new AddressReader().read(written).phone).toBe(number);
  });

  it.each([
    // Without a country.
    ...['030 1234567', '(030) 1234567', '123456789', '0491234567890'],
    // Not all of it a number.
    ...[
      'Anna +49 30 1234567',
      '+49 30 1234567 Anna',
      '+49 30 1234567 ext',
      '+49 30 1234567 twelve',
    ],
    ...[
      '4915112345678 ext 5',
      'a4915112345678',
      '4915112345678a',
      '+A49301234567',
      '+49 30 12x4567y',
    ],
    // Too short, and too long.
    ...['+4930', '+', '5', '1234567890123456', `+49 30 1234567${' 1'.repeat(20)}`],
    // A code that cannot be read stays as it is.
    ...['tel:%ZZ49301234567', 'U4af4980629', 'anna', ''],
  ])('%j is neither', (written) => {
    const { phone: read, mailbox: found } = new AddressReader().read(written);
    expect([read, found]).toEqual([null, null]);
  });

  it('keeps what is no scheme, and what follows ; or ? without one', () => {
    const literal = (written: string) => new AddressReader().read(written).literal;
    expect(literal('Hotel:5')).toBe('hotel:5');
    expect(literal('anna;x?y')).toBe('anna;x?y');
    expect(literal('sip:anna;x?y')).toBe('anna');
    expect(literal('sip:anna?y\nz')).toBe('anna');
  });

  it.each([
    ['anna@shop.example', true],
    ['+49 30 1234567', true],
    ['+49 30/1234567', true],
    ['sip:anna', true],
    ['030 12-34 (5).6@', true],
    ['Anna', false],
    ['Anna 12', false],
    ['12 Anna', false],
    ['', false],
  ])('is told from a name: %j', (written, expected) => {
    expect(new AddressReader().isAddress(written)).toBe(expected);
  });

  it.each([
    ['Anna@Shop.example', 'email:anna@shop.example'],
    ['sip:anna%40shop.example@edge.example', 'email:anna@shop.example'],
    ['+49 30 1234567', 'phone:+49301234567'],
    ['sip:+49301234567@edge.example', 'phone:+49301234567'],
    // Numbers of Mexico had a 1 until 2019.
    ['+5215512345678', 'phone:+525512345678'],
    ['U4AF4980629', 'other:u4af4980629'],
    ['sip:Zoe\u0308', 'other:zoë'],
  ])('has one key in all its spellings: %j', (written, key) => {
    expect(new AddressReader().keyOf(written)).toBe(key);
  });

  it('is read once, as long as few have been read', () => {
    const reader = new AddressReader();
    const first = reader.read('anna');
    for (let i = 1; i < 10_000; i += 1) reader.read(`u${i}`);
    expect(reader.read('anna')).toBe(first);
    expect(reader.read('u9999')).toBe(reader.read('u9999'));
    const later = reader.read('later');
    expect(reader.read('later')).not.toBe(later);
    expect(reader.read('later')).toEqual(later);
  });
});

describe('the digits by which people write a number', () => {
  it.each([
    [
      '+49301234567',
      [
        ...['49301234567', '0049301234567', '01149301234567', '490301234567'],
        ...['0301234567', '301234567'],
      ],
    ],
    // Of eight digits without the country, of seven, and of six.
    [
      '+4930123456',
      [...['4930123456', '004930123456', '0114930123456', '49030123456'], '030123456', '30123456'],
    ],
    ['+493012345', ['493012345', '00493012345', '011493012345', '4903012345', '03012345']],
    ['+49301234', ['49301234', '0049301234', '01149301234', '490301234']],
    // Of a country that nobody knows, where all digits are the number's own.
    ['+9991234567', ['9991234567', '009991234567', '0119991234567', '09991234567']],
  ])('%s are these and no others', (written, digits) => {
    expect(digitForms(written)).toEqual(digits);
  });

  it('are those of each spelling that the number has had', () => {
    const digits = digitForms('+5215512345678');
    expect(digits).toEqual(digitForms('+525512345678'));
    expect(digits).toEqual(
      expect.arrayContaining(['525512345678', '5215512345678', '5512345678', '05512345678']),
    );
  });
});

describe('where a mailbox may begin', () => {
  it.each([
    ['anna@shop.example', [0]],
    ['to=anna@shop.example', [0, 3]],
    ['a&b?c@shop.example', [0, 2, 4]],
    ["#'|{}*$!/~^`x@shop.example", [0, ...Array.from({ length: 12 }, (_, i) => i + 1)]],
    ['anna@sh=op.example?x=1', [0]],
    ['a.b-c_d%e+f@shop.example', [0]],
  ])('in %j is at %j', (address, starts) => {
    expect(addressStarts(address)).toEqual(starts);
  });
});
