import type { ItemKind } from '../../core/package/items';
import type { KindProgress, ProgressView } from './portal-api';

/** Kinds of items as people know them. */
export const everydayKinds = ['calls', 'texts', 'emails', 'messages', 'person'] as const;
export type EverydayKind = (typeof everydayKinds)[number];

const everyday: Record<Exclude<ItemKind, 'conversation'>, EverydayKind> = {
  audio: 'calls',
  screen: 'calls',
  voicemail: 'calls',
  otherRecording: 'calls',
  transcript: 'texts',
  summary: 'texts',
  sentiment: 'texts',
  email: 'emails',
  emailRecording: 'emails',
  message: 'messages',
  attachment: 'messages',
  chat: 'messages',
  messageRecording: 'messages',
  recordedAttachment: 'messages',
  survey: 'person',
  secureAttributes: 'person',
  evaluation: 'person',
  contact: 'person',
  note: 'person',
  journeySession: 'person',
  campaignContact: 'person',
  auditQuery: 'person',
};

/** How far something has come: `done` of `all`, of which `found` are in the package. */
export interface Stand {
  done: number;
  all: number;
  found: number;
}

const nothing: Stand = { done: 0, all: 0, found: 0 };

const plus = (
  { done, all, found }: Stand,
  { expected, exported, pending }: KindProgress,
): Stand => ({
  done: done + expected - pending,
  all: all + expected,
  found: found + exported,
});

/** How far each kind that there is anything of has come. */
export function standsOf(
  progress: ProgressView['progress'],
): { kind: EverydayKind; stand: Stand }[] {
  const stands = new Map<EverydayKind, Stand>();
  for (const [kind, to] of Object.entries(everyday))
    stands.set(to, plus(stands.get(to) ?? nothing, progress[kind as ItemKind]));
  return everydayKinds.flatMap((kind) => {
    const stand = stands.get(kind) ?? nothing;
    return stand.all === 0 ? [] : [{ kind, stand }];
  });
}

/** How far the conversations have come. */
export const conversationsOf = (progress: ProgressView['progress']): Stand =>
  plus(nothing, progress.conversation);
