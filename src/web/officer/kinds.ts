import type { Words } from '../../core/i18n/words';
import type { ItemKind, ItemStatus } from '../../core/package/items';

/** Kinds of what is collected, as the console names and draws them. */

/** Class of the colour of a kind. */
export const kindColours: Partial<Record<ItemKind, string>> = {
  audio: 'call',
  transcript: 'call',
  voicemail: 'call',
  email: 'email',
  emailRecording: 'email',
  message: 'message',
  messageRecording: 'message',
  chat: 'chat',
};

export const kindName = (kind: ItemKind, { t }: Words): string => t(`officer.kinds.${kind}`);

/** Why items are not in the package: they are still to be collected, or will not be there. */
export const missingText = (
  { status, reason }: { status: ItemStatus; reason: string | null },
  words: Words,
): string =>
  status === 'pending' ? words.t('officer.gaps.pending') : itemReasonText(reason, words);

/** Why an item is not there; a reason that has no words is no reason to show a code. */
export function itemReasonText(reason: string | null, { t, has }: Words): string {
  const key = `report.reasons.${reason ?? ''}`;
  return has(key) ? t(key) : t('officer.gaps.unknown');
}
