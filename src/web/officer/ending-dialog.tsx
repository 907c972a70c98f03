import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  extensionReasons,
  officerCancellationReasons,
  refusalReasons,
} from '../../core/messages/statutory-notices';
import { Field } from '../shared/field';
import { useWords } from '../shared/words';
import { AskDialog } from './ask-dialog';
import { LetterPreview } from './letter';
import { longestText, SelectField } from './reason';
import { languageName } from './request-words';
import type { RequestView } from './request-view';

type EndingAction = 'extend' | 'cancel' | 'refuse';

/** The reasons that the person is told. */
const reasonsOf: Record<EndingAction, readonly string[]> = {
  extend: extensionReasons,
  cancel: officerCancellationReasons,
  refuse: refusalReasons,
};

/** What the letter is called by the server. */
const letterOf = { extend: 'extended', cancel: 'cancelled', refuse: 'refused' } as const;

/** Extends the period or ends the request: with a reason that the person is told, in a letter. */
export function EndingDialog({
  action,
  view,
  close,
}: {
  action: EndingAction;
  view: RequestView;
  close: () => void;
}): JSX.Element {
  const words = useWords();
  const { t } = words;
  const { summary, calls } = view;
  const reason = useSignal('');
  const ground = useSignal<string>(reasonsOf[action][0] ?? '');
  const explanation = useSignal('');
  const explained = explanation.value.trim();
  const isMissing = ground.value === 'asExplained' && explained === '';
  const language = languageName(summary.locale ?? 'en', words);
  return (
    <AskDialog
      {...{ action, view, close, reason }}
      kind={action === 'extend' ? 'primary' : 'danger'}
      blockedBy={isMissing ? t('officer.explanation.missing') : undefined}
      run={(text) =>
        calls[action]({ reasonCode: ground.value, explanation: explained || null }, text)
      }
    >
      <SelectField
        label={t('officer.ground')}
        hint={t('officer.groundHint')}
        chosen={ground}
        choices={reasonsOf[action].map((value) => ({
          value,
          label: t(`officer.grounds.${value}`),
        }))}
      />
      <Field
        label={t('officer.explanation.label')}
        hint={t('officer.explanation.hint', { language })}
        control={(attributes) => (
          <textarea
            {...attributes}
            name="explanation"
            rows={3}
            maxLength={longestText}
            value={explanation.value}
            onInput={({ currentTarget }) => (explanation.value = currentTarget.value)}
          />
        )}
      />
      <LetterPreview
        letter={letterOf[action]}
        ground={ground.value}
        explanation={explained}
        calls={calls}
      />
    </AskDialog>
  );
}
