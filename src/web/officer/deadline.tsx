import type { JSX } from 'preact';
import { Bar } from '../shared/bars';
import { Icon } from '../shared/icons';
import { useWords, type Words } from '../shared/words';
import type { RequestClock } from './officer-api';

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
    const text = t('officer.deadline.answered', { count });
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

/** The legal period in a row: words, the last day, and how much of it is gone. */
export function Deadline({ clock }: { clock: RequestClock }): JSX.Element {
  const words = useWords();
  const view = deadlineView(clock, words);
  if (view.isAnswered)
    return (
      <p class={`deadline-done ${view.tone}`}>
        <Icon name="check" /> {view.words}
      </p>
    );
  return (
    <div class="deadline">
      <p>
        <strong class={view.tone}>{view.words}</strong>
        <span>{words.shortDay(view.lastDay)}</span>
      </p>
      <Bar share={view.share} tone={view.tone} isPaused={view.isPaused} />
    </div>
  );
}

/** The legal period on the page of a request, with why it moved and until when it can be extended. */
export function ClockCard({ clock, law }: { clock: RequestClock; law: string }): JSX.Element {
  const words = useWords();
  const { t, longDay } = words;
  const view = deadlineView(clock, words);
  return (
    <section class="card clock-card" aria-label={t('officer.deadline.title')}>
      <p class="clock-head">
        <strong class={view.tone}>
          <Icon name={view.isAnswered ? 'check' : 'clock'} /> {view.words}
        </strong>
        <span>{t('officer.deadline.due', { day: longDay(view.lastDay) })}</span>
      </p>
      <Bar share={view.share} tone={view.tone} isPaused={view.isPaused} />
      {clockNotes({ ...clock, law }, words).map((note) => (
        <p key={note} class="secondary">
          {note}
        </p>
      ))}
    </section>
  );
}

/** What is to say of a legal period, beside its end. */
function clockNotes(clock: RequestClock & { law: string }, words: Words): string[] {
  const { t, longDay, day, daysBetween } = words;
  const { pausedSince, movedFrom, extendableUntil, isExtended, answeredAt, dueAt, law } = clock;
  const before = answeredAt === null ? 0 : daysBetween(answeredAt, lastDayOf(dueAt));
  return [
    ...(pausedSince === null ? [] : [t('officer.deadline.pausedSince', { day: day(pausedSince) })]),
    ...(movedFrom === null
      ? []
      : [t('officer.deadline.movedFrom', { day: day(lastDayOf(movedFrom)) })]),
    ...(isExtended ? [t('officer.deadline.extended')] : []),
    ...(extendableUntil === null
      ? []
      : [
          t(`officer.deadline.extendable.${law === 'ccpa' ? 'days' : 'months'}`, {
            day: longDay(lastDayOf(extendableUntil)),
          }),
        ]),
    ...(answeredAt !== null && before > 0 ? [t('officer.deadline.before', { count: before })] : []),
  ];
}
