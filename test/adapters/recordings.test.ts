import type { RequestedRecording } from '../../src/ports';
import {
  answer,
  GenesysServer,
  loginAnswer,
  loginPath,
  outcomeOf,
} from '../helpers/genesys-server';

const id = '00000000-0000-4000-8000-000000000001';
const at = { startTime: '2026-01-01T00:00:00.000Z', endTime: '2026-01-01T00:01:00.000Z' };
const unknown = { startTime: null, endTime: null };

let server: GenesysServer;
let given: { status: number; body: unknown };
beforeAll(async () => {
  server = await GenesysServer.start((response, { path }) =>
    path === loginPath
      ? answer(response, loginAnswer)
      : answer(response, given.body, { status: given.status }),
  );
});
afterAll(() => server.stop());

describe('the times of a recording', () => {
  it.each([
    ['those that the source says', 200, { fileState: 'AVAILABLE', ...at }, at],
    ['unknown where it says none', 200, { fileState: 'AVAILABLE', startTime: null }, unknown],
    ['unknown where there is no such recording', 404, {}, unknown],
    ['not known yet while it is prepared', 202, {}, null],
    ['not known yet while it is archived', 200, { fileState: 'ARCHIVED' }, null],
    ['not known yet while it is restored', 200, { fileState: 'RESTORING' }, null],
  ])('are %s', async (_name, status, body, times) => {
    given = { status, body };
    expect(await server.source.recordingTimes(id, id, 'wav', 'merged')).toEqual(times);
  });
});

describe('channels apart', () => {
  const uris = (names: string[]): object =>
    Object.fromEntries(names.map((name) => [name, { mediaUri: `https://files.example/${name}` }]));
  const channels = new Map([
    ['0', 'https://files.example/0'],
    ['1', 'https://files.example/1'],
  ]);
  it.each<[string, string[], RequestedRecording]>([
    ['are a file each', ['0', '1'], { kind: 'channels', urls: channels, times: at }],
    [
      'are those beside the one of all voices',
      ['0', '1', 'S'],
      { kind: 'channels', urls: channels, times: at },
    ],
    ['are not there where there is one', ['0'], { kind: 'mixed' }],
    ['are not there where there is the one of all voices', ['S'], { kind: 'mixed' }],
    ['are missing where there is no file', [], { kind: 'missing' }],
  ])('%s', async (_name, names, wanted) => {
    given = { status: 200, body: { fileState: 'AVAILABLE', mediaUris: uris(names), ...at } };
    const recording = { recordingId: id, media: 'audio' as const };
    expect(await server.source.requestRecording(id, recording, 'mp3', 'apart')).toEqual(wanted);
    expect(server.calls.at(-1)?.query.get('download')).toBe('false');
  });
});

describe('the one file of a recording', () => {
  const address = (name: string): string => `https://files.example/${name}`;
  it.each(['audio', 'screen', 'email'] as const)(
    '%s is that of all channels, or the only one',
    async (media) => {
      const requested = async (...names: string[]): Promise<RequestedRecording> => {
        const mediaUris = Object.fromEntries(
          names.map((name) => [name, { mediaUri: address(name) }]),
        );
        given = { status: 200, body: { fileState: 'AVAILABLE', mediaUris } };
        return server.source.requestRecording(id, { recordingId: id, media }, 'mp3', 'merged');
      };
      expect(await requested('0', 'S', '1')).toMatchObject({ kind: 'file', url: address('S') });
      expect(await requested('0')).toMatchObject({ kind: 'file', url: address('0') });
      expect(await requested()).toEqual({ kind: 'missing' });
      // To take one of them would lose the others.
      expect(await outcomeOf(requested('0', '1'))).toEqual({
        kind: 'failed',
        code: 'sourceAnswerUnexpected',
      });
    },
  );

  it('is missing where the source names no files', async () => {
    given = { status: 200, body: { fileState: 'AVAILABLE', mediaUris: null } };
    const recording = { recordingId: id, media: 'audio' as const };
    expect(await server.source.requestRecording(id, recording, 'mp3', 'merged')).toEqual({
      kind: 'missing',
    });
  });
});

describe('a requested recording', () => {
  const url = 'https://files.example/S';
  const body = { fileState: 'AVAILABLE', mediaUris: { S: { mediaUri: url } } };
  it.each<[string, object, RequestedRecording]>([
    ['has the times that the source says', at, { kind: 'file', url, times: at }],
    ['has unknown ones where it says none', {}, { kind: 'file', url, times: unknown }],
    ['has none where they cannot be read', { startTime: 7 }, { kind: 'file', url }],
  ])('%s', async (_name, times, wanted) => {
    given = { status: 200, body: { ...body, ...times } };
    const recording = { recordingId: id, media: 'audio' as const };
    expect(await server.source.requestRecording(id, recording, 'mp3', 'merged')).toEqual(wanted);
  });
});
