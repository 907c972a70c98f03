/** Words by which a text says that a number is a payment card's, or that it is something else. */

/** Characters before and after a number in which a word counts. */
export const wordsBefore = 60;
export const wordsAfter = 40;

/**
 * Words for cards in the languages of the app (de, en, es, fr, it, nl), names of schemes, and what is
 * written beside a card number: check value and expiry.
 */
const cardWords = new RegExp(
  [
    // Not in "discard", "cardboard", "cardiology", "cardigan", "cardinal".
    '(?<!dis)card(?!board|io|igan|inal)|credit|debit|karte|kaart|carte|carta|tarjeta',
    'cr[eé]dit|kredit',
    'visa(?![a-z])|master ?card|maestro|amex|american express|diners|discover|unionpay|girocard|(?<![a-z])(?:jcb|pan)(?![a-z])',
    '(?<![a-z])(?:cvv|cvc|cvn|cid)2?(?![a-z])|pr[üu]f(?:ziffer|nummer)|cryptogramme|c[oó]digo de seguridad|codice di sicurezza|veiligheidscode',
    '(?<![a-z])exp(?:iry|ires?|iration|\\.|(?![a-z]))|valid (?:thru|until)|g[üu]ltig bis|ablaufdatum',
    'caduc(?:a|idad)|vencimiento|scade(?:nza)?|vervaldatum|geldig tot|valable jusqu|(?<![a-z])expire',
  ].join('|'),
  'i',
);

/** An expiry date directly behind a number: month and year, as they stand on cards. */
const expiry = /^[^\p{L}\p{N}]{1,4}(?:0[1-9]|1[0-2]) ?[/-] ?(?:20)?[2-4]\d(?!\d)/u;

/** Whether a text names a card beside a number. */
export const namesCard = (before: string, after: string): boolean =>
  cardWords.test(before) || cardWords.test(after) || expiry.test(after);

/** Names of things that have numbers, of which no person speaks as of a card. */
const things = [
  'order|purchase|ticket|case|incident|invoice|bill|shipment|shipping|parcel|consignment|booking',
  'reservation|customer|client|contract|policy|serial|device|article|product|item|tracking|transaction',
  'session|message|conversation|request|delivery|return|claim|member',
  'bestell(?:ungs)?|auftrags?|sendungs?|paket|liefer(?:schein)?|rechnungs?|vorgangs?|fall|kunden|vertrags?',
  'serien|ger[äa]te|artikel|buchungs?|beleg|transaktions?|sendungsverfolgungs',
  'commande|facture|dossier|suivi|colis|client|contrat|s[ée]rie|r[ée]servation',
  'pedido|factura|caso|env[íi]o|seguimiento|cliente|contrato|serie|reserva',
  'ordine|fattura|pratica|spedizione|tracciamento|contratto|prenotazione',
  'bestel|order|factuur|zaak|zendings?|pakket|klant|contract|serie|boekings?',
].join('|');
/** Numbers that are never called by a longer name. */
const namedNumbers = 'imei(?:sv)?|meid|iccid|imsi|gtin|ean|upc|isbn|track(?:ing)?(?: ?& ?trace)?';
/** How a number is called in these languages. */
const number =
  'numbers?|numero|num[ée]ro|n[úu]mero|nummer|nbr|num|code|codice|c[óo]digo|id|reference|ref|no|nr|n[°ºo]|#';
/** Between the name of a thing and "number" in Romance languages: "numéro de commande". */
const of = "(?: ?(?:of|de|du|la|le|del|di|dell|d|van)[ '’]| ?)(?:(?:la|le|l|el)[ '’])?";

const label = new RegExp(
  `(?:(?<!\\p{L})(?:${things})s?[ \\-_.]?(?:${number})|(?<!\\p{L})(?:${number})\\.?${of}(?:${things})|(?<!\\p{L})(?:${namedNumbers})(?:[ \\-_.]?(?:${number}))?)` +
    // What stands between a name and a number: "is", a colon, a mark.
    `\\.?[ \\t\\u00a0]*(?:is|ist|lautet|est|es|[èe])?[ \\t\\u00a0]*[:=#"'“„(\\[>]{0,3}[ \\t\\u00a0"'“]*$`,
  'iu',
);

/** Whether a text, as its last words, calls the number behind it by the name of something else. */
export const namesOther = (before: string): boolean => label.test(before);

/** The name of a field as words: `cardId` is "card Id". */
export const wordsOf = (field: string): string =>
  field.replaceAll(/(?<=[\p{Ll}\d])(?=\p{Lu})/gu, ' ').replaceAll(/[_\-.]+/g, ' ');
