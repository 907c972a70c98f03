import type { Words } from '../../core/i18n/words';
import type { RequestClock } from './officer-api';

/** A legal period in words. */

/** Days left from which a deadline is shown as near, and as urgent. */
const nearDays = 7;
const urgentDays = 2;

/** A legal period as it is shown. */
export interface DeadlineView {
  /** What stands first, such as "12 days left". */
  words: string;
  tone: 'accent' | 'ok' | 'warn' | 'bad';
  /** The last day on which an answer is in time (ISO 8601). */
  lastDay: string;
  /** How much of the period is gone, 0 to 1. */
  share: number;
  isPaused: boolean;
  isAnswered: boolean;
}

/** A period ends at the moment after its last day. */
export const lastDayOf = (end: string): string => new Date(Date.parse(end) - 1).toISOString();

/** The days until a period ends: 0 on its last day, negative after it. */
export const daysLeft = ({ daysBetween }: Words, dueAt: string, now: Date): number =>
  daysBetween(now.toISOString(), lastDayOf(dueAt));

export function deadlineView(clock: RequestClock, words: Words, now = new Date()): DeadlineView {
  const { t, daysBetween } = words;
  const { receivedAt, dueAt, answeredAt, pausedSince } = clock;
  const lastDay = lastDayOf(dueAt);
  const reached = answeredAt === null ? now.getTime() : Date.parse(answeredAt);
  const [from, to] = [Date.parse(receivedAt), Date.parse(dueAt)];
  const common = { lastDay, share: to > from ? (reached - from) / (to - from) : 1 };
  if (answeredAt !== null) {
    const count = daysBetween(receivedAt, answeredAt);
    const tone = reached < to ? 'ok' : 'bad';
    const text =
      count === 0 ? t('officer.deadline.sameDay') : t('officer.deadline.answered', { count });
    return { ...common, words: text, tone, isPaused: false, isAnswered: true };
  }
  const left = daysLeft(words, dueAt, now);
  const isPaused = pausedSince !== null;
  const tone = left <= urgentDays ? 'bad' : left <= nearDays ? 'warn' : 'accent';
  const text =
    left < 0
      ? t('officer.deadline.late', { count: -left })
      : left === 0
        ? t('officer.deadline.today')
        : t(isPaused ? 'officer.deadline.paused' : 'officer.deadline.left', { count: left });
  return { ...common, words: text, tone, isPaused, isAnswered: false };
}
