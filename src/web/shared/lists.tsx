import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

export interface Step {
  name: string;
  detail?: string | undefined;
  state: 'done' | 'now' | 'ahead';
}

/** Where something stands among the steps it takes. */
export function Steps({ label, steps }: { label: string; steps: readonly Step[] }): JSX.Element {
  return (
    <ol class="steps" aria-label={label}>
      {steps.map(({ name, detail, state }) => (
        <li
          key={name}
          class={state === 'done' ? 'done' : ''}
          {...(state === 'now' ? { 'aria-current': 'step' as const } : {})}
        >
          <strong>{name}</strong>
          {detail}
        </li>
      ))}
    </ol>
  );
}

export interface Happening {
  key: string;
  text: ComponentChildren;
  /** When, as the reader's language writes it. */
  at: string;
  isNow?: boolean;
}

/** What happened, newest first. */
export function Timeline({ events }: { events: readonly Happening[] }): JSX.Element {
  return (
    <ol class="timeline">
      {events.map(({ key, text, at, isNow = false }) => (
        <li key={key} class={isNow ? 'now' : ''}>
          <div>{text}</div>
          <div class="secondary">{at}</div>
        </li>
      ))}
    </ol>
  );
}

export interface Tab {
  name: string;
  /** Address of the tab, such as `#/custody`: Back works. */
  href: string;
  count?: ComponentChildren;
}

/** Parts of a page, each with an address of its own. */
export function Tabs({
  label,
  tabs,
  current,
}: {
  label: string;
  tabs: readonly Tab[];
  current: string;
}): JSX.Element {
  const nav = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const frame = nav.current;
    if (!frame) return undefined;
    // Where there are more than fit, the current one is in the middle: also once counts, another language or a
    // narrower window have moved it.
    const observer = new ResizeObserver(() => {
      const tab = frame.querySelector('[aria-current]');
      if (!tab) return;
      const [whole, one] = [frame.getBoundingClientRect(), tab.getBoundingClientRect()];
      frame.scrollLeft += (one.left + one.right - whole.left - whole.right) / 2;
    });
    for (const one of [frame, ...frame.children]) observer.observe(one);
    return () => observer.disconnect();
  }, [current, tabs.length]);
  return (
    <nav class="tabs scrolls" aria-label={label} ref={nav}>
      {tabs.map(({ name, href, count }) => (
        <a
          key={href}
          href={href}
          {...(href === current ? { 'aria-current': 'page' as const } : {})}
        >
          {name}
          {count}
        </a>
      ))}
    </nav>
  );
}
