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
}

/**
 * Says above a form what is wrong with it, and leads to each control. It takes the focus when it appears, and
 * again when it says something else.
 */
export function ErrorSummary({ title, errors }: Props): JSX.Element {
  const element = useRef<HTMLDivElement>(null);
  const said = JSON.stringify([title, errors]);
  useEffect(() => element.current?.focus(), [said]);
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
