import { namesCard, namesOther, wordsOf } from '../../src/core/redaction/card-words';

const words = [
  ...['card', 'Credit', 'debit', 'Karte', 'kaart', 'carte', 'carta', 'tarjeta', 'crédit', 'Kredit'],
  ...['VISA', 'Mastercard', 'master card', 'Maestro', 'amex', 'American Express', 'Diners', 'JCB'],
  ...['Discover', 'UnionPay', 'girocard', 'PAN', 'CVV', 'cvc2', 'cvn', 'CID', 'Prüfziffer'],
  ...['Prufnummer', 'cryptogramme', 'código de seguridad', 'codigo de seguridad'],
  ...['codice di sicurezza', 'veiligheidscode', 'exp', 'exp.', 'expiry', 'expires', 'expiration'],
  ...['valid thru', 'valid until', 'gültig bis', 'gultig bis', 'Ablaufdatum', 'caduca'],
  ...['caducidad', 'vencimiento', 'scade', 'scadenza', 'vervaldatum', 'geldig tot'],
  ...["valable jusqu'au", 'expire'],
];
const otherWords = [
  ...['discard', 'cardboard', 'cardiology', 'cardigan', 'cardinal', 'visage', 'company', 'pants'],
  ...['jcbs', 'acvv', 'cvcs', 'decide', 'expert', 'valid', 'gültig', 'code', 'number', ''],
];

describe('a word for cards', () => {
  it.each(words)('is "%s", before a number and behind it', (word) => {
    expect(namesCard(`with ${word}: `, '')).toBe(true);
    expect(namesCard('', ` ${word}`)).toBe(true);
  });

  it.each(otherWords)('is not "%s"', (word) => {
    expect(namesCard(`with ${word} `, ` ${word} `)).toBe(false);
  });
});

describe('an expiry date behind a number', () => {
  it.each([
    ...[' 01/26', ' 09/26', ' 10/26', ' 12/26', ' 12-26', ' 12 / 26', ' 12/2026', ' 12/2049'],
    ...['    12/26', ', (12/26)', ' 12/26 or so', ' 12/20', ' 12/49'],
  ])('is "%s"', (after) => {
    expect(namesCard('', after)).toBe(true);
    // Before a number it is that of another one.
    expect(namesCard(after, '')).toBe(false);
  });

  it.each([
    ...[
      '12/26',
      '     12/26',
      ' 00/26',
      ' 13/26',
      ' 1/26',
      ' 12/19',
      ' 12/56',
      ' 12/1926',
      ' 12/2x',
    ],
    ...[' 12/265', ' 12  /26', ' 12 26', 'x12/26', ' x 12/26', ' 5 12/26', '٥ 12/26', ' 12.26'],
  ])('is not "%s"', (after) => {
    expect(namesCard('', after)).toBe(false);
  });
});

describe('a number that is called by the name of something else', () => {
  it.each([
    ...[
      'order number ',
      'Order No. ',
      'order#',
      'order-id: ',
      'orders nr ',
      'order_code=',
      'item no ',
    ],
    ...['reservation number is ', 'reference of member ', 'session id ', 'policy num '],
    ...['Bestellnummer: ', 'Auftragsnummer lautet ', 'Kundennr. ', 'Gerätenummer ', 'Belegnummer '],
    ...['Seriennummer ist „', 'Buchungscode ', 'numéro de commande : ', 'n° de la facture '],
    ...[
      "numéro d'envío ",
      "n° de l'article ",
      'no de série ',
      'código de reserva ',
      'número de pedido ',
      'id del caso ',
    ],
    ...['numero di fattura è ', "numero dell'ordine ", 'codice prenotazione ', 'klantnummer '],
    ...['zendingsnummer [', 'factuurnummer "'],
    ...['IMEI ', 'imei number ', 'ISBN: ', 'track & trace: ', 'tracking no ', 'EAN-Code ', 'upc\t'],
    ...['order number (', 'order number:="\'', 'order number\u00a0'],
  ])('is known by "%s"', (before) => {
    expect(namesOther(before)).toBe(true);
    expect(namesOther(`my ${before.toUpperCase()}`)).toBe(true);
  });

  it.each([
    ...[
      '',
      'number ',
      'my number is ',
      'order ',
      'my order: ',
      'reorder number ',
      'the ',
      'client ',
    ],
    ...[
      'order number of yesterday, card ',
      'order number 12 ',
      'order number, ',
      'order number: a',
    ],
    ...['card number ', 'Kartennummer ', 'numéro de carte ', 'xIMEI ', 'imeis ', 'order  number '],
  ])('is not known by "%s"', (before) => {
    expect(namesOther(before)).toBe(false);
  });
});

describe('the name of a field', () => {
  it.each([
    ['cardId', 'card Id'],
    ['orderNumberOfDay', 'order Number Of Day'],
    ['line2Card', 'line2 Card'],
    ['größeÄndern', 'größe Ändern'],
    ['IDCARD', 'IDCARD'],
    ['card id', 'card id'],
    ['card_id', 'card id'],
    ['card-id.of__it', 'card id of it'],
    ['', ''],
  ])('%s is the words "%s"', (field, expected) => {
    expect(wordsOf(field)).toBe(expected);
  });
});
