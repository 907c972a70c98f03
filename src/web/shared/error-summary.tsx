import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** Something that is wrong with what was entered. */
export interface EntryError {
  /** Id of the control that it is about. */
  field: string;
  /** What to do. */
  text: string;
}

interface Props {
  /** What is wrong. */
  title: string;
  errors: readonly EntryError[];
  /** Another value for each time that something was found wrong, whatever it was. */
  occasion: unknown;
}

/**
 * Says above a form what is wrong with it, and leads to each control. It takes the focus each time that
 * something was found wrong, and not when the same is said in another language.
 */
export function ErrorSummary({ title, errors, occasion }: Props): JSX.Element {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => element.current?.focus(), [occasion]);
  const goTo = (event: Event, id: string): void => {
    event.preventDefault();
    const control = document.getElementById(id);
    control?.focus();
    // What was entered can be typed over at once.
    if (control instanceof HTMLInputElement) control.select();
  };
  return (
    <div class="error-summary" role="alert" tabIndex={-1} ref={element}>
      <h2>{title}</h2>
      <ul>
        {errors.map(({ field, text }) => (
          <li key={`${field} ${text}`}>
            <a href={`#${field}`} onClick={(event) => goTo(event, field)}>
              {text}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
