import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Button } from './button';

interface Props {
  /** The question. */
  title: string;
  /** What happens when it is done: at once, then, and what it cannot reach. */
  children: ComponentChildren;
  /** Name of the outcome that acts, such as "Recall the package". */
  confirm: string;
  /** Name of the outcome that leaves all as it is, such as "Keep the package". */
  cancel: string;
  kind?: 'primary' | 'danger';
  /** Why it cannot be confirmed yet; the words stand beside the button. */
  blockedBy?: string | undefined;
  /** Acts; the dialog closes when it is done and stays open when it fails. */
  run: () => Promise<unknown>;
  close: () => void;
}

/**
 * Asks before something is done. The native dialog keeps the focus inside, Escape cancels, and the focus
 * returns to where it was.
 */
export function Dialog(props: Props): JSX.Element {
  const { title, children, confirm, cancel, kind = 'primary', blockedBy, run, close } = props;
  const titleId = useId();
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    element.current?.showModal();
    element.current?.querySelector<HTMLElement>('input, select, textarea')?.focus();
    return () => {
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  const act = async (): Promise<void> => {
    await run();
    close();
  };
  return (
    <dialog class="dialog" ref={element} aria-labelledby={titleId} onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
        }}
      >
        <h2 id={titleId}>{title}</h2>
        {children}
        {blockedBy && <p class="secondary">{blockedBy}</p>}
        <div class="buttons">
          <Button kind={kind} run={act} disabled={blockedBy !== undefined}>
            {confirm}
          </Button>
          <Button run={() => element.current?.close()}>{cancel}</Button>
        </div>
      </form>
    </dialog>
  );
}
