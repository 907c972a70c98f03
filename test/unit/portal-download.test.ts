import { reportDelivery } from '../../src/web/portal/delivery-report';
import { PackageGone, RemotePackage } from '../../src/web/portal/remote-package';

/** What a call of `fetch` comes to: an answer, or no connection. */
type Outcome = Response | 'offline';

describe('a package that is read in ranges', () => {
  const asked: string[] = [];
  let answers: (url: string) => Outcome;
  beforeEach(() => {
    jest.useFakeTimers({ now: Date.parse('2026-11-28T12:00:00.000Z') });
    asked.length = 0;
    jest.spyOn(globalThis, 'fetch').mockImplementation((input) => {
      const url = input instanceof Request ? input.url : String(input);
      asked.push(url);
      const outcome = answers(url);
      return outcome === 'offline'
        ? Promise.reject(new TypeError('Failed to fetch'))
        : Promise.resolve(outcome);
    });
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  const link = (minutes = 10): Response =>
    Response.json({
      url: 'https://storage.example/mine.zip',
      expiresAt: new Date(Date.now() + minutes * 60_000).toISOString(),
      ...{ etag: '"1"', minutes, bytes: 100 },
    });
  const piece = (): Response => new Response('0123456789', { status: 206 });
  const isLink = (url: string): boolean => url.endsWith('/download');
  const count = (isWanted: (url: string) => boolean): number => asked.filter(isWanted).length;
  const states: boolean[] = [];
  const opened = (): RemotePackage => {
    states.length = 0;
    return new RemotePackage((isWaiting) => states.push(isWaiting));
  };

  it.each<[string, () => Outcome]>([
    ['there is no connection', () => 'offline'],
    [
      'the server cannot answer',
      () => Response.json({ code: 'storageUnavailable' }, { status: 503 }),
    ],
    ['it is asked too much', () => Response.json({ code: 'tooManyRequests' }, { status: 429 })],
  ])('waits, and goes on by itself, while a link is renewed and %s', async (_what, failed) => {
    const remote = opened();
    answers = () => link();
    await remote.describe();
    // The link is over, and the next one does not come.
    jest.setSystemTime(Date.now() + 9.5 * 60_000);
    answers = (url) => (isLink(url) ? failed() : piece());
    const reading = remote.read(0, 10);
    await jest.advanceTimersByTimeAsync(9000);
    expect(count(isLink)).toBeGreaterThan(3);
    expect(states.at(-1)).toBe(true);
    answers = (url) => (isLink(url) ? link() : piece());
    await jest.advanceTimersByTimeAsync(10_000);
    expect((await reading).length).toBe(10);
    expect(states.at(-1)).toBe(false);
  });

  it('ends where the server refuses another link, or the package is another one', async () => {
    const remote = opened();
    answers = () => Response.json({ code: 'sessionEnded' }, { status: 401 });
    await expect(remote.read(0, 10)).rejects.toMatchObject({ code: 'sessionEnded' });
    answers = (url) => (isLink(url) ? link() : new Response('', { status: 412 }));
    await expect(remote.read(0, 10)).rejects.toBeInstanceOf(PackageGone);
  });

  it.each<[string, (url: string) => Outcome]>([
    ['the connection', () => 'offline'],
    ['a piece', (url) => (isLink(url) ? link() : 'offline')],
  ])('hears at once that it shall end while it waits for %s', async (_what, failed) => {
    const remote = opened();
    const ending = new AbortController();
    answers = failed;
    const reading = remote.read(0, 10, ending.signal);
    const refused = expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    await jest.advanceTimersByTimeAsync(60_000);
    ending.abort();
    await refused;
    const asks = asked.length;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(asks);
  });

  it('hears that it shall end while a link is on its way', async () => {
    const ending = new AbortController();
    jest.spyOn(globalThis, 'fetch').mockReturnValue(new Promise<never>(() => undefined));
    const reading = opened().read(0, 10, ending.signal);
    ending.abort();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  });

  it.each<[string, (ended: Promise<never>) => Promise<Response>]>([
    ['asked for', (ended) => ended],
    [
      'on its way',
      (ended) => {
        const start = (body: ReadableStreamDefaultController): void =>
          void ended.catch((error: unknown) => body.error(error));
        return Promise.resolve(new Response(new ReadableStream({ start }), { status: 206 }));
      },
    ],
  ])(
    'ends at once, and waits for nothing, when it shall while a piece is %s',
    async (_, answer) => {
      const remote = opened();
      answers = () => link();
      await remote.describe();
      const ending = new AbortController();
      jest.spyOn(globalThis, 'fetch').mockImplementation((_input, options) => {
        const { signal } = options ?? {};
        const ended = new Promise<never>((_done, fail) =>
          signal?.addEventListener('abort', () => fail(signal.reason as Error)),
        );
        return answer(ended);
      });
      const end = jest.fn();
      remote.read(0, 10, ending.signal).catch(end);
      await jest.advanceTimersByTimeAsync(0);
      ending.abort();
      await jest.advanceTimersByTimeAsync(0);
      expect(end).toHaveBeenCalledWith(expect.objectContaining({ name: 'AbortError' }));
      expect(states).toEqual([]);
    },
  );

  it('is reported as delivered again while the server cannot hear it, and never fails', async () => {
    answers = () => 'offline';
    await reportDelivery(100);
    await jest.advanceTimersByTimeAsync(7000);
    expect(asked).toEqual(Array(3).fill('/portal/api/delivered'));
    answers = () => Response.json({});
    await jest.advanceTimersByTimeAsync(600_000);
    expect(asked).toHaveLength(4);
  });

  it('is not reported again where the server does not want to hear it', async () => {
    answers = () => Response.json({ code: 'sessionEnded' }, { status: 401 });
    await reportDelivery(100);
    await jest.advanceTimersByTimeAsync(600_000);
    expect(asked).toHaveLength(1);
  });
});
