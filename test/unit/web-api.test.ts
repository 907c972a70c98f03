import { request } from '../../src/web/shared/api';

const answering = async (response: Response): Promise<unknown> => {
  const before = globalThis.fetch;
  globalThis.fetch = () => Promise.resolve(response);
  try {
    return await request('GET', '/somewhere').catch((error: unknown) => error);
  } finally {
    globalThis.fetch = before;
  }
};

/** A body of which the connection brings a part only. */
const cut = (): ReadableStream =>
  new ReadableStream({
    pull(controller) {
      controller.enqueue(new TextEncoder().encode('{"requests":['));
      controller.error(new TypeError('network error'));
    },
  });

describe('a call of a page', () => {
  it('returns what the server says, also where that is nothing', async () => {
    expect(await answering(Response.json({ name: 'x' }))).toEqual({ name: 'x' });
    expect(await answering(new Response(null, { status: 204 }))).toEqual({});
  });

  it('fails where the connection ends within the answer, as without a connection', async () => {
    expect(await answering(new Response(cut()))).toBeInstanceOf(TypeError);
  });

  it('fails where something else than the server has answered', async () => {
    // `fetch` says by a TypeError that the server cannot be reached.
    expect(await answering(new Response('<html></html>'))).toBeInstanceOf(TypeError);
  });

  it('says why the server has refused it, as far as that can be read', async () => {
    const refused = Response.json({ code: 'tooLate', title: 'Too late.' }, { status: 409 });
    expect(await answering(refused)).toMatchObject({ status: 409, code: 'tooLate' });
    expect(await answering(new Response('<html></html>', { status: 502 }))).toMatchObject({
      ...{ status: 502, code: 'unknown' },
    });
    expect(await answering(new Response(cut(), { status: 503 }))).toMatchObject({ status: 503 });
  });
});
