import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ViewerFile } from '../../core/package/viewer-rows';
import type { ViewerTranscript } from '../../core/package/viewer-texts';
import { lanesOf, type Stretch } from '../../core/viewer/lanes';
import { Segmented } from '../shared/choices';
import { Icon } from '../shared/icons';
import { useWords } from '../shared/words';
import { SaveLink, usePlayable } from './media';
import { soundboard, speeds, type Sound, type Speed } from './sound';

/** Milliseconds that the arrows move by. */
const jump = 5000;

/**
 * Keys of the call page: the space bar plays, arrows move. Controls that are focused keep their own keys, and of
 * several recordings one hears them.
 */
function usePlayerKeys(sound: Sound): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const isControl =
        event.target instanceof Element &&
        event.target.closest('a, button, input, select, textarea, summary, [role=slider], iframe');
      if (isControl || event.altKey || event.ctrlKey || event.metaKey) return;
      const moves: Record<string, number> = { ArrowLeft: -jump, ArrowRight: jump };
      const by = moves[event.key];
      if (event.key !== ' ' && by === undefined) return;
      // Who hears a key is asked before another one has done something for it.
      if (event.defaultPrevented || soundboard.current !== sound) return;
      event.preventDefault();
      if (by === undefined) sound.toggle();
      else sound.moveTo(sound.now.value + by);
    };
    document.addEventListener('keydown', press);
    const remove = soundboard.add(sound);
    return () => {
      document.removeEventListener('keydown', press);
      remove();
    };
  }, [sound]);
}

interface Props {
  file: ViewerFile;
  /** Place of the file in the package. */
  path: string;
  /** Seconds that the call took, until the length of the recording is known. */
  seconds: number;
  transcript: ViewerTranscript | undefined;
  /** What it plays, which the transcript follows. */
  sound: Sound;
}

/** A recording of a call: who speaks when, and what plays it. */
export function Player({ file, path, seconds, transcript, sound }: Props): JSX.Element {
  const { t, bytes, position } = useWords();
  const playable = usePlayable(path);
  const isBroken = useSignal(false);
  const element = useRef<HTMLAudioElement>(null);
  const { now, isPlaying, length, speed } = sound;
  useEffect(() => sound.attach(element.current, () => void playable.load()));
  useEffect(() => sound.setThere(playable.address !== null), [sound, playable.address]);
  usePlayerKeys(sound);
  const lastCue = transcript?.cues.at(-1)?.to ?? 0;
  const end = length.value > 0 ? length.value : Math.max(lastCue, seconds * 1000, 1000);
  const size = bytes(file.size);
  return (
    <div class="player card" role="group" aria-label={t('viewer.recording')}>
      <audio
        ref={element}
        {...(playable.address === null ? {} : { src: playable.address })}
        preload="metadata"
        onDurationChange={({ currentTarget }) => {
          const { duration } = currentTarget;
          if (Number.isFinite(duration)) length.value = duration * 1000;
        }}
        onTimeUpdate={({ currentTarget }) => (now.value = currentTarget.currentTime * 1000)}
        onPlay={() => (isPlaying.value = true)}
        onPause={() => (isPlaying.value = false)}
        onError={() => (isBroken.value = playable.address !== null)}
      />
      <div class="player-main">
        <button
          type="button"
          class="play"
          onClick={() => sound.toggle()}
          aria-label={t(isPlaying.value ? 'viewer.pause' : 'viewer.play')}
        >
          <Icon name={isPlaying.value ? 'pause' : 'play'} />
        </button>
        <Lanes
          transcript={transcript}
          end={end}
          now={now.value}
          moveTo={(to) => sound.moveTo(to)}
        />
      </div>
      <div class="player-tools">
        <span class="clock">
          <strong>{position(now.value / 1000)}</strong> {t('viewer.of')} {position(end / 1000)}
        </span>
        <Segmented
          label={t('viewer.speed')}
          choices={speeds.map((value) => ({ value, label: speedName(value, t) }))}
          chosen={speed.value}
          choose={(value) => sound.setSpeed(value)}
        />
        <SaveLink file={path}>{t('viewer.saveAs', { type: typeOf(file.file), size })}</SaveLink>
      </div>
      {playable.state === 'loading' && <p role="status">{t('viewer.getting', { size })}</p>}
      {(playable.state === 'failed' || isBroken.value) && <p role="alert">{t('viewer.noMedia')}</p>}
    </div>
  );
}

const typeOf = (file: string): string => (file.split('.').at(-1) ?? '').toUpperCase();

const speedName = (value: Speed, t: (key: string, values: { n: string }) => string): string =>
  t('viewer.speedValue', { n: value });

const width = 1000;

/** A lane for each who speaks, with what is silent and where the recording is; it is a slider, too. */
function Lanes({
  transcript,
  end,
  now,
  moveTo,
}: {
  transcript: ViewerTranscript | undefined;
  end: number;
  now: number;
  moveTo: (milliseconds: number) => void;
}): JSX.Element {
  const { t, position } = useWords();
  const lanes = lanesOf(transcript?.cues ?? []);
  const isDragged = useRef(false);
  const moveToPointer = (event: PointerEvent): void => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    moveTo(((event.clientX - box.left) / box.width) * end);
  };
  const shown = lanes.length === 0 ? [{ speaker: null, stretches: [] }] : lanes;
  return (
    <div class="lanes">
      <div class="lane-names">
        {shown.map(({ speaker }) => (
          <span key={speaker}>{speaker === null ? '' : t(`viewer.speakers.${speaker}`)}</span>
        ))}
      </div>
      <div
        class="lane-slider"
        role="slider"
        tabIndex={0}
        aria-label={t('viewer.position')}
        aria-valuemin={0}
        aria-valuemax={Math.round(end / 1000)}
        aria-valuenow={Math.round(now / 1000)}
        aria-valuetext={`${position(now / 1000)} ${t('viewer.of')} ${position(end / 1000)}`}
        onPointerDown={(event) => {
          isDragged.current = true;
          moveToPointer(event);
        }}
        onPointerMove={(event) => {
          if (isDragged.current && event.buttons === 1) moveToPointer(event);
        }}
        onPointerUp={() => (isDragged.current = false)}
        onKeyDown={(event) => {
          const to = { ArrowLeft: now - jump, ArrowRight: now + jump, Home: 0, End: end }[
            event.key
          ];
          if (to === undefined) return;
          event.preventDefault();
          moveTo(to);
        }}
      >
        {shown.map(({ speaker, stretches }) => (
          <Lane
            key={speaker}
            speaker={speaker ?? 'other'}
            stretches={stretches}
            silent={transcript?.silent ?? []}
            end={end}
          />
        ))}
        <svg
          class="lane-now"
          viewBox={`0 0 ${width} 10`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          <rect x={Math.min(width - 3, (now / end) * width)} width="3" height="10" />
        </svg>
      </div>
    </div>
  );
}

function Lane({
  speaker,
  stretches,
  silent,
  end,
}: {
  speaker: string;
  stretches: readonly Stretch[];
  silent: readonly Stretch[];
  end: number;
}): JSX.Element {
  const x = (time: number): number => (Math.min(time, end) / end) * width;
  const rect = ({ from, to }: Stretch, kind: string): JSX.Element => (
    <rect
      key={`${kind}-${from}`}
      class={kind}
      x={x(from)}
      width={Math.max(2, x(to) - x(from))}
      height="16"
    />
  );
  return (
    <svg
      class={`lane ${speaker}`}
      viewBox={`0 0 ${width} 16`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect class="lane-ground" width={width} height="16" />
      {stretches.map((one) => rect(one, 'speech'))}
      {silent.map((one) => rect(one, 'silence'))}
      {silent.map(({ from, to }) => (
        <Hatching key={from} from={x(from)} to={Math.max(x(from) + 2, x(to))} />
      ))}
    </svg>
  );
}

/** Stripes over what is silent. */
function Hatching({ from, to }: { from: number; to: number }): JSX.Element {
  const step = 6;
  const count = Math.max(1, Math.floor((to - from) / step));
  return (
    <g class="hatching">
      {Array.from({ length: count }, (_, i) => (
        <line
          key={i}
          x1={from + i * step}
          y1="16"
          x2={Math.min(to, from + i * step + step)}
          y2="0"
        />
      ))}
    </g>
  );
}
