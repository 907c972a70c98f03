import type { ItemKind } from '../../core/package/items';
import type { IconName } from '../shared/icons';
import type { Words } from '../shared/words';

/** Kinds of what is collected, as the console names and draws them. */

export const kindIcons: Record<ItemKind, IconName> = {
  conversation: 'chat',
  audio: 'call',
  screen: 'screen',
  transcript: 'list',
  email: 'email',
  message: 'message',
  attachment: 'attachment',
  chat: 'chat',
  emailRecording: 'email',
  messageRecording: 'message',
  otherRecording: 'play',
  survey: 'survey',
  summary: 'note',
  sentiment: 'note',
  secureAttributes: 'locked',
  evaluation: 'approved',
  voicemail: 'call',
  recordedAttachment: 'attachment',
  contact: 'person',
  note: 'note',
  journeySession: 'visit',
  campaignContact: 'list',
  auditQuery: 'history',
};

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

/** Why an item is not there; a reason that has no words is no reason to show a code. */
export function itemReasonText(reason: string | null, { t, has }: Words): string {
  const key = `report.reasons.${reason ?? ''}`;
  return has(key) ? t(key) : t('officer.gaps.unknown');
}
