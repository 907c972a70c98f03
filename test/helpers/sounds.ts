import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RecordingMute } from '../../src/core/sound/mute';
import { SoundError, type Passage, type SoundMute } from '../../src/core/sound/sound';
import { ffmpeg, itWith } from './tools';

/** A test that needs ffmpeg. */
export const itWithFfmpeg = itWith(ffmpeg, 'ffmpeg');

/** What is heard in the recordings of the tests, as a source of ffmpeg's filter `aevalsrc`. */
export const sounds = {
  /** Two gliding tones that differ between the channels. */
  tones: '0.4*sin(2*PI*(300+90*t)*t)|0.3*sin(2*PI*(500+60*t)*t)',
  /** Noise in syllables, four a second, alike in both channels. */
  speech: '(0.5*random(0)-0.25)*(1.2+sin(2*PI*4*t))|(0.4*random(0)-0.2)*(1.2+sin(2*PI*4*t))',
};

/** Runs ffmpeg in a folder of its own. */
function inFolder<T>(work: (folder: string, ffmpegWith: (args: string[]) => void) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'sound-'));
  try {
    return work(folder, (args) =>
      execFileSync(ffmpeg ?? '', ['-v', 'error', '-nostdin', '-y', ...args]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** How a recording is made. */
export interface SoundOptions {
  sound?: keyof typeof sounds;
  seconds?: number;
  rate: number;
  channels: 1 | 2;
  /** Arguments that choose coding and form. */
  coding: string[];
  ending: string;
}

/** Recordings that the file has made, by their options. */
const recordings = new Map<string, Buffer>();

/** A recording that ffmpeg writes, once for the same options. */
export function record(options: SoundOptions): Buffer {
  const key = JSON.stringify(options);
  if (!recordings.has(key)) recordTogether([options]);
  return Buffer.from(recordings.get(key) ?? '');
}

/** Makes recordings for `record` by one process: most of its time it takes to start. */
export function recordTogether(all: readonly SoundOptions[]): void {
  if (ffmpeg === null) return;
  inFolder((folder, ffmpegWith) => {
    const targets = all.map(({ ending }, i) => join(folder, `target${i}.${ending}`));
    const sources = all.flatMap(({ sound = 'tones', seconds = 4, rate, channels }) => {
      const expressions = sounds[sound].split('|').slice(0, channels).join('|');
      return ['-f', 'lavfi', '-i', `aevalsrc=${expressions}:s=${rate}:d=${seconds}`];
    });
    const outputs = targets.flatMap((target, i) => [
      ...['-map', `${i}:a`, ...(all[i]?.coding ?? []), target],
    ]);
    ffmpegWith([...sources, ...outputs]);
    for (const [i, options] of all.entries())
      recordings.set(JSON.stringify(options), readFileSync(targets[i] ?? ''));
  });
}

/** A recording as a player hears it: samples of all channels, and the samples a second of a channel. */
export function heard(recording: Buffer, channels: 1 | 2, before: string[] = []): Float32Array {
  return heardTogether([{ recording, before }], channels)[0] ?? new Float32Array();
}

/** Recordings as a player hears them, all by one process: most of its time it takes to start. */
export function heardTogether(
  recordings: readonly { recording: Buffer; before?: string[] }[],
  channels: 1 | 2,
): Float32Array[] {
  return inFolder((folder, ffmpegWith) => {
    const sources = recordings.flatMap(({ recording, before = [] }, i) => {
      const source = join(folder, `source${i}`);
      writeFileSync(source, recording);
      return [...before, '-i', source];
    });
    const targets = recordings.map((_, i) => join(folder, `target${i}.raw`));
    const form = ['-f', 'f32le', '-ac', String(channels)];
    ffmpegWith([...sources, ...targets.flatMap((path, i) => ['-map', `${i}:a`, ...form, path])]);
    return targets.map((path) => {
      const raw = readFileSync(path);
      return new Float32Array(raw.buffer, raw.byteOffset, raw.length / 4);
    });
  });
}

/** Runs a recording through a mute in pieces of the given lengths, the last of them again and again. */
export function muteInPieces(
  mute: SoundMute,
  recording: Uint8Array,
  lengths: readonly number[],
): { bytes: Buffer; durationMs: number } {
  const done: Uint8Array[] = [];
  for (let at = 0, i = 0; at < recording.length; i += 1) {
    const length = Math.max(1, lengths[Math.min(i, lengths.length - 1)] ?? recording.length);
    done.push(...mute.push(recording.subarray(at, at + length)));
    at += length;
  }
  const { rest, durationMs } = mute.end();
  return { bytes: Buffer.concat([...done, ...rest]), durationMs };
}

/** A recording in which passages are silent. */
export const muted = (recording: Uint8Array, passages: readonly Passage[]): Buffer =>
  muteInPieces(new RecordingMute(passages), recording, [recording.length]).bytes;

/** Why passages cannot be made silent; null when they can. */
export function problemOf(recording: Uint8Array, passages: readonly Passage[]): string | null {
  try {
    muted(recording, passages);
    return null;
  } catch (error) {
    if (error instanceof SoundError) return error.problem;
    throw error;
  }
}

/** The loudest sample between two times, from 0 to 1. */
export function peak(samples: Float32Array, perMs: number, from: number, to: number): number {
  let most = 0;
  const last = Math.min(samples.length, Math.floor(to * perMs));
  for (let i = Math.ceil(from * perMs); i < last; i += 1)
    most = Math.max(most, Math.abs(samples[i] ?? 0));
  return most;
}

/** Decibels by which a recording is louder than its difference from another, between two times. */
export function likeness(
  [one, other]: readonly [Float32Array, Float32Array],
  perMs: number,
  from: number,
  to: number,
): number {
  let signal = 0;
  let noise = 0;
  const last = Math.min(one.length, Math.floor(to * perMs));
  for (let i = Math.max(0, Math.ceil(from * perMs)); i < last; i += 1) {
    signal += (one[i] ?? 0) ** 2;
    noise += ((one[i] ?? 0) - (other[i] ?? 0)) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}

/** A recording before and after it was changed, as a player hears both. */
export function beforeAndAfter(
  recordings: readonly [Buffer, Buffer],
  channels: 1 | 2,
  before: string[] = [],
): [Float32Array, Float32Array] {
  const [one, other] = heardTogether(
    recordings.map((recording) => ({ recording, before })),
    channels,
  );
  return [one ?? new Float32Array(), other ?? new Float32Array()];
}

/** -60 dB of the loudest sample that can be written. */
export const silence = 0.001;
