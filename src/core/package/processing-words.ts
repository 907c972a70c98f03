import type { Translator, Values } from '../i18n/translator';
import type { ProcessingView } from './processing';

/** A heading, and what stands below it: terms with their texts, or texts alone. */
export interface ProcessingSection {
  heading: string;
  terms: { term: string; texts: string[] }[];
  /** Language of the texts (BCP 47), which may differ from that of the terms. */
  language: string;
}

/** Rights of which Art. 15(1)(e) and (f) GDPR wants a person to be told, and that to portability. */
export const toldRights = [
  'rectification',
  'erasure',
  'restriction',
  'objection',
  'portability',
  'complaint',
] as const;

/**
 * The information on the processing in words, for report, portal and viewer alike: a section for each part,
 * and one on the rights.
 */
export function processingSections(
  { language, controller, parts }: ProcessingView,
  translator: Translator,
): ProcessingSection[] {
  const t = (key: string, values: Values = {}): string => translator.t(`processing.${key}`, values);
  const sections = parts.map((part): ProcessingSection => {
    const recipients = part.recipients.map(({ name, role }) => `${name}: ${role}`);
    const transfers = part.transfers.map(({ country, safeguards }) => `${country}: ${safeguards}`);
    return {
      heading: part.kinds.map((kind) => t(`kinds.${kind}`)).join(', '),
      language,
      terms: [
        { term: t('purposes'), texts: [part.purposes] },
        { term: t('categories'), texts: [part.categories] },
        { term: t('recipients'), texts: orNone(recipients, t('noRecipients')) },
        { term: t('retention'), texts: [part.retention] },
        { term: t('source'), texts: [part.source] },
        { term: t('automatedDecisions'), texts: [part.automatedDecisions ?? t('noDecisions')] },
        { term: t('transfers'), texts: orNone(transfers, t('noTransfers')) },
      ],
    };
  });
  const { name, contact, supervisoryAuthority } = controller;
  const authority =
    supervisoryAuthority === null ? [] : [t('authority', { authority: supervisoryAuthority })];
  const rights = toldRights.map((right) => t(`rights.${right}`));
  const texts = [...rights, ...authority, t('contact', { controller: name, contact })];
  const about = { term: t('rightsTerm'), texts };
  return [...sections, { heading: t('rightsTitle'), language: translator.tag, terms: [about] }];
}

const orNone = (texts: string[], none: string): string[] => (texts.length === 0 ? [none] : texts);
