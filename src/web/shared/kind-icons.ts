import type { ItemKind } from '../../core/package/items';
import type { IconName } from './icons';

/** What is drawn beside a kind of data. */
export const kindIcons: Record<ItemKind, IconName> = {
  conversation: 'people',
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
  summary: 'list',
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
