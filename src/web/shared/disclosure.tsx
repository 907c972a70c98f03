import type { ComponentChildren, JSX } from 'preact';
import { Icon } from './icons';

interface Props {
  title: string;
  isOpen?: boolean;
  children: ComponentChildren;
}

/** Something that not everybody needs, folded. */
export function Disclosure({ title, isOpen = false, children }: Props): JSX.Element {
  return (
    <details class="disclosure" open={isOpen}>
      <summary>
        <Icon name="next" />
        {title}
      </summary>
      <div>{children}</div>
    </details>
  );
}
