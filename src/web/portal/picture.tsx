import type { JSX } from 'preact';

/** Calls, mail and messages on their way into a box with a lock: decoration, which says nothing that words do not. */
export const Picture = (): JSX.Element => (
  <svg class="picture" viewBox="0 0 358 150" aria-hidden="true" focusable="false">
    <g class="paths">
      <path d="M75 42C108 48 136 60 152 84" />
      <path d="M179 54v28" />
      <path d="M283 42C250 48 222 60 206 84" />
    </g>
    <g class="box">
      <path d="M119 90 96 76l12-12 27 20" />
      <path d="m239 90 23-14-12-12-27 20" />
      <rect x="119" y="90" width="120" height="52" rx="5" />
      <path class="slot" d="M143 90h72" />
      <rect class="lock" x="171" y="113" width="16" height="12" rx="2.5" />
      <path class="lock" d="M174.500 113v-4a4.500 4.500 0 0 1 9 0v4" />
    </g>
    <g class="call">
      <circle cx="54" cy="42" r="21" />
      <path d="M50 36c-1 0-3 1-3 3 0 6 5 12 11 13 2 0 3-2 3-3l-4-3-2 2c-2-1-4-3-4-5l2-2z" />
    </g>
    <g class="email">
      <circle cx="179" cy="32" r="21" />
      <rect x="171" y="26" width="16" height="12" rx="2" />
      <path d="m171 28 8 6 8-6" />
    </g>
    <g class="message">
      <circle cx="304" cy="42" r="21" />
      <path d="M296 36h16v11h-11l-5 4z" />
    </g>
  </svg>
);
