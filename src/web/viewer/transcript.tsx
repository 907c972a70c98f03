import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ViewerTranscript } from '../../core/package/viewer-texts';
import { cueAt, isSilent, speakerOf } from '../../core/viewer/lanes';
import { useWords } from '../shared/words';
import type { Playing } from './sound';
import { Text } from './text';

/** What was said, on two sides, in step with the recording where there is one. */
export function Transcript({
  transcript,
  playing,
}: {
  transcript: ViewerTranscript;
  playing: Playing | null;
}): JSX.Element {
  const { t, position } = useWords();
  const { cues, silent } = transcript;
  const follows = useSignal(true);
  const frame = useRef<HTMLOListElement>(null);
  const now = playing?.now.value ?? 0;
  const isStarted = now > 0 || playing?.isPlaying.value === true;
  const current = playing !== null && isStarted ? cueAt(cues, now) : -1;
  useEffect(() => {
    if (!follows.value || current < 0 || playing?.isPlaying.value !== true) return;
    frame.current?.children[current]?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <section class="transcript">
      <div class="section-head">
        <h2>{t('viewer.said')}</h2>
        {playing !== null && (
          <label class="switch">
            <input
              type="checkbox"
              checked={follows.value}
              onChange={({ currentTarget }) => (follows.value = currentTarget.checked)}
            />
            {t('viewer.follow')}
          </label>
        )}
      </div>
      <ol class="bubbles" ref={frame}>
        {cues.map((cue, i) => {
          const speaker = speakerOf(cue);
          const name = t(`viewer.speakers.${speaker}`);
          return (
            <li
              key={i}
              class={`bubble ${speaker}`}
              {...(i === current ? { 'aria-current': 'true' as const } : {})}
            >
              <span class="bubble-head">
                <strong>{name}</strong>{' '}
                {playing === null ? (
                  <span>{position(cue.from / 1000)}</span>
                ) : (
                  <button
                    type="button"
                    class="time"
                    aria-label={t('viewer.playFrom', { time: position(cue.from / 1000) })}
                    onClick={() => playing.playFrom(cue.from)}
                  >
                    {position(cue.from / 1000)}
                  </button>
                )}
              </span>
              <Text
                of={cue.text}
                silent={playing !== null && isSilent(cue, silent) ? t('viewer.silent') : ''}
              />
            </li>
          );
        })}
      </ol>
    </section>
  );
}
