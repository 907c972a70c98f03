import type { JSX } from 'preact';
import type { HistoryLine } from '../../core/custody/record';
import { Disclosure } from '../shared/disclosure';
import { Timeline } from '../shared/lists';
import { useWords } from '../shared/words';

/** What has happened with the request, folded. */
export function History({
  lines,
  title,
}: {
  lines: readonly HistoryLine[];
  title: string;
}): JSX.Element | null {
  const { t, dateTime } = useWords();
  if (lines.length === 0) return null;
  const events = lines
    .map(({ at, event }, index) => ({
      key: `${index}`,
      text: t(`portal.history.${event}`),
      at: dateTime(at),
    }))
    .reverse();
  return (
    <Disclosure title={title}>
      <Timeline events={events} />
    </Disclosure>
  );
}
