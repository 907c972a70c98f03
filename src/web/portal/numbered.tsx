import type { ComponentChildren, JSX } from 'preact';
import { Icon } from '../shared/icons';
import { useWords } from '../shared/words';

interface Props {
  number: number;
  title: string;
  /** What it is, in a sentence. */
  text: string;
  isDone: boolean;
  children: ComponentChildren;
}

/** One of the things to do, with a tick once it is done. */
export function Numbered({ number, title, text, isDone, children }: Props): JSX.Element {
  const words = useWords();
  return (
    <li class={isDone ? 'done' : ''}>
      <span class="round">
        {isDone ? <Icon name="check" label={words.t('portal.ready.done')} /> : words.number(number)}
      </span>
      <div>
        <h2>{title}</h2>
        <p class="soft">{text}</p>
        {children}
      </div>
    </li>
  );
}
