import type { JSX } from 'preact';
import { useId } from 'preact/hooks';

interface Attributes {
  id: string;
  'aria-describedby'?: string;
  'aria-invalid'?: boolean;
}

interface Props {
  label: string;
  /** Id of the control, where something else has to name it. */
  id?: string;
  hint?: string | undefined;
  /** What is wrong with what was entered and what to do; stands between the hint and the control. */
  error?: string | undefined;
  /** Draws the control with the attributes that tie it to its label, hint and error. */
  control: (attributes: Attributes) => JSX.Element;
}

/** A control with its label above; a placeholder never stands for a label. */
export function Field({ label, id: given, hint, error, control }: Props): JSX.Element {
  const own = useId();
  const id = given ?? own;
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div class={error ? 'field invalid' : 'field'}>
      <label for={id}>{label}</label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {control({
        id,
        ...(described === '' ? {} : { 'aria-describedby': described }),
        ...(error ? { 'aria-invalid': true } : {}),
      })}
    </div>
  );
}
