import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { useWords } from './words';

const quietMs = 300;
const longMs = 10_000;

/** Shown while something loads: nothing at first, then grey rows, after ten seconds a word. */
export function Loading({ rows = 3 }: { rows?: number }): JSX.Element | null {
  const { t } = useWords();
  const shown = useSignal<'nothing' | 'rows' | 'words'>('nothing');
  useEffect(() => {
    const timers = [
      setTimeout(() => (shown.value = 'rows'), quietMs),
      setTimeout(() => (shown.value = 'words'), longMs),
    ];
    return () => timers.forEach(clearTimeout);
  }, [shown]);
  if (shown.value === 'nothing') return null;
  return (
    <div class="skeleton" aria-busy="true">
      {Array.from({ length: rows }, (_, index) => (
        <span key={index} />
      ))}
      <p role="status">{shown.value === 'words' ? t('shared.takingLonger') : ''}</p>
    </div>
  );
}
