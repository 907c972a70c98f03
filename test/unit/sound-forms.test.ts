import { RecordingMute } from '../../src/core/sound/mute';
import {
  chunk,
  mp3Frame,
  oggPage,
  oneByOne,
  refusal,
  run,
  wave,
  waveFormat,
} from '../helpers/sound-files';

/** Recordings that a passage of their start makes silent, by their form. */
const recordings = (): Record<string, Buffer> => {
  const chunks = [chunk('fmt ', waveFormat()), chunk('data', Buffer.alloc(800, 7))];
  const frames = Array.from({ length: 20 }, () => mp3Frame({ lengths: [800, 800] }));
  const head = Buffer.from('OpusHead\x01\x01\0\0\x80\xbb\0\0\0\0\0', 'latin1');
  const packets = Array.from({ length: 20 }, () => Buffer.from([0xf8, 1, 2, 3]));
  return {
    RIFF: wave(chunks),
    RF64: wave(chunks, 'RF64'),
    BW64: wave(chunks, 'BW64'),
    MP3: Buffer.concat(frames),
    'MP3 with a tag': Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1'), ...frames]),
    'Ogg Opus': Buffer.concat([
      oggPage([head], { flags: 2 }),
      oggPage([Buffer.from('OpusTags')]),
      oggPage(packets, { flags: 4, position: 19_200n }),
    ]),
  };
};
const passage = { from: 0, to: 1 };
const names = ['RIFF', 'RF64', 'BW64', 'MP3', 'MP3 with a tag', 'Ogg Opus'];

describe('the form of a recording', () => {
  it.each(names)('is known by its first bytes: %s', (name) => {
    const given = recordings()[name] ?? Buffer.alloc(0);
    const whole = run(new RecordingMute([passage]), given);
    expect(whole.bytes.equals(given)).toBe(false);
    expect(whole.durationMs).toBe(name.startsWith('MP3') ? 480 : 400);
    expect(run(new RecordingMute([passage]), ...oneByOne(given))).toEqual(whole);
  });

  it.each(['fLaC', 'ID2\x04', 'xRIFF', 'oggs', '\x1aE\xdf\xa3', '\xff\xdfab', '\xfe\xffab'])(
    'is refused when it begins otherwise: %j',
    (start) => {
      const mute = new RecordingMute([passage]);
      expect(mute.push(Buffer.from(start.slice(0, 3), 'latin1'))).toEqual([]);
      expect(refusal(() => mute.push(Buffer.from(start.slice(3), 'latin1')))).toBe('unknownForm');
    },
  );

  it.each(['', 'RIF', 'ID3', '\xff\xfb'])('is not known of fewer than four bytes: %j', (start) => {
    const mute = new RecordingMute([passage]);
    expect(mute.push(Buffer.from(start, 'latin1'))).toEqual([]);
    expect(refusal(() => mute.end())).toBe('unknownForm');
  });
});

describe('a passage', () => {
  const problem = (...passages: { from: number; to: number }[]): string | null =>
    refusal(() => run(new RecordingMute(passages), recordings().RIFF ?? Buffer.alloc(0)));

  it.each([
    [0, 400, null],
    [399, 500, null],
    [400, 500, 'passageNotFound'],
    [-10, 1, null],
    [-10, 0, 'passageNotFound'],
  ])('from %d to %d of a recording of 400 ms: %s', (from, to, wanted) => {
    expect(problem({ from, to })).toBe(wanted);
  });

  it('has to be in the recording, each of several', () => {
    expect(problem()).toBeNull();
    expect(problem(passage, { from: 300, to: 350 })).toBeNull();
    expect(problem(passage, { from: 450, to: 500 })).toBe('passageNotFound');
  });
});
