/** Numbers that look like card numbers and are none. As `card-texts`, it shares nothing with the recogniser. */
import { checkDigit } from './card-texts';
import { SeededRandom } from './seeded-random';

export interface Lookalike {
  kind: string;
  value: unknown;
}

/** Country codes, and how many digits follow in a mobile number. */
const mobiles: readonly (readonly [code: string, start: string, rest: number])[] = [
  ['49', '15', 9],
  ['49', '17', 8],
  ['49', '16', 9],
  ['43', '66', 8],
  ['43', '67', 9],
  ['41', '7', 8],
  ['44', '7', 9],
  ['33', '6', 8],
  ['34', '6', 8],
  ['39', '3', 9],
  ['31', '6', 8],
  ['55', '119', 8],
  ['52', '1', 10],
  ['54', '9', 10],
  ['62', '8', 10],
  ['62', '8', 11],
  ['91', '9', 9],
  ['86', '1', 10],
  ['1', '4', 9],
  ['63', '9', 9],
  ['380', '6', 8],
  ['36', '20', 7],
  ['40', '7', 8],
  ['60', '1', 9],
  ['66', '8', 8],
  ['58', '4', 9],
  ['57', '3', 9],
  ['51', '9', 8],
];

const mobile = (random: SeededRandom): string => {
  const [code, start, rest] = random.of(mobiles);
  return code + start + random.digits(rest);
};

function whatsAppId(random: SeededRandom): Lookalike {
  const id = mobile(random);
  const values: readonly unknown[] = [
    id,
    `tel:${id}`,
    { sessions: [{ addressFrom: id, remote: id }] },
    { from: { name: id, id } },
    { participantName: id, messageType: 'whatsapp' },
    { data: { phone: Number(id) } },
    `WhatsApp ${id} wrote at 17:30`,
    `${id}@c.us`,
    `a message of ${id}, then of ${mobile(random)}`,
  ];
  return { kind: 'WhatsApp id', value: random.of(values) };
}

function imei(random: SeededRandom): Lookalike {
  const body = random.of(['35', '86', '01', '99', '49', '35', '91']) + random.digits(12);
  const number = body + checkDigit(body);
  const split = `${number.slice(0, 2)}-${number.slice(2, 8)}-${number.slice(8, 14)}-${number.slice(14)}`;
  const values: readonly unknown[] = [
    `IMEI ${number}`,
    `my phone has ${number}`,
    split,
    { imei: number },
  ];
  return { kind: 'IMEI', value: random.of(values) };
}

const ibanForms: readonly (readonly [country: string, length: number])[] = [
  ['DE', 18],
  ['FR', 23],
  ['ES', 20],
  ['NL', 10],
  ['AT', 16],
  ['BE', 12],
  ['CH', 17],
  ['PL', 24],
];

function iban(random: SeededRandom): Lookalike {
  const [country, length] = random.of(ibanForms);
  const bank = country === 'NL' ? 'ABNA' : '';
  const account = bank + random.digits(length);
  const asNumber = [...`${account}${country}00`]
    .map((char) => (/\d/.test(char) ? char : String(char.charCodeAt(0) - 55)))
    .join('');
  const check = String(98n - (BigInt(asNumber) % 97n)).padStart(2, '0');
  const number = `${country}${check}${account}`;
  const shown = random.int(0, 1) === 0 ? number : (number.match(/.{1,4}/g) ?? []).join(' ');
  return { kind: 'IBAN', value: random.of([`IBAN ${shown}`, `to ${shown}.`, `${shown} bitte`]) };
}

function orderNumber(random: SeededRandom): Lookalike {
  const long = random.digits(random.int(13, 17));
  const values: readonly string[] = [
    `order 1548${random.digits(9)}`,
    `case 1747-${random.digits(4)}-${random.digits(4)}-${random.digits(4)}`,
    `order number ${long}`,
    `Order no. ${long}`,
    `order #${long}`,
    `Bestellnummer: ${long}`,
    `Auftragsnr. ${long}`,
    `numéro de commande ${long}`,
    `número de pedido: ${long}`,
    `numero d'ordine ${long}`,
    `bestelnummer ${long}`,
    `ticket no ${long}`,
    `302-${random.digits(7)}-${random.digits(7)}`,
    `order ${random.digits(10)} of Monday`,
    `ORD-${random.digits(8)}-${random.digits(4)}`,
    `Rechnung 2024-${random.digits(6)}`,
  ];
  const json = { orderNumber: long };
  return { kind: 'order number', value: random.of<unknown>([...values, json]) };
}

function timestamp(random: SeededRandom): Lookalike {
  const at = new Date(
    Date.UTC(2018, 0, 1) + random.int(0, 300_000_000) * 1000 + random.int(0, 999),
  );
  const compact = at.toISOString().replaceAll(/\D/g, '');
  const values: readonly unknown[] = [
    at.getTime(),
    `at ${at.getTime()} ms`,
    `${at.getTime()}${random.digits(3)}`,
    `${at.getTime()}${random.digits(6)}`,
    at.toISOString(),
    compact,
    compact.slice(0, 14),
    { connectedTime: at.getTime(), log: `${at.getTime()} ${at.getTime() + 17}` },
    `${at.toISOString().slice(0, 10)} ${at.toISOString().slice(11, 19).replaceAll(':', '-')}`,
  ];
  return { kind: 'timestamp', value: random.of(values) };
}

function trackingNumber(random: SeededRandom): Lookalike {
  const usps = (): string => {
    const body = random.of(['92', '93', '94', '95']) + random.digits(19);
    const sum = [...body].reduce(
      (total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 3 : 1),
      0,
    );
    return body + String((10 - (sum % 10)) % 10);
  };
  const number = usps();
  const values: readonly string[] = [
    `1Z${random.digits(3)}AA1${random.digits(10)}`,
    `USPS ${number}`,
    `USPS ${(number.match(/.{1,4}/g) ?? []).join(' ')}`,
    `DHL 0034${random.digits(16)}`,
    `JJD00${random.digits(16)}`,
    `DPD 0${random.digits(13)}`,
    `tracking number ${random.digits(15)}`,
    `Sendungsnummer: ${random.digits(14)}`,
    `Paketnummer ${random.digits(16)}`,
    `numéro de suivi ${random.digits(13)}`,
    `FedEx ${random.digits(12)}`,
    `RR${random.digits(9)}DE`,
  ];
  return { kind: 'tracking number', value: random.of(values) };
}

const uuidOf = (random: SeededRandom): string =>
  [8, 4, 4, 4, 12].map((length) => random.hex(length)).join('-');

function uuid(random: SeededRandom): Lookalike {
  const one = uuidOf(random);
  const decimal = [8, 4, 4, 4, 12].map((length) => random.digits(length)).join('-');
  const values: readonly unknown[] = [
    one,
    decimal,
    { conversationId: one, note: `see ${decimal}` },
    `https://api.example/platform/api/v2/downloads/${decimal}?issuer=1`,
    one.replaceAll('-', ''),
    `${one} ${decimal}`,
  ];
  return { kind: 'UUID', value: random.of(values) };
}

function phone(random: SeededRandom): Lookalike {
  const number = mobile(random);
  const values: readonly unknown[] = [
    `+${number}`,
    `+${number.slice(0, 2)} ${number.slice(2, 5)} ${number.slice(5)}`,
    `00${number}`,
    `+${number.slice(0, 2)} (0)${number.slice(2, 5)}-${number.slice(5)}`,
    `0${number.slice(2, 5)} ${number.slice(5)}\n0${random.digits(3)} ${random.digits(7)}`,
    `+${number}, +${mobile(random)}`,
    `tel:+${number}`,
    `(${random.int(200, 999)}) ${random.int(200, 999)}-${random.digits(4)}`,
    { ani: `tel:+${number}`, callbackNumbers: [`+${number}`, number] },
  ];
  return { kind: 'phone number', value: random.of(values) };
}

function coordinates(random: SeededRandom): Lookalike {
  const latitude = random.int(-89, 89) + random.int(0, 2 ** 48) / 2 ** 48;
  const longitude = random.int(-179, 179) + random.int(0, 2 ** 48) / 2 ** 48;
  const values: readonly unknown[] = [
    { latitude, longitude },
    `${latitude}, ${longitude}`,
    `geo:${latitude},${longitude}`,
    `https://maps.example/?q=${latitude},${longitude}`,
    [latitude, longitude],
    `${latitude.toFixed(15)} ${longitude.toFixed(15)}`,
  ];
  return { kind: 'coordinates', value: random.of(values) };
}

function hash(random: SeededRandom): Lookalike {
  const value = random.hex(random.of([24, 32, 40, 64, 128]));
  const values: readonly unknown[] = [
    value,
    { sha256: value, note: `hash ${value}` },
    `https://files.example/a?X-Amz-Date=20240429T173043Z&X-Amz-Signature=${value}`,
    `etag "${value}"`,
  ];
  return { kind: 'hash', value: random.of(values) };
}

const lookalikeMakers: readonly ((random: SeededRandom) => Lookalike)[] = [
  ...[whatsAppId, whatsAppId, imei, iban, orderNumber, timestamp, trackingNumber],
  ...[uuid, phone, coordinates, hash],
];

/** Values in which no card number stands. */
export function* lookalikes(seed: number, count: number): Generator<Lookalike> {
  const random = new SeededRandom(seed);
  for (let i = 0; i < count; i += 1) yield random.of(lookalikeMakers)(random);
}
