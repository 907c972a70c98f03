import { useEffect, useRef } from 'preact/hooks';

/**
 * Moves the focus where something else is shown that has taken away what had it.
 * @param key of what is shown
 */
export function useFocusKept(key: string, focus: () => void): void {
  const shown = useRef(key);
  useEffect(() => {
    if (shown.current === key) return;
    shown.current = key;
    if (document.activeElement === document.body) focus();
  }, [key]);
}
