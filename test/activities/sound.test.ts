import { createExportPage } from '../../src/activities/export-page';
import { SourceError } from '../../src/core/errors';
import { pageBlob, partManifestBlob, partName } from '../../src/core/package/blob-names';
import { newItem, type Item } from '../../src/core/package/items';
import { policySchema, type Policy } from '../../src/core/redaction/policy';
import { countRedactions } from '../../src/core/redaction/redactions';
import type { ExportSettings, PartManifest, RecordingBucket, Source } from '../../src/ports';
import { renderAudio, renderChannel } from '../../local/genesys/audio';
import type { OrgConversation, Organisation, OrgRecording } from '../../local/genesys/organisation';
import { transcriptDocument } from '../../local/genesys/transcript';
import { conversationIn, fakeSource, MemoryWriter, requestEnvironment } from '../helpers/exports';

const start = '2026-01-02T03:04:05.000Z';
const end = '2026-01-02T03:04:25.000Z';
const recording: OrgRecording = {
  id: 'r1',
  media: 'audio',
  fileState: 'AVAILABLE',
  isSensitive: false,
  channels: 2,
  seconds: 20,
  transcript: [
    { who: 'agent', text: 'Your card please', at: 0 },
    { who: 'customer', text: 'it is 4111 1111 1111 1111 thank you', at: 8 },
    { who: 'agent', text: 'Thank you', at: 13 },
  ],
};
/** The card is said from the third word on: words take 200 ms each. */
const said = { from: 8400, to: 9200 };

const conversation = { id: 'c1', ownerId: 'o1', start } as OrgConversation;
const transcript = (change: (document: Phrases) => void = () => undefined): Buffer => {
  const document = transcriptDocument(conversation, recording, { id: 'o' } as Organisation);
  change(document as unknown as Phrases);
  return Buffer.from(JSON.stringify(document));
};
interface Phrases {
  transcripts: { startTime?: unknown; phrases: Record<string, unknown>[] }[];
}

/** A page of one call, with its transcript and its recording. */
interface Call {
  audio?: Buffer;
  document?: Buffer | null;
  times?: { startTime: string | null; endTime: string | null } | null;
  policy?: object;
  exporter?: ExportSettings['recordingExporter'];
  answers?: Partial<Source>;
  customerChannel?: string | null;
  audioFormat?: ExportSettings['audioFormat'];
  /** Items that are still to be exported: the whole conversation, if nothing is said. */
  pending?: Item[];
}

const wav = renderAudio(conversation, recording, 'WAV');
const mp3 = renderAudio(conversation, recording, 'MP3');

async function* inChunks(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 10_007)
    yield await Promise.resolve(bytes.subarray(at, at + 10_007));
}

const defaultTimes = { startTime: start, endTime: end };

function sourceOf({
  audio = wav,
  document = transcript(),
  times = defaultTimes,
  exporter = 'formatted',
}: Call) {
  return {
    conversation: () => Promise.resolve(null),
    listRecordings: () =>
      Promise.resolve([{ recordingId: 'r1', media: 'audio' as const, file: 'available' as const }]),
    transcriptUrls: () =>
      Promise.resolve(
        document === null ? [] : [{ recordingId: 'r1', url: 'https://files.example/transcript' }],
      ),
    sentiment: () => Promise.resolve(null),
    summary: () => Promise.resolve(null),
    // The call that delivers says both; whoever uses it asks nothing else.
    ...(exporter === 'formatted' ? {} : { recordingTimes: () => Promise.resolve(times) }),
    requestRecording: () =>
      Promise.resolve({
        kind: 'file' as const,
        url: 'https://files.example/audio',
        ...(times === null ? {} : { times }),
      }),
    requestBatch: () => Promise.resolve('job'),
    batchResults: () =>
      Promise.resolve([
        { recordingId: 'r1', url: 'https://files.example/audio', contentType: 'audio/wav' },
      ]),
    organizationId: () => Promise.resolve('org'),
    download: (url: string) =>
      inChunks(url.endsWith('/transcript') ? (document ?? Buffer.alloc(0)) : audio),
  } satisfies Partial<Source>;
}

async function pageOf(call: Call) {
  const { policy = {}, exporter = 'formatted', customerChannel = null, audioFormat } = call;
  const { source } = fakeSource({ ...sourceOf(call), ...call.answers });
  const settings: Partial<ExportSettings> = {
    recordingExporter: exporter,
    ...(audioFormat === undefined ? {} : { audioFormat }),
    policy: policySchema.parse({ version: 1, ...policy }) satisfies Policy,
  };
  const { env, itemsOf, blobs } = requestEnvironment(source, settings);
  const bucket: RecordingBucket = {
    list: (prefix) => Promise.resolve([{ key: `${prefix}r1.wav`, stamp: '' }]),
    current: (key) => Promise.resolve({ key, stamp: '', versionId: null }),
    delete: () => Promise.resolve(),
    hasExpiry: () => Promise.resolve(true),
    read: () => inChunks(call.audio ?? wav),
  };
  const writer = new MemoryWriter();
  const finish = () => Promise.resolve({ part: 'p', bytes: 1, blockIds: [], entries: [{}] });
  const organisations = new Map([
    ['main', { source, divisionContacts: new Map(), permissionNeeds: {}, customerChannel }],
  ]);
  const services = {
    ...env,
    bucket,
    organisations,
    packageWriter: {
      startPart: () => ({
        add: writer.add.bind(writer),
        atomically: writer.atomically.bind(writer),
        finish,
      }),
    },
  } as unknown as typeof env;
  const page = [
    conversationIn('voice', {
      conversationStart: start,
      participants: [
        {
          participantId: 'p1',
          purpose: 'customer',
          sessions: [{ sessionId: 's1', mediaType: 'voice', recording: true }],
        },
      ],
    }),
  ];
  await env.scratch.write('request', pageBlob(1), Buffer.alloc(32), page);
  await env.items.put('request', 1, call.pending ?? [newItem(1, 'conversation', 1, null)]);
  const run = async (pass: number): Promise<PartManifest> => {
    await createExportPage(services)({
      requestId: 'request',
      page: 1,
      attempt: 1,
      pass,
      isLast: false,
    });
    return JSON.parse(
      blobs.get(partManifestBlob(partName(1, 1, pass)).name) ?? '{}',
    ) as PartManifest;
  };
  return {
    run,
    writer,
    outcome: (): string => {
      const item = itemsOf(1).find(({ kind }) => kind === 'audio');
      return `${item?.status} ${item?.reason ?? ''}`.trim();
    },
    audio: (): Buffer | undefined =>
      [...writer.entries].find(([name]) => name.includes('/audio-'))?.[1],
  };
}

/** Bytes of 16 bits in stereo, 8,000 a second. */
const bytesAt = (ms: number): number => wav.indexOf('data') + 8 + ms * 32;
/** The recording as it should be handed over: 200 ms before and after the words are silent, too. */
const wanted = Buffer.from(wav).fill(0, bytesAt(said.from - 200), bytesAt(said.to + 200));

describe('a card number that is said in a call', () => {
  it.each([
    ['formatted', 1],
    ['batch', 2],
    ['bulkS3', 1],
  ] as const)(
    'is silent in the package, and nothing else is changed: %s',
    async (exporter, passes) => {
      const page = await pageOf({ exporter });
      for (let pass = 1; pass < passes; pass += 1) await page.run(pass);
      const { redactions } = await page.run(passes);
      expect(page.outcome()).toBe('exported');
      expect(wanted.equals(wav)).toBe(false);
      expect(page.audio()?.equals(wanted)).toBe(true);
      expect(page.writer.all).not.toContain('4111');
      const places = Object.keys(redactions['cardNumber'] ?? {});
      expect(places.filter((place) => place.includes('/audio-1'))).toEqual([
        expect.stringMatching(/^data\/conversations\/0001\/audio-1\.\w+#sound$/),
      ]);
      expect(countRedactions(redactions)).toMatchObject({ mutedRecording: 1 });
    },
  );

  it('is silent in MP3, too', async () => {
    const page = await pageOf({ audio: mp3 });
    await page.run(1);
    const audio = page.audio() ?? Buffer.alloc(0);
    expect(audio).toHaveLength(mp3.length);
    const frames = mp3.length - 278 * 288;
    const frame = (bytes: Buffer, ms: number): Buffer => {
      const at = frames + Math.floor(ms / 72) * 288;
      return bytes.subarray(at, at + 288);
    };
    // Behind its header and where its main data would begin, a frame of the passage is empty.
    expect(
      frame(audio, 8800)
        .subarray(5)
        .every((byte) => byte === 0),
    ).toBe(true);
    expect(
      frame(mp3, 8800)
        .subarray(5)
        .every((byte) => byte === 0),
    ).toBe(false);
    for (const ms of [5000, 8000, 9700, 15_000])
      expect(frame(audio, ms).equals(frame(mp3, ms))).toBe(true);
  });

  it('is silent where the recording comes in a later pass than the transcript', async () => {
    let isReady = false;
    const file = {
      kind: 'file' as const,
      url: 'https://files.example/audio',
      times: defaultTimes,
    };
    let asked = 0;
    const page = await pageOf({
      answers: {
        requestRecording: () => Promise.resolve(isReady ? file : { kind: 'preparing' as const }),
        transcriptUrls: () => {
          asked += 1;
          return Promise.resolve([{ recordingId: 'r1', url: 'https://files.example/transcript' }]);
        },
      },
    });
    await page.run(1);
    expect(page.outcome()).toBe('pending');
    isReady = true;
    await page.run(2);
    expect(page.audio()?.equals(wanted)).toBe(true);
    // What the transcript said is in the manifest of the first part.
    expect(asked).toBe(1);
  });

  it('is silent on a page that an earlier version of the app has begun', async () => {
    const page = await pageOf({ pending: [newItem(1, 'audio', 1, 'r1')] });
    const { redactions } = await page.run(1);
    expect(page.outcome()).toBe('exported');
    expect(page.audio()?.equals(wanted)).toBe(true);
    // The transcript was read for its times alone.
    expect(countRedactions(redactions)).toEqual({ cardNumber: 1, mutedRecording: 1 });
  });

  it('waits for the time of the recording, and keeps its batch meanwhile', async () => {
    let times: { startTime: string; endTime: string } | null = null;
    let batches = 0;
    const page = await pageOf({
      exporter: 'batch',
      answers: {
        recordingTimes: () => Promise.resolve(times),
        requestBatch: () => Promise.resolve(`job-${(batches += 1)}`),
      },
    });
    await page.run(1);
    await page.run(2);
    expect(page.outcome()).toBe('pending');
    times = { startTime: start, endTime: end };
    await page.run(3);
    expect(page.audio()?.equals(wanted)).toBe(true);
    expect(batches).toBe(1);
  });
});

describe('the times that the list of recordings says', () => {
  it.each(['formatted', 'batch', 'bulkS3'] as const)(
    'are those of the recording, and no others are asked for: %s',
    async (exporter) => {
      const page = await pageOf({
        exporter,
        // Of other times, the words would be silent elsewhere.
        times: { startTime: '2026-01-02T03:04:00.000Z', endTime: null },
        answers: {
          listRecordings: () =>
            Promise.resolve([
              {
                ...{ recordingId: 'r1', media: 'audio', file: 'available' },
                ...{ startTime: start, endTime: end },
              },
            ]),
          recordingTimes: () => Promise.reject(new Error('They are known.')),
        },
      });
      await page.run(1);
      if (exporter === 'batch') await page.run(2);
      expect(page.outcome()).toBe('exported');
      expect(page.audio()?.equals(wanted)).toBe(true);
    },
  );
});

describe('a recording in which something is said that is masked', () => {
  const withoutTimes = (fields: string[]) =>
    transcript(({ transcripts: [only] }) => {
      for (const phrase of only?.phrases ?? [])
        for (const said of [phrase, ...(phrase['words'] as Record<string, unknown>[])])
          for (const field of fields) delete said[field];
    });
  const phraseAlone = transcript(({ transcripts: [only] }) => {
    for (const phrase of only?.phrases ?? []) delete phrase['words'];
  });
  const wholePhrase = Buffer.from(wav).fill(0, bytesAt(7800), bytesAt(10_700));
  const offsets = withoutTimes(['startTimeMs']);
  const webm = Buffer.from('\x1a\x45\xdf\xa3 what a player of WebM reads', 'latin1');

  it.each<[string, Call, string, Buffer | undefined]>([
    [
      'has no times of words: the phrase is silent',
      { document: phraseAlone },
      'exported',
      wholePhrase,
    ],
    [
      'has offsets alone: they count from the transcript',
      { document: offsets },
      'exported',
      wanted,
    ],
    [
      'has no times at all',
      { document: withoutTimes(['startTimeMs', 'offset']) },
      'withheld passageNotFound',
      undefined,
    ],
    [
      'has a start that is not known',
      { times: { startTime: null, endTime: null } },
      'withheld passageNotFound',
      undefined,
    ],
    [
      'has an end that is not known',
      { times: { startTime: start, endTime: null } },
      'exported',
      wanted,
    ],
    [
      'is shorter than its times',
      { times: { startTime: start, endTime: '2026-01-02T03:04:45Z' } },
      'withheld passageNotFound',
      undefined,
    ],
    [
      'ends before the passage',
      { times: { startTime: '2026-01-02T03:03:05Z', endTime: null } },
      'withheld passageNotFound',
      undefined,
    ],
    ['has an unknown form', { audio: webm }, 'withheld soundNotMutable', undefined],
    [
      'is cut off within a chunk of its head',
      { audio: wav.subarray(0, 60) },
      'withheld soundNotMutable',
      undefined,
    ],
    [
      'is withheld by policy',
      { policy: { soundOfMaskedPassages: { cardNumbers: 'withhold' } } },
      'withheld maskedInSound',
      undefined,
    ],
    [
      'is kept by policy',
      { policy: { soundOfMaskedPassages: { cardNumbers: 'keep' } } },
      'exported',
      wav,
    ],
    [
      'is masked by a pattern',
      { policy: { cardNumbers: 'keep', patterns: [{ name: 'number', pattern: '4111[ 1]+1' }] } },
      'exported',
      wanted,
    ],
    ['is not masked', { policy: { cardNumbers: 'keep' } }, 'exported', wav],
  ])('%s', async (_name, call, outcome, audio) => {
    const page = await pageOf(call);
    await page.run(1);
    expect(page.outcome()).toBe(outcome);
    const written = page.audio();
    expect(written === undefined).toBe(audio === undefined);
    if (audio !== undefined) expect(written?.equals(audio)).toBe(true);
  });
});

describe('a recording that nobody can look into', () => {
  const noted = async (call: Call): Promise<Record<string, number>> => {
    const page = await pageOf(call);
    const { redactions } = await page.run(1);
    expect(page.audio()?.equals(wav)).toBe(true);
    return countRedactions(redactions);
  };

  it('is exported, and counted for the report', async () => {
    expect(await noted({ document: null })).toMatchObject({ 'notExamined:recording': 1 });
    expect(await noted({ document: Buffer.from('no JSON') })).toMatchObject({
      'notExamined:recording': 1,
    });
  });

  it('is not counted where nothing is looked for', async () => {
    const policy = { cardNumbers: 'keep', otherPeople: 'keep' };
    expect(await noted({ document: null, policy })).not.toHaveProperty('notExamined:recording');
  });
});

describe("the customer's channel", () => {
  const policy = { callAudio: 'customerChannel' };
  const channels = [0, 1].map((channel) =>
    renderChannel(conversation, recording, { format: 'WAV', channel }),
  );
  const [own = wav, other = wav] = channels;
  const urls = new Map([
    ['0', 'https://files.example/0'],
    ['1', 'https://files.example/1'],
  ]);
  const answers = (files: readonly [Buffer, Buffer], order = urls): Partial<Source> => ({
    requestRecording: () => Promise.resolve({ kind: 'channels', urls: order, times: defaultTimes }),
    download: (url) =>
      inChunks(url.endsWith('/0') ? files[0] : url.endsWith('/1') ? files[1] : transcript()),
  });
  const silent = Buffer.from(own).fill(
    0,
    own.indexOf('data') + 8 + (said.from - 200) * 16,
    own.indexOf('data') + 8 + (said.to + 200) * 16,
  );
  const quieter = Buffer.from(own);
  for (let at = own.indexOf('data') + 8; at < own.length; at += 2)
    quieter.writeInt16LE(Math.round(own.readInt16LE(at) / 2), at);

  it.each<[string, Call, string, Buffer | undefined]>([
    [
      'is the one that is heard while the customer speaks',
      { answers: answers([own, other]) },
      'exported',
      silent,
    ],
    [
      'is that one also where its number is 1',
      { answers: answers([other, own]) },
      'exported',
      silent,
    ],
    [
      'is the one that is set',
      { answers: answers([other, own]), customerChannel: '1' },
      'exported',
      silent,
    ],
    [
      'is not taken where it is set to one that is not there',
      { answers: answers([own, other]), customerChannel: '7' },
      'withheld customerChannelUnknown',
      undefined,
    ],
    [
      'is not told from two that are alike',
      { answers: answers([own, quieter]) },
      'withheld customerChannelUnknown',
      undefined,
    ],
    [
      'is not told without a transcript',
      { document: null, answers: answers([own, other]) },
      'withheld customerChannelUnknown',
      undefined,
    ],
    [
      'is not told from what is no WAV',
      { answers: answers([mp3, mp3]) },
      'withheld customerChannelUnknown',
      undefined,
    ],
    [
      'is not there where both voices are in one',
      { answers: { requestRecording: () => Promise.resolve({ kind: 'mixed' }) } },
      'withheld voicesInOneChannel',
      undefined,
    ],
  ])('%s', async (_name, call, outcome, audio) => {
    const page = await pageOf({ ...call, policy });
    await page.run(1);
    expect(page.outcome()).toBe(outcome);
    const written = page.audio();
    expect(written === undefined).toBe(audio === undefined);
    if (audio !== undefined) expect(written?.equals(audio)).toBe(true);
  });

  it('is waited for where the transfer of a channel breaks while it is heard', async () => {
    let isBroken = true;
    const whole = answers([own, other]);
    const page = await pageOf({
      policy,
      answers: {
        ...whole,
        async *download(url, ...rest) {
          yield* whole.download?.(url, ...rest) ?? [];
          if (url.endsWith('/1') && isBroken)
            throw new SourceError({
              kind: 'retryLater',
              afterSeconds: 1,
              reason: 'sourceUnavailable',
            });
        },
      },
    });
    await page.run(1);
    expect(page.outcome()).toBe('pending');
    expect(page.audio()).toBeUndefined();
    isBroken = false;
    await page.run(2);
    expect(page.outcome()).toBe('exported');
    expect(page.audio()?.equals(silent)).toBe(true);
  });

  it.each([
    ['one call where WAV is exported, which is measured as well', 'wav', ['wav']],
    ['two where another format is', 'mp3', ['mp3', 'wav']],
  ] as const)('takes %s', async (_name, audioFormat, wantedFormats) => {
    const formats: string[] = [];
    const page = await pageOf({
      policy,
      audioFormat,
      answers: {
        ...answers([own, other]),
        requestRecording: (_id, _recording, format) => {
          formats.push(format);
          return Promise.resolve({ kind: 'channels', urls, times: defaultTimes });
        },
      },
    });
    await page.run(1);
    expect(page.audio()?.equals(silent)).toBe(true);
    expect(formats).toEqual(wantedFormats);
  });
});
