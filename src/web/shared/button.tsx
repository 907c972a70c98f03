import { useSignal } from '@preact/signals';
import type { ButtonHTMLAttributes, ComponentChildren, JSX } from 'preact';
import { Icon, type IconName } from './icons';
import { useWords } from './words';

interface Props extends Omit<
  ButtonHTMLAttributes<HTMLButtonElement>,
  'onClick' | 'icon' | 'class'
> {
  /** One primary button a view; `danger` in dialogs only. */
  kind?: 'primary' | 'plain' | 'danger' | 'quiet';
  icon?: IconName;
  /** What it does; while a promise is pending the button is busy and cannot be pressed again. */
  run?: () => unknown;
  /** Says beside the button why what it does has failed; without it the error is thrown. */
  explain?: (error: unknown) => string;
  /** Whether the form that it sends is under way. */
  isBusy?: boolean;
  /** Further classes. */
  class?: string;
  children: ComponentChildren;
}

export function Button({
  kind = 'plain',
  icon,
  run,
  explain,
  isBusy: isFormBusy = false,
  class: more = '',
  children,
  disabled,
  ...rest
}: Props): JSX.Element {
  const { t } = useWords();
  const isRunning = useSignal(false);
  const failure = useSignal('');
  const isBusy = isFormBusy || isRunning.value;
  const press = async (): Promise<void> => {
    // Not `disabled`: that would take the focus away from whoever uses a keyboard.
    if (isBusy) return;
    failure.value = '';
    const done = run?.();
    // What is done at once is never seen as busy.
    if (!(done instanceof Promise)) return;
    isRunning.value = true;
    try {
      await done;
    } catch (error) {
      if (explain === undefined) throw error;
      failure.value = explain(error);
    } finally {
      isRunning.value = false;
    }
  };
  const button = (
    <button
      type="button"
      {...rest}
      class={`button ${kind} ${more}`.trim()}
      disabled={disabled ?? false}
      aria-busy={isBusy}
      onClick={() => {
        if (run) void press();
      }}
    >
      {icon && <Icon name={icon} />}
      {isBusy ? t('shared.busy') : children}
    </button>
  );
  if (explain === undefined) return button;
  return (
    <>
      {button}
      {failure.value !== '' && (
        <span class="error" role="alert">
          {failure.value}
        </span>
      )}
    </>
  );
}
