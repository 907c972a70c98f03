import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { noParts, partKinds, type PartKind } from '../../core/subject/withheld-parts';
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
function partsOf(evidence: Evidence | null): Parts {
  const { kinds, conversations } = evidence?.decision?.rightsOfOthers ?? noParts;
  return { kinds, conversations: conversations.join('\n') };
}

/** Withholds parts of the data for the rights of others: kinds of it, and single conversations. */
export function PartsDialog({
  view,
  close,
}: {
  view: RequestView;
  close: () => void;
}): JSX.Element {
  const { t } = useWords();
  const reason = useSignal('');
  const evidence = useResource('parts', view.calls.evidence);
  const changed = useSignal<Partial<Parts>>({});
  const parts: Parts = { ...partsOf(evidence.data), ...changed.value };
  const toggle = (kind: PartKind): void => {
    const { kinds } = parts;
    changed.value = {
      ...changed.value,
      kinds: kinds.includes(kind) ? kinds.filter((one) => one !== kind) : [...kinds, kind],
    };
  };
  return (
    <AskDialog
      {...{ action: 'withhold' as const, view, close, reason }}
      // What is saved takes the place of what was withheld before.
      blockedBy={evidence.data === null ? t('officer.withhold.readFirst') : undefined}
      run={(text) =>
        view.calls.decide(
          {
            rightsOfOthers: {
              kinds: [...parts.kinds],
              conversations: parts.conversations.split(/\s+/).filter(Boolean),
            },
          },
          text,
        )
      }
    >
      <Loaded of={evidence} rows={3}>
        {() => (
          <>
            <fieldset class="checks">
              <legend>{t('officer.withhold.kindsTitle')}</legend>
              {partKinds.map((kind) => (
                <label key={kind} class="check">
                  <input
                    type="checkbox"
                    checked={parts.kinds.includes(kind)}
                    onChange={() => toggle(kind)}
                  />
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
                  value={parts.conversations}
                  onInput={({ currentTarget: { value } }) =>
                    (changed.value = { ...changed.value, conversations: value })
                  }
                />
              )}
            />
          </>
        )}
      </Loaded>
    </AskDialog>
  );
}
