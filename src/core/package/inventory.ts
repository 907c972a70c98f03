import type { ConversationRow } from './conversation-row';

/** Channels as the portal names them. */
export const inventoryChannels = ['call', 'email', 'message', 'chat', 'other'] as const;
export type InventoryChannel = (typeof inventoryChannels)[number];

/** What a package contains, in one sentence: how many conversations of each channel, and from when to when. */
export interface Inventory {
  /** First and last month, such as `2022-03`; null without a conversation. */
  from: string | null;
  to: string | null;
  channels: Record<InventoryChannel, number>;
}

/** Channels of the source by the name that people use; all others are `other`. */
const named: Partial<Record<string, InventoryChannel>> = {
  voice: 'call',
  callback: 'call',
  email: 'email',
  message: 'message',
  chat: 'chat',
};

/** Counts the conversations of a package. */
export function inventoryOf(
  rows: readonly Pick<ConversationRow, 'channel' | 'start'>[],
): Inventory {
  const channels = { call: 0, email: 0, message: 0, chat: 0, other: 0 };
  for (const { channel } of rows) channels[named[channel] ?? 'other'] += 1;
  const months = rows
    .map(({ start }) => start.slice(0, 7))
    .filter((month) => /^\d{4}-\d\d$/.test(month))
    .sort();
  return { from: months[0] ?? null, to: months.at(-1) ?? null, channels };
}
