import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OrgConversation, OrgRecording } from './organisation';
import { phraseTimes } from './transcript';

/** Seconds of one clip: 42 frames of 576 samples at 8 kHz. */
const clipSeconds = 3.024;
const mp3FrameSeconds = 0.072;
const sampleRate = 8000;
const names = ['agent1', 'customer1', 'agent2', 'customer2'];

const cache = new Map<string, Buffer>();
function clip(file: string): Buffer {
  const known = cache.get(file);
  if (known) return known;
  const bytes = readFileSync(join(__dirname, 'clips', file));
  cache.set(file, bytes);
  return bytes;
}

/** Which clip comes at which place: the order is the recording's own. */
function* clipOrder(recording: OrgRecording): Generator<string> {
  for (let i = 0; ; i += 1) {
    const digest = createHash('sha256').update(`${recording.id}/${i}`).digest();
    yield names[(i % 2) + 2 * ((digest[0] ?? 0) % 2)] ?? 'agent1';
  }
}

/**
 * Audio of a recording in the format asked for, playable, as long as the recording says, with its
 * recording id and owner id in the file's tags (ID3v2 TXXX frames; a LIST INFO comment in WAV).
 */
export function renderAudio(
  conversation: OrgConversation,
  recording: OrgRecording,
  format: 'MP3' | 'WAV',
): Buffer {
  return format === 'MP3' ? renderMp3(conversation, recording) : renderWav(conversation, recording);
}

/** Who speaks when, in seconds: as the transcript says, or by turns. */
function voicesOf(recording: OrgRecording): { who: string; from: number; to: number }[] {
  const times = phraseTimes(recording);
  if (recording.transcript !== null)
    return recording.transcript.map(({ who }, i) => {
      const { at, ms } = times[i] ?? { at: 0, ms: 0 };
      return { who, from: at / 1000, to: (at + ms) / 1000 };
    });
  return Array.from({ length: Math.ceil(recording.seconds / clipSeconds) }, (_, i) => ({
    who: i % 2 === 0 ? 'agent' : 'customer',
    from: i * clipSeconds,
    to: (i + 1) * clipSeconds,
  }));
}

/** One channel of a recording, in which one of the two is heard and silence else: the customer in channel 0. */
export function renderChannel(
  conversation: OrgConversation,
  recording: OrgRecording,
  { format, channel }: { format: 'MP3' | 'WAV'; channel: number },
): Buffer {
  const who = channel === 0 ? 'customer' : 'agent';
  const spans = voicesOf(recording).filter((voice) => voice.who === who);
  const isMp3 = format === 'MP3';
  const [unitBytes, perSecond] = isMp3 ? [144, 1 / mp3FrameSeconds] : [2, sampleRate];
  const units = Math[isMp3 ? 'ceil' : 'round'](recording.seconds * perSecond);
  const voice = clip(isMp3 ? `${who}1.mono.mp3` : `${who}1.raw`);
  const body = Buffer.alloc(units * unitBytes);
  // A frame of MP3 that is empty behind its header is silent.
  if (isMp3) for (let at = 0; at < body.length; at += unitBytes) voice.copy(body, at, 0, 4);
  for (const { from, to } of spans) {
    const last = Math.min(units, Math.floor(to * perSecond));
    for (let unit = Math.ceil(from * perSecond); unit < last; unit += 1) {
      const begin = (unit * unitBytes) % voice.length;
      voice.copy(body, unit * unitBytes, begin, begin + unitBytes);
    }
  }
  return isMp3
    ? Buffer.concat([id3Tag(conversation, recording), body])
    : wavOf(conversation, { ...recording, channels: 1 }, body);
}

function renderMp3(conversation: OrgConversation, recording: OrgRecording): Buffer {
  const frames = Math.ceil(recording.seconds / mp3FrameSeconds);
  const frameBytes = recording.channels === 1 ? 144 : 288;
  const body = Buffer.alloc(frames * frameBytes);
  const order = clipOrder(recording);
  for (let at = 0; at < body.length;) {
    const name = order.next().value as string;
    at += clip(`${name}.${recording.channels === 1 ? 'mono' : 'stereo'}.mp3`).copy(body, at);
  }
  return Buffer.concat([id3Tag(conversation, recording), body]);
}

/** ID3v2.3 (id3.org/id3v2.3.0): TIT2 and two TXXX frames. */
function id3Tag(conversation: OrgConversation, recording: OrgRecording): Buffer {
  const frame = (frameId: string, text: string): Buffer => {
    const body = Buffer.concat([Buffer.from([0]), Buffer.from(text, 'latin1')]);
    const header = Buffer.alloc(10);
    header.write(frameId, 'latin1');
    header.writeUInt32BE(body.length, 4);
    return Buffer.concat([header, body]);
  };
  const frames = Buffer.concat([
    frame('TIT2', 'Recorded interaction'),
    frame('TXXX', `recordingId\0${recording.id}`),
    frame('TXXX', `ownerId\0${conversation.ownerId}`),
  ]);
  const size = frames.length;
  // The size is written in four bytes of seven bits each.
  const syncSafe = [21, 14, 7, 0].map((shift) => (size >> shift) & 0x7f);
  return Buffer.concat([Buffer.from('ID3\x03\x00\x00', 'latin1'), Buffer.from(syncSafe), frames]);
}

function renderWav(conversation: OrgConversation, recording: OrgRecording): Buffer {
  const samples = Math.round(recording.seconds * sampleRate);
  const { channels } = recording;
  const data = Buffer.alloc(samples * 2 * channels);
  const order = clipOrder(recording);
  const clipSamples = Math.floor(clipSeconds * sampleRate);
  for (let first = 0; first < samples; first += clipSamples) {
    const name = order.next().value as string;
    const pcm = clip(`${name}.raw`);
    const channel = channels === 2 && name.startsWith('agent') ? 1 : 0;
    const count = Math.min(clipSamples, samples - first, pcm.length / 2);
    for (let i = 0; i < count; i += 1) {
      data.writeInt16LE(pcm.readInt16LE(i * 2), ((first + i) * channels + channel) * 2);
    }
  }
  return wavOf(conversation, recording, data);
}

function wavOf(conversation: OrgConversation, recording: OrgRecording, data: Buffer): Buffer {
  const { channels } = recording;
  const format = Buffer.alloc(16);
  format.writeUInt16LE(1, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(sampleRate, 4);
  format.writeUInt32LE(sampleRate * channels * 2, 8);
  format.writeUInt16LE(channels * 2, 12);
  format.writeUInt16LE(16, 14);
  const comment = `recordingId=${recording.id} ownerId=${conversation.ownerId}`;
  const list = Buffer.concat([Buffer.from('INFO'), riffChunk('ICMT', Buffer.from(`${comment}\0`))]);
  const body = [riffChunk('fmt ', format), riffChunk('LIST', list), riffChunk('data', data)];
  return riffChunk('RIFF', Buffer.concat([Buffer.from('WAVE'), ...body]));
}

function riffChunk(chunkId: string, body: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.write(chunkId, 'latin1');
  header.writeUInt32LE(body.length, 4);
  return Buffer.concat([header, body, Buffer.alloc(body.length % 2)]);
}
