import { signal } from '@preact/signals';

/** The part of the address behind `#`, such as `/conversations/12`: Back and links work without a server. */
const readHash = (): string => globalThis.location.hash.replace(/^#/, '');

export const route = signal(readHash());

globalThis.addEventListener('hashchange', () => (route.value = readHash()));

/** Goes to a place of the page. */
export function goTo(path: string): void {
  globalThis.location.hash = path;
}
