import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useWords } from '../shared/words';
import { AskDialog } from './ask-dialog';
import { itemReasonText, kindName } from './kinds';
import { Loaded, useResource } from './resource';
import type { RequestView } from './request-view';

/** Releases the package without what failed, which the dialog lists by kind and reason. */
export function GapsDialog({ view, close }: { view: RequestView; close: () => void }): JSX.Element {
  const words = useWords();
  const { t, number } = words;
  const reason = useSignal('');
  const report = useResource('gaps', () => view.calls.report());
  return (
    <AskDialog
      {...{ action: 'acceptGaps' as const, view, close, reason }}
      blockedBy={report.data === null ? t('officer.actions.acceptGaps.listFirst') : undefined}
      run={(text) => view.calls.acceptGaps(text)}
    >
      <Loaded of={report} rows={2}>
        {({ failures }) => (
          <table class="table gaps">
            <caption class="visually-hidden">{t('officer.actions.acceptGaps.caption')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('officer.gaps.kind')}</th>
                <th scope="col">{t('officer.gaps.why')}</th>
                <th scope="col" class="number">
                  {t('officer.gaps.count')}
                </th>
              </tr>
            </thead>
            <tbody>
              {failures.map(({ kind, reason: code, count }) => (
                <tr key={`${kind} ${code ?? ''}`}>
                  <th scope="row">{kindName(kind, words)}</th>
                  <td>{itemReasonText(code, words)}</td>
                  <td class="number">{number(count)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
    </AskDialog>
  );
}
