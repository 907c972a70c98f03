import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { partKinds, type PartKind } from '../../core/subject/withheld-parts';
import { Dialog } from '../shared/dialog';
import { Field } from '../shared/field';
import { useWords } from '../shared/words';
import { AskDialog } from './ask-dialog';
import type { Evidence } from './officer-api';
import { idsIn, mergedParts, partsOf } from './parts-draft';
import type { RequestView } from './request-view';
import { Loaded, useResource } from './resource';
import { isOvertaken } from './save-decision';

interface Props {
  view: RequestView;
  close: () => void;
}

/**
 * Withholds parts of the data for the rights of others: kinds of it, and single conversations. What is saved
 * takes the place of what was withheld before, so that the form begins once that is read.
 */
export function PartsDialog({ view, close }: Props): JSX.Element {
  const { t } = useWords();
  const evidence = useResource('parts', view.calls.evidence);
  if (evidence.data !== null)
    return <PartsForm {...{ view, close }} evidence={evidence.data} readAgain={evidence.reload} />;
  return (
    <Dialog
      title={t('officer.actions.withhold.title')}
      cancel={t('officer.actions.withhold.keep')}
      close={close}
    >
      <Loaded of={evidence} rows={3}>
        {() => null}
      </Loaded>
    </Dialog>
  );
}

interface FormProps extends Props {
  evidence: Evidence;
  readAgain: () => Promise<void>;
}

function PartsForm({ view, close, evidence, readAgain }: FormProps): JSX.Element {
  const { t } = useWords();
  const reason = useSignal('');
  const parts = useSignal(partsOf(evidence));
  const before = useRef(evidence);
  useEffect(() => {
    // Of another officer nothing is taken back that this one has not seen.
    parts.value = mergedParts(parts.peek(), partsOf(before.current), partsOf(evidence));
    before.current = evidence;
  }, [evidence]);
  const { kinds, conversations } = parts.value;
  const toggle = (kind: PartKind): void => {
    parts.value = {
      ...parts.value,
      kinds: kinds.includes(kind) ? kinds.filter((one) => one !== kind) : [...kinds, kind],
    };
  };
  return (
    <AskDialog
      {...{ action: 'withhold' as const, view, close, reason }}
      run={async (text) => {
        const rightsOfOthers = { kinds: [...kinds], conversations: idsIn(conversations) };
        try {
          await view.calls.decide({ rightsOfOthers }, text, evidence.decisionVersion);
        } catch (problem) {
          if (isOvertaken(problem)) await readAgain();
          throw problem;
        }
      }}
    >
      <fieldset class="checks">
        <legend>{t('officer.withhold.kindsTitle')}</legend>
        {partKinds.map((kind) => (
          <label key={kind} class="check">
            <input type="checkbox" checked={kinds.includes(kind)} onChange={() => toggle(kind)} />
            {t(`officer.withhold.kinds.${kind}`)}
          </label>
        ))}
      </fieldset>
      <Field
        label={t('officer.withhold.conversations')}
        hint={t('officer.withhold.conversationsHint')}
        control={(attributes) => (
          <textarea
            {...attributes}
            rows={2}
            spellcheck={false}
            value={conversations}
            onInput={({ currentTarget: { value } }) =>
              (parts.value = { ...parts.value, conversations: value })
            }
          />
        )}
      />
    </AskDialog>
  );
}
