import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Button } from './button';
import { Icon, type IconName } from './icons';

export interface MenuItem {
  name: string;
  icon?: IconName;
  run: () => void;
}

/** What can be done, behind a button that opens it. Escape, a choice, and leaving it close it. */
export function Menu({ label, items }: { label: string; items: readonly MenuItem[] }): JSX.Element {
  const isOpen = useSignal(false);
  const listId = useId();
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const closeOutside = ({ target }: Event): void => {
      if (target instanceof Node && element.current?.contains(target)) return;
      isOpen.value = false;
    };
    document.addEventListener('pointerdown', closeOutside);
    document.addEventListener('focusin', closeOutside);
    return () => {
      document.removeEventListener('pointerdown', closeOutside);
      document.removeEventListener('focusin', closeOutside);
    };
  }, []);
  const close = (): void => {
    isOpen.value = false;
    element.current?.querySelector('button')?.focus();
  };
  return (
    <div
      class="menu"
      ref={element}
      onKeyDown={({ key }) => {
        if (key === 'Escape' && isOpen.value) close();
      }}
    >
      <button
        type="button"
        class="button plain"
        aria-expanded={isOpen.value}
        aria-controls={listId}
        onClick={() => (isOpen.value = !isOpen.value)}
      >
        {label}
        <Icon name="expand" />
      </button>
      <ul id={listId} hidden={!isOpen.value}>
        {items.map(({ name, icon, run }) => (
          <li key={name}>
            <Button
              kind="quiet"
              {...(icon ? { icon } : {})}
              run={() => {
                close();
                run();
              }}
            >
              {name}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
