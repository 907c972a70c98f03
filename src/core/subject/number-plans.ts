import { parsePhoneNumberFromString } from 'libphonenumber-js';

/** Where a rule is documented. */
export interface RuleSource {
  title: string;
  url: string;
}

/**
 * A numbering plan in which one line is written in more than one way: with and without a digit, or as
 * it was before a renumbering. Only what is published; a line that is merely likely to be the same is
 * a near match, which an officer decides on.
 */
export interface NumberPlan {
  country: string;
  /** What the rule says. */
  rule: string;
  sources: RuleSource[];
  /** The spelling of today of a number (E.164) in an earlier one; null when it is none. */
  current: (number: string) => string | null;
  /** Earlier spellings of a number in that of today; none when it has none. */
  earlier: (number: string) => string[];
}

/** Replaces an earlier spelling, and finds it again, by one pair of patterns. */
const rewriting = (
  earlier: RegExp,
  current: string,
  today: RegExp,
  former: string,
): Pick<NumberPlan, 'current' | 'earlier'> => ({
  current: (number) => (earlier.test(number) ? number.replace(earlier, current) : null),
  earlier: (number) => (today.test(number) ? [number.replace(today, former)] : []),
});

/**
 * The prefix that Ivory Coast put before a number of 8 digits, which depends on the operator that had
 * it: in mobile numbers the second digit says which, in fixed ones (2 and 3) the third.
 */
function ivorianPrefix(former: string): string {
  const [first = '', second = '', third = ''] = former;
  if (first === '2' || first === '3')
    return third === '0' ? '25' : first === '2' && third === '8' ? '21' : '27';
  return second <= '3' ? '01' : second <= '6' ? '05' : '07';
}

const ivorianFormer = /^\+225([02-9]\d{7})$/;
const ivorianCurrent = /^\+225(0[157]|2[157])([02-9]\d{7})$/;

/** The digit that Gabon put in place of the 0, by the first digit that followed it. */
const gaboneseDigit: Readonly<Record<string, string>> = {
  1: '1',
  2: '6',
  4: '7',
  5: '6',
  6: '6',
  7: '7',
};

const argentineMobile = /^\+549([123]\d{9})$/;

/**
 * An Argentine number as it is dialled in the country, where 15 follows the area code. Areas have two
 * to four digits: the library knows which.
 */
function argentineWith15(number: string): string[] {
  const national = parsePhoneNumberFromString(number)?.formatNational() ?? '';
  const digits = /^0\d{2,4} 15-/.test(national) ? national.replaceAll(/\D/g, '').slice(1) : '';
  const form = `+54${digits}`;
  return argentineWithout15(form) === number ? [form] : [];
}

/** The international form of an Argentine number with 15; null for one without. */
function argentineWithout15(number: string): string | null {
  if (!/^\+54[123]\d{1,3}15\d{6,8}$/.test(number)) return null;
  const parsed = parsePhoneNumberFromString(number)?.number ?? '';
  return argentineMobile.test(parsed) ? parsed : null;
}

/** All plans that are known. A plan that changes needs a row here, with its source. */
export const numberPlans: readonly NumberPlan[] = [
  {
    country: 'Mexico',
    rule: 'The 1 after the country code of mobile numbers ended on 3 August 2019; WhatsApp still writes it.',
    sources: [
      {
        title:
          'ITU Operational Bulletin 1151, Mexico (country code +52), communication of 12.VI.2018',
        url: 'https://ituob.org/issues/1151-en',
      },
      {
        title: 'chatwoot/chatwoot pull request 14174: incoming WhatsApp numbers with +521',
        url: 'https://github.com/chatwoot/chatwoot/pull/14174',
      },
    ],
    ...rewriting(/^\+521([2-9]\d{9})$/, '+52$1', /^\+52([2-9]\d{9})$/, '+521$1'),
  },
  {
    country: 'Brazil',
    rule: 'A 9 was put before mobile numbers of 8 digits from 2012 to 2016; WhatsApp keeps the earlier number. Numbers that begin with 7 stay apart: those of trunked radio kept 8 digits.',
    sources: [
      {
        title:
          'Anatel by ITU, Brazil (country code +55), communication of 6.II.2013 (Resolution 553 of 14 December 2010)',
        url: 'http://ininet.org/place-des-nations-ch-1211-genve-20-switzerland-tel-41-22-730-5-v4.html?page=4',
      },
      {
        title: '360dialog, number formats of WhatsApp (551187654321 and 5511987654321)',
        url: 'https://docs.360dialog.com/docs/useful/number-registration-issues/number-formats',
      },
    ],
    ...rewriting(
      /^\+55([1-9]{2})([689]\d{7})$/,
      '+55$19$2',
      /^\+55([1-9]{2})9([689]\d{7})$/,
      '+55$1$2',
    ),
  },
  {
    country: 'Argentina',
    rule: 'A mobile number has a 9 after the country code when it is written internationally, and 15 after the area code when it is dialled in the country. Fixed and mobile lines share one plan of ten digits, so no line differs from another by the 9 alone.',
    sources: [
      {
        title: 'Toku, Identifying an Argentina Mobile number',
        url: 'https://support.toku.co/hc/en-us/articles/28286847786649-Identifying-an-Argentina-Mobile-number',
      },
      {
        title: 'Green API, numbers of different countries in WhatsApp',
        url: 'https://green-api.com/en/blog/how-to-correctly-enter-international-numbers-for-whatsapp/',
      },
    ],
    current: (number) => {
      const [, line] = /^\+54([123]\d{9})$/.exec(number) ?? [];
      return line === undefined ? argentineWithout15(number) : `+549${line}`;
    },
    earlier: (number) => {
      const [, line] = argentineMobile.exec(number) ?? [];
      return line === undefined ? [] : [`+54${line}`, ...argentineWith15(number)];
    },
  },
  {
    country: 'Ivory Coast',
    rule: 'On 31 January 2021 numbers of 8 digits became numbers of 10: a prefix of the operator was put before them (01, 05, 07 mobile; 21, 25, 27 fixed).',
    sources: [
      { title: 'ARTCI, questions on the plan of ten digits', url: 'https://artci.ci/en/faq/' },
      {
        title: 'newsgeek.ci, press conference of ARTCI on 28 July 2020',
        url: 'https://newsgeek.ci/2020/07/28/telephonie-la-cote-divoire-bascule-a-10-chiffres-a-partir-du-31-janvier-2021',
      },
      {
        title: 'dykoffi/ccu, fonctions.js: which digit tells the operator',
        url: 'https://github.com/dykoffi/ccu',
      },
    ],
    current: (number) => {
      const [, former] = ivorianFormer.exec(number) ?? [];
      return former === undefined ? null : `+225${ivorianPrefix(former)}${former}`;
    },
    earlier: (number) => {
      const [, prefix, former] = ivorianCurrent.exec(number) ?? [];
      return former !== undefined && ivorianPrefix(former) === prefix ? [`+225${former}`] : [];
    },
  },
  {
    country: 'Benin',
    rule: 'On 30 November 2024 numbers of 8 digits became numbers of 10: 01 was put before all of them.',
    sources: [
      {
        title: 'ARCEP Benin by ITU, T0202000017, as quoted in floere/phony pull request 535',
        url: 'https://github.com/floere/phony/pull/535',
      },
      {
        title: 'allAfrica, 30 November 2024',
        url: 'https://fr.allafrica.com/stories/202411300249.html',
      },
    ],
    ...rewriting(/^\+229([2-9]\d{7})$/, '+22901$1', /^\+22901([2-9]\d{7})$/, '+229$1'),
  },
  {
    country: 'Gabon',
    rule: 'On 15 November 2019 numbers of 8 digits became numbers of 9: a digit was put behind the first 0, which is left out after the country code. Both were valid until 6 April 2024.',
    sources: [
      {
        title: 'ARCEP Gabon, press conference of 3 June 2019, by alibreville.com',
        url: 'http://news.alibreville.com/h/89332.html',
      },
      {
        title: 'ANINF, communiqué of 29 February 2024, by alibreville.com',
        url: 'http://news.alibreville.com/h/114469.html',
      },
    ],
    current: (number) => {
      const [, digit = '', rest = ''] = /^\+2410([124567])(\d{6})$/.exec(number) ?? [];
      return digit === '' ? null : `+241${gaboneseDigit[digit] ?? ''}${digit}${rest}`;
    },
    earlier: (number) => {
      const [, put, digit = '', rest = ''] = /^\+241(\d)(\d)(\d{6})$/.exec(number) ?? [];
      return put !== undefined && gaboneseDigit[digit] === put ? [`+2410${digit}${rest}`] : [];
    },
  },
  {
    country: 'Colombia',
    rule: 'On 1 September 2021 fixed numbers of 8 digits became numbers of 10: 60 was put before the area code.',
    sources: [
      {
        title: 'CRC Resolution 5826 of 2019, by the municipality of Fredonia',
        url: 'https://www.fredonia-antioquia.gov.co/NuestraAlcaldia/SaladePrensa/Paginas/NUEVA-MARCACI%C3%93N-TELEF%C3%93NICA-NACIONAL.aspx',
      },
      {
        title: 'Setar, change of the format of calls to Colombia',
        url: 'https://masnoticia.com/setar-cambio-di-formato-pa-yamadanan-riba-red-fiho-di-colombia/',
      },
    ],
    ...rewriting(/^\+57([124-8]\d{7})$/, '+5760$1', /^\+5760([124-8]\d{7})$/, '+57$1'),
  },
];

/** The number of a line in the spelling of today (E.164). */
export function currentNumber(number: string): string {
  for (const plan of numberPlans) {
    const current = plan.current(number);
    if (current !== null) return current;
  }
  return number;
}

/** Every spelling of a line's number, that of today first (E.164). */
export function numberForms(number: string): string[] {
  const current = currentNumber(number);
  return [...new Set([current, ...numberPlans.flatMap((plan) => plan.earlier(current))])];
}
