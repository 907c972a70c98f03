import { formatTag } from '../i18n/formats';
import type { Translator, Values } from '../i18n/translator';
import type { Statement, UnsearchedCount } from './availability-statements';
import { leftOutData, type Grounded } from './grounds';
import { patternName } from '../redaction/redactions';
import { socialNetworks, type SocialNetwork } from '../subject/identifiers';
import type { ItemKind } from './items';

/** Name of a kind in the report. */
export const kindLabel = (kind: ItemKind, translator: Translator): string =>
  translator.t(`report.kinds.${kind}.label`);

/** Text of a reason code. An unknown code is shown as it is, never hidden. */
export const reasonText = (code: string, translator: Translator): string => {
  const path = `report.reasons.${code}`;
  return translator.has(path) ? translator.t(path) : translator.t('report.unknownReason', { code });
};

/** A time in UTC as the language writes it; one that is none stays as it is. */
function written(iso: string, tag: string, options: Intl.DateTimeFormatOptions): string {
  const time = Date.parse(iso);
  const format = new Intl.DateTimeFormat(formatTag(tag), { timeZone: 'UTC', ...options });
  return Number.isNaN(time) ? iso : format.format(time);
}

/** A statement as a sentence in the translator's language. */
export function sentenceOf(statement: Statement, translator: Translator): string {
  const t = (key: string, values: Values = {}): string => translator.t(`report.${key}`, values);
  const dateOf = (iso: string): string => written(iso, translator.tag, { dateStyle: 'long' });
  const minuteOf = (iso: string): string =>
    written(iso, translator.tag, { dateStyle: 'long', timeStyle: 'short' });
  switch (statement.about) {
    case 'kind':
      return kindSentence(statement, translator);
    case 'noContactRecord':
    case 'onlyNumberProven':
    case 'onlyLoginProven':
      return t(statement.about);
    case 'otherOrganisations': {
      const { organisation, others } = statement;
      const values = { organisation, others: others.join(', '), count: others.length };
      return t('otherOrganisations', values);
    }
    case 'identifiersNotSearched': {
      const { identifiers, searched } = statement;
      const count = identifiers.reduce((total, one) => total + one.count, searched);
      const what = identifiers.map((one) => unsearchedText(one, translator)).join('; ');
      return t('identifiersNotSearched', { count, searched, what });
    }
    case 'leftOut':
      return t('leftOut', {
        what: statement.what.map((one) => t(`leftOutNames.${one}`)).join(', '),
      });
    case 'ground': {
      const what = statement.what.map((one) => groundedText(one, translator));
      return t('ground', { what: what.join(', '), why: t(`grounds.${statement.ground}`) });
    }
    case 'complaint': {
      const { contact, authority } = statement;
      const whom = authority === null ? [] : [t('complaintAuthority', { authority })];
      return [t('complaint', { contact }), ...whom].join(' ');
    }
    case 'withheldByOfficer':
    case 'withheldByPolicy':
    case 'unprotectedConversations':
    case 'attributesWithheld':
    case 'recordingsMuted':
      return t(statement.about, { count: statement.count });
    case 'redacted': {
      const what = statement.reasons.map((one) => redactionText(one, translator));
      return t('redacted', { what: what.join('; ') });
    }
    case 'notExamined':
      return t(`notExamined.${statement.what}`, { count: statement.count });
    case 'refusedHosts':
      return t('refusedHosts', { hosts: statement.hosts.join(', ') });
    case 'searchableFrom':
      return t('searchableFrom', {
        searchableFrom: dateOf(statement.searchableFrom),
        from: dateOf(statement.from),
        to: dateOf(statement.to),
      });
    case 'indexedUntil':
      return t('indexedUntil', { indexedUntil: minuteOf(statement.indexedUntil) });
    case 'auditRetainedFrom':
      return t('auditRetainedFrom', { auditRetainedFrom: dateOf(statement.auditRetainedFrom) });
    case 'declaredPermissions':
    case 'unprovenPermissions':
      return t(statement.about, { permissions: statement.permissions.join(', ') });
    case 'divisions': {
      const { visible } = statement;
      return visible.length === 0
        ? t('divisionsUnproven')
        : t('divisionsVisible', { names: visible.join(', '), count: visible.length });
    }
  }
}

/** Name of what is withheld or masked. */
function groundedText(one: Grounded, translator: Translator): string {
  if (one === 'texts' || one === 'attributes') return translator.t(`report.groundedNames.${one}`);
  const leftOut = leftOutData.find((name) => name === one);
  return leftOut === undefined
    ? translator.t(`report.kinds.${one}.label`)
    : translator.t(`report.leftOutNames.${leftOut}`);
}

/** What was masked for one reason, and how often. A reason without words is shown by its code. */
function redactionText(
  { reason, count }: { reason: string; count: number },
  translator: Translator,
): string {
  const pattern = patternName(reason);
  const path = `report.redactionReasons.${pattern === null ? reason : 'pattern'}`;
  return translator.t(translator.has(path) ? path : 'report.redactionReasons.other', {
    count,
    name: pattern ?? reason,
  });
}

/** Names of the networks, which no language translates. */
const networkNames: Readonly<Record<SocialNetwork, string>> = {
  whatsapp: 'WhatsApp',
  facebook: 'Facebook',
  instagram: 'Instagram',
  twitter: 'X (Twitter)',
  line: 'LINE',
  apple: 'Apple Messages',
};

/** Identifiers of a type, with the reason for which nothing was searched by them. */
function unsearchedText({ type, reason, count }: UnsearchedCount, translator: Translator): string {
  const t = (key: string, values: Values = {}): string => translator.t(`report.${key}`, values);
  const isOwnText = type === 'phone' || type === 'email';
  const name = socialNetworks.find((network) => network === type);
  const what = t(`identifierTypes.${isOwnText ? type : 'ofType'}`, {
    count,
    name: name === undefined ? type : networkNames[name],
  });
  return `${what} (${t(`notSearchedReasons.${reason}`)})`;
}

function kindSentence(
  { kind, exported, of, missing }: Extract<Statement, { about: 'kind' }>,
  translator: Translator,
): string {
  const things = (count: number): string => translator.t(`report.kinds.${kind}`, { count });
  const reasons = missing.map(({ reason, count }) => {
    const values = { count, things: things(count), reason: reasonText(reason, translator) };
    return `; ${translator.t('report.kindMissing', values)}`;
  });
  const values = { exported, of, things: things(of), rest: reasons.join('') };
  return translator.t('report.kind', { label: kindLabel(kind, translator), ...values });
}
