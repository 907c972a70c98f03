import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Button } from './button';
import { Note } from './labels';

interface Props {
  /** The question. */
  title: string;
  /** What happens when it is done: at once, then, and what it cannot reach. */
  children: ComponentChildren;
  /** Name of the outcome that acts, such as "Recall the package"; without it the dialog only shows something. */
  confirm?: string;
  /** Name of the outcome that leaves all as it is, such as "Keep the package". */
  cancel: string;
  kind?: 'primary' | 'danger';
  /** Why it cannot be confirmed yet; the words stand beside the button. */
  blockedBy?: string | undefined;
  /** Acts; the dialog closes when it is done and stays open when it fails. */
  run?: () => Promise<unknown>;
  /** Says what went wrong when it fails; without it the error is thrown. */
  explain?: (error: unknown) => { title: string; text: string };
  close: () => void;
}

/** What the dialog asks about, done: what has become of it, and whether that is known. */
function useAct({ run, explain, close }: Pick<Props, 'run' | 'explain' | 'close'>) {
  const failure = useSignal<{ title: string; text: string } | null>(null);
  // Until it is known nothing closes the dialog: the answer may be shown once only.
  const isActing = useSignal(false);
  const act = async (): Promise<void> => {
    failure.value = null;
    isActing.value = true;
    try {
      await run?.();
    } catch (error) {
      if (explain === undefined) throw error;
      failure.value = explain(error);
      return;
    } finally {
      isActing.value = false;
    }
    close();
  };
  return { act, failure, isActing };
}

/**
 * Asks before something is done. The native dialog keeps the focus inside, Escape cancels, and the focus
 * returns to where it was.
 */
export function Dialog(props: Props): JSX.Element {
  const { title, children, confirm, cancel, kind = 'primary', blockedBy, close } = props;
  const titleId = useId();
  const element = useRef<HTMLDialogElement>(null);
  const { act, failure, isActing } = useAct(props);
  useEffect(() => {
    const opener = document.activeElement;
    const dialog = element.current;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>('input, select, textarea')?.focus();
    return () => {
      const { activeElement } = document;
      // Browsers tell of the end of a dialog later: by then somebody may have gone on by a key.
      const isElsewhere = activeElement !== document.body && !dialog?.contains(activeElement);
      if (opener instanceof HTMLElement && !isElsewhere) opener.focus();
    };
  }, []);
  return (
    <dialog
      class="dialog"
      ref={element}
      aria-labelledby={titleId}
      onCancel={(event) => {
        if (isActing.peek()) event.preventDefault();
      }}
      onClose={() => {
        // Browsers heed a second Escape in any case.
        if (isActing.peek()) element.current?.showModal();
        else close();
      }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
        }}
      >
        <h2 id={titleId}>{title}</h2>
        {children}
        {failure.value && (
          <Note tone="bad" role="alert" title={failure.value.title}>
            {failure.value.text}
          </Note>
        )}
        {blockedBy && <p class="secondary">{blockedBy}</p>}
        <div class="buttons">
          <Button run={() => element.current?.close()} disabled={isActing.value}>
            {cancel}
          </Button>
          {confirm !== undefined && (
            <Button kind={kind} run={act} disabled={blockedBy !== undefined}>
              {confirm}
            </Button>
          )}
        </div>
      </form>
    </dialog>
  );
}
