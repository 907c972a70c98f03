import { useSignal } from '@preact/signals';
import type { ButtonHTMLAttributes, ComponentChildren, JSX } from 'preact';
import { Icon, type IconName } from './icons';
import { useWords } from './words';

interface Props extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'onClick' | 'icon'> {
  /** One primary button a view; `danger` in dialogs only. */
  kind?: 'primary' | 'plain' | 'danger' | 'quiet';
  icon?: IconName;
  /** What it does; while a promise is pending the button is busy and cannot be pressed again. */
  run?: () => unknown;
  children: ComponentChildren;
}

export function Button({
  kind = 'plain',
  icon,
  run,
  children,
  disabled,
  ...rest
}: Props): JSX.Element {
  const { t } = useWords();
  const isBusy = useSignal(false);
  const press = async (): Promise<void> => {
    // Not `disabled`: that would take the focus away from whoever uses a keyboard.
    if (isBusy.value) return;
    const done = run?.();
    // What is done at once is never seen as busy.
    if (!(done instanceof Promise)) return;
    isBusy.value = true;
    try {
      await done;
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <button
      type="button"
      {...rest}
      class={`button ${kind}`}
      disabled={disabled ?? false}
      aria-busy={isBusy.value}
      onClick={() => {
        if (run) void press();
      }}
    >
      {icon && <Icon name={icon} />}
      {isBusy.value ? t('shared.busy') : children}
    </button>
  );
}
