import type { JSX, SelectHTMLAttributes } from 'preact';
import { useId } from 'preact/hooks';
import { Icon } from './icons';

export interface Choice<T extends string> {
  value: T;
  label: string;
}

interface Props<T extends string> {
  /** What is chosen, for screen readers; words nearby say it to others. */
  label: string;
  choices: readonly Choice<T>[];
  /** Null while nothing is decided, or where what is decided differs. */
  chosen: T | null;
  choose: (value: T) => void;
}

/** One of few answers, each visible: a group of radio buttons. */
export function Segmented<T extends string>({
  label,
  choices,
  chosen,
  choose,
}: Props<T>): JSX.Element {
  const name = useId();
  return (
    <div class="segmented" role="radiogroup" aria-label={label}>
      {choices.map(({ value, label: text }) => (
        <label key={value}>
          <input
            type="radio"
            name={name}
            value={value}
            checked={chosen === value}
            onChange={() => choose(value)}
          />
          {chosen === value && <Icon name="check" />}
          {text}
        </label>
      ))}
    </div>
  );
}

/** A choice of languages, each by its own name in its own language. */
export function LanguageChoice({
  locales,
  chosen,
  choose,
  ...attributes
}: {
  locales: Record<string, { name: string }>;
  chosen: string;
  choose: (tag: string) => void;
} & SelectHTMLAttributes<HTMLSelectElement>): JSX.Element {
  return (
    <select
      {...attributes}
      value={chosen}
      onChange={({ currentTarget }) => choose(currentTarget.value)}
    >
      {Object.entries(locales).map(([tag, { name }]) => (
        <option key={tag} value={tag} lang={tag}>
          {name}
        </option>
      ))}
    </select>
  );
}
