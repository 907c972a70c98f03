/** What stands in a mail for a part that was left out, by the code of why. */
export const withheldNotes = {
  unreadableMailPart:
    '[This part of the mail was left out: it cannot be read, and so not be masked.]',
  attachmentWithheld: '[This file was left out: it cannot be searched for data of others.]',
} as const;

export type WithheldPartReason = keyof typeof withheldNotes;
