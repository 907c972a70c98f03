import { kindLabel } from '../../core/package/availability-sentences';
import { itemKinds } from '../../core/package/items';
import { make } from '../shared/dom';
import { paragraph } from '../shared/page';
import type { View } from './portal-api';
import { currentTranslator, page, show, t } from './state';

function estimate({ minutesLeft = null, state }: View): string {
  if (state !== 'exporting') return '';
  if (minutesLeft === null) return t('estimateUnknown');
  return minutesLeft < 90
    ? t('estimate', { count: minutesLeft })
    : t('estimateHours', { count: Math.round(minutesLeft / 60) });
}

/** The progress of the export: the counts of each kind, and an estimate of the time left. */
export function renderProgress(view: View): void {
  const rows = itemKinds.flatMap((kind) => {
    const { expected = 0, exported = 0 } = view.progress?.[kind] ?? {};
    if (expected === 0) return [];
    return [
      make('dt', {}, kindLabel(kind, currentTranslator())),
      make('dd', {}, t('progressCount', { done: exported, all: expected })),
    ];
  });
  show(
    'progress',
    t('progressTitle'),
    paragraph(t(view.state === 'failed' ? 'progressFailed' : 'progressText')),
    paragraph(estimate(view)),
    make('dl', {}, ...rows),
    ...history(view),
  );
}

/** The history of the request, for the person. */
export const history = ({ history: lines = [] }: View): Node[] =>
  lines.length === 0
    ? []
    : [
        make(
          'details',
          {},
          make('summary', {}, t('historyTitle')),
          make(
            'ul',
            {},
            ...lines.map(({ at, event }) =>
              make(
                'li',
                {},
                `${new Date(at).toLocaleString(page.locale)}: ${t(`history.${event}`)}`,
              ),
            ),
          ),
        ),
      ];
