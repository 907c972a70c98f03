import { signal } from '@preact/signals';
import type { JSX } from 'preact';

const said = signal('');

/** Tells screen readers what has changed, without moving the focus. */
export function say(text: string): void {
  // The same words twice in a row are announced twice only if the text differs.
  said.value = said.value === text ? `${text}\u00a0` : text;
}

/** The one polite live region of a page. */
export const LiveRegion = (): JSX.Element => (
  <p class="visually-hidden" role="status" aria-live="polite">
    {said.value}
  </p>
);
