import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { noParts, partKinds, type PartKind } from '../../core/subject/withheld-parts';
import { Dialog } from '../shared/dialog';
import { Field } from '../shared/field';
import { useWords } from '../shared/words';
import { AskDialog } from './ask-dialog';
import type { Evidence } from './officer-api';
import type { RequestView } from './request-view';
import { Loaded, useResource } from './resource';

/** The parts as the form holds them. */
interface Parts {
  kinds: readonly PartKind[];
  /** Ids of conversations, one a line. */
  conversations: string;
}

/** What is withheld so far. */
function partsOf({ decision }: Evidence): Parts {
  const { kinds, conversations } = decision?.rightsOfOthers ?? noParts;
  return { kinds, conversations: conversations.join('\n') };
}

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
  if (evidence.data !== null) return <PartsForm {...{ view, close }} evidence={evidence.data} />;
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

function PartsForm({ view, close, evidence }: Props & { evidence: Evidence }): JSX.Element {
  const { t } = useWords();
  const reason = useSignal('');
  const parts = useSignal(partsOf(evidence));
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
      run={(text) =>
        view.calls.decide(
          {
            rightsOfOthers: {
              kinds: [...kinds],
              conversations: conversations.split(/\s+/).filter(Boolean),
            },
          },
          text,
          evidence.decisionVersion,
        )
      }
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
