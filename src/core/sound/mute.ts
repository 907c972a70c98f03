import { ByteQueue, letters } from './bytes';
import { Mp3Mute } from './mp3';
import { beginsFrame } from './mp3-frame';
import { OpusMute } from './opus';
import { SoundError, type Passage, type SoundMute } from './sound';
import { WavMute } from './wav';

/** Bytes by which the forms are told apart. */
const signBytes = 4;

function muteOf(start: Uint8Array, passages: readonly Passage[]): SoundMute {
  switch (letters(start)) {
    case 'RIFF':
    case 'RF64':
    case 'BW64':
      return new WavMute(passages);
    case 'OggS':
      return new OpusMute(passages);
  }
  if (letters(start, 0, 3) === 'ID3' || beginsFrame(start)) return new Mp3Mute(passages);
  throw new SoundError('unknownForm');
}

/**
 * Makes passages of a recording silent, in whichever form its bytes are: WAV, MP3 or Ogg Opus.
 * Its name and media type do not count.
 */
export class RecordingMute implements SoundMute {
  private readonly start = new ByteQueue();
  private mute: SoundMute | null = null;

  constructor(private readonly passages: readonly Passage[]) {}

  push(chunk: Uint8Array): Uint8Array[] {
    if (this.mute !== null) return this.mute.push(chunk);
    this.start.push(chunk);
    if (this.start.length < signBytes) return [];
    this.mute = muteOf(this.start.peek(signBytes), this.passages);
    return this.mute.push(this.start.take(this.start.length));
  }

  /** @throws SoundError also when a passage is not within the recording */
  end(): ReturnType<SoundMute['end']> {
    if (this.mute === null) throw new SoundError('unknownForm');
    const ended = this.mute.end();
    const isWithin = this.passages.every(({ from, to }) => from < ended.durationMs && to > 0);
    if (!isWithin) throw new SoundError('passageNotFound');
    return ended;
  }
}
