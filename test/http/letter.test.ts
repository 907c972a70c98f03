import { HttpApp, read, type Answer } from '../helpers/http-app';
import { TestRequest } from '../helpers/http-requests';

let app: HttpApp;
beforeAll(async () => {
  app = await HttpApp.start();
}, 60_000);
afterAll(() => app.stop());

const letter = async ({ path }: TestRequest, query: Record<string, string>): Promise<Answer> =>
  read(
    await app.fetch(`${path}/letter?${new URLSearchParams(query).toString()}`, {
      headers: await app.bearer('Requests.Read'),
    }),
  );

describe('a letter before it is sent', () => {
  it('is the one that the person receives, in their language, with the place of an explanation', async () => {
    const request = await TestRequest.in(app, 'exporting', { details: { locale: 'de' } });
    const explained = { letter: 'refused', reasonCode: 'excessive', hasExplanation: 'true' };
    const { status, body } = await letter(request, explained);
    expect(status).toBe(200);
    expect(body).toMatchObject({ language: 'de', dueAt: null });
    expect(body['text']).toMatch(/exzessiv[\s\S]*\{explanation\}[\s\S]*Aufsichtsbehörde/i);
    const plain = await letter(request, { letter: 'refused', reasonCode: 'excessive' });
    expect(plain.body['text']).not.toContain('{explanation}');
    expect(JSON.stringify(body)).not.toContain(request.person.email);
    expect(app.mailbox.emails).toEqual([]);
    expect((await request.record()).state).toBe('exporting');
  });

  it('names the new last day of an extension, and is no extension', async () => {
    const request = await TestRequest.in(app, 'exporting');
    const { body } = await letter(request, { letter: 'extended', reasonCode: 'complexity' });
    expect(body['dueAt']).toMatch(/^2027-02-/);
    expect(body['text']).toContain('February');
    expect((await request.record()).extendedAt).toBeNull();
  });

  it('has a reason that such a letter can have', async () => {
    const request = await TestRequest.in(app, 'exporting');
    const other = await letter(request, { letter: 'extended', reasonCode: 'excessive' });
    expect([other.status, other.code]).toEqual([400, 'invalidQuery']);
    const none = await letter(request, { letter: 'available', reasonCode: 'excessive' });
    expect([none.status, none.code]).toEqual([400, 'invalidQuery']);
  });

  it('is not there once the details are deleted', async () => {
    const request = await TestRequest.in(app, 'exporting');
    await request.cleanUp();
    const { status, code } = await letter(request, { letter: 'refused', reasonCode: 'excessive' });
    expect([status, code]).toEqual([409, 'wrongState']);
  });
});
