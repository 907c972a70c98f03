import { kindLabel } from '../../core/package/availability-report';
import { itemKinds } from '../../core/package/items';
import { make } from '../viewer/dom';
import type { View } from '../shared/api';
import { page, paragraph, say, show, speaking } from '../shared/page';

function estimate({ minutesLeft = null, state }: View): string {
  if (state !== 'exporting') return '';
  if (minutesLeft === null) return say('estimateUnknown');
  return minutesLeft < 90
    ? say('estimate', { count: minutesLeft })
    : say('estimateHours', { count: Math.round(minutesLeft / 60) });
}

/** While it is collected: how much of what, and how long it may take. */
export function renderProgress(view: View): void {
  const rows = itemKinds.flatMap((kind) => {
    const { expected = 0, exported = 0 } = view.progress?.[kind] ?? {};
    if (expected === 0) return [];
    return [
      make('dt', {}, kindLabel(kind, speaking())),
      make('dd', {}, say('progressCount', { done: exported, all: expected })),
    ];
  });
  show(
    'progress',
    say('progressTitle'),
    paragraph(say(view.state === 'failed' ? 'progressFailed' : 'progressText')),
    paragraph(estimate(view)),
    make('dl', {}, ...rows),
    ...history(view),
  );
}

/** What has happened so far. */
export const history = ({ history: lines = [] }: View): Node[] =>
  lines.length === 0
    ? []
    : [
        make(
          'details',
          {},
          make('summary', {}, say('historyTitle')),
          make(
            'ul',
            {},
            ...lines.map(({ at, event }) =>
              make(
                'li',
                {},
                `${new Date(at).toLocaleString(page.language)}: ${say(`history.${event}`)}`,
              ),
            ),
          ),
        ),
      ];
