import { mailMasking, maskedBy } from './mail-masking';

export const card = '4111 1111 1111 1111';
export const mark = '[card number removed]';
/** Mails of these tests are about cards: people stay. */
export const cardsOnly = mailMasking({ otherPeople: 'keep' });
/** The mail after its cards were masked, a letter for each byte. */
export const after = (raw: Buffer | string): string =>
  maskedBy(raw, cardsOnly).content.toString('latin1');
export const withCardMasked = (raw: string): string => raw.replaceAll(card, mark);
export const base64 = (content: Buffer | string): string => Buffer.from(content).toString('base64');
