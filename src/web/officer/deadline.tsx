import type { JSX } from 'preact';
import { Bar } from '../shared/bars';
import { Icon } from '../shared/icons';
import { useWords, type Words } from '../shared/words';
import { deadlineView, lastDayOf } from './deadline-view';
import type { RequestClock } from './officer-api';

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
