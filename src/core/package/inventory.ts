import type { ConversationRow } from './conversation-row';
import { localDay, viewerChannel, type ViewerChannel } from './viewer-rows';

/** What a package contains, in one sentence: how many conversations of each channel, and from when to when. */
export interface Inventory {
  /** First and last month, such as `2022-03`; null without a conversation. */
  from: string | null;
  to: string | null;
  channels: Record<ViewerChannel, number>;
}

/** Counts the conversations of a package by channel and local month, as the viewer does. */
export function inventoryOf(
  rows: readonly Pick<ConversationRow, 'channel' | 'start' | 'timeZone'>[],
): Inventory {
  const channels = { call: 0, email: 0, message: 0, chat: 0, other: 0 };
  for (const { channel } of rows) channels[viewerChannel(channel)] += 1;
  const months = rows
    .map(({ start, timeZone }) => localDay(start, timeZone).slice(0, 7))
    .filter((month) => month !== '')
    .sort();
  return { from: months[0] ?? null, to: months.at(-1) ?? null, channels };
}
