import type { OfficerRole } from '../../src/core/authentication/officer-roles';
import { HttpApp, read, type Answer } from '../helpers/http-app';
import { TestRequest } from '../helpers/http-requests';

const justification = 'Seen at the counter.';
/** Seven groups of four, as a person types them. */
const passphrase = /^(\w{4}-){6}\w{4}$/;
const roles: OfficerRole[] = ['Requests.Read', 'Requests.Decide', 'Requests.Deliver'];

let app: HttpApp;
beforeAll(async () => {
  app = await HttpApp.start({ HAND_OVER_BY: 'twoOfficers' });
}, 60_000);
afterAll(() => app.stop());

/** What an officer does; `body` beside the justification. */
async function act(
  oid: string,
  request: TestRequest,
  path: string,
  body: Record<string, unknown> = {},
): Promise<Answer> {
  const token = await app.directory.accessToken({ oid, name: oid, roles });
  const headers = { Authorization: `Bearer ${token}` };
  return read(await app.post(`${request.path}/${path}`, { justification, ...body }, headers));
}
const outcome = ({ status, code }: Answer): string =>
  code === undefined ? String(status) : `${status} ${code}`;
const does = async (...given: Parameters<typeof act>): Promise<string> =>
  outcome(await act(...given));

/** Ways in which an officer says who the person is. */
const confirmations: [string, (request: TestRequest) => Promise<string>][] = [
  [
    'has checked the identity',
    (request) => does('ann', request, 'identity', { checkMethod: 'inPerson' }),
  ],
  ['has issued a code', (request) => does('ann', request, 'code')],
  [
    'has decided that officers check it',
    (request) => does('ann', request, 'decision', { method: 'officer' }),
  ],
];

async function release(request: TestRequest): Promise<void> {
  for (const state of ['identifying', 'exporting', 'packaging', 'available'] as const)
    await request.move(state);
}

describe('the hand-over of a package by two officers', () => {
  it.each(confirmations)('is approved by another than who %s', async (_name, confirm) => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    expect(await confirm(request)).toBe('200');
    await release(request);
    const count = (await request.entries()).length;
    expect(await does('ann', request, 'deliver')).toBe('409 approvalRequired');
    expect(await does('ann', request, 'approve')).toBe('403 otherOfficerRequired');
    expect(await does('ann', request, 'deliver')).toBe('409 approvalRequired');
    // Nobody hands over what they alone have approved.
    expect(await does('ben', request, 'approve')).toBe('200');
    expect(await does('ben', request, 'deliver')).toBe('409 approvalRequired');
    const handed = await act('ann', request, 'deliver');
    expect(outcome(handed)).toBe('200');
    expect((await fetch(String(handed.body['url']))).status).toBe(200);
    expect(await request.events(count)).toEqual([
      'handOverApproved',
      'handedOver twoOfficers',
      'messageSent handedOver email',
    ]);
    const actors = (await request.entries()).slice(count).map(({ actor }) => actor);
    const actorOf = (oid: string) => app.parts.keys.keyedHash('officer', oid).slice(0, 32);
    expect(actors).toEqual([actorOf('ben'), actorOf('ann'), null]);
  });

  it('is approved once by an officer, and only a package that is there', async () => {
    const request = await TestRequest.in(app, 'packaging');
    expect(await does('ben', request, 'approve')).toBe('409 notAvailable');
    await request.move('available');
    const count = (await request.entries()).length;
    expect(await does('ben', request, 'approve')).toBe('200');
    expect(await does('ben', request, 'approve')).toBe('200');
    expect(await request.events(count)).toEqual(['handOverApproved']);
    await request.move('recalled');
    expect(await does('cem', request, 'approve')).toBe('409 notAvailable');
  });

  it('needs a new approval when the package is another one', async () => {
    const request = await TestRequest.in(app, 'available');
    expect(await does('ben', request, 'approve')).toBe('200');
    await app.parts.packages.delete(request.id);
    for (const state of ['failed', 'exporting', 'packaging', 'available'] as const)
      await request.move(state);
    expect(await does('ann', request, 'deliver')).toBe('409 approvalRequired');
  });

  it('is approved by nobody who issues a code afterwards', async () => {
    const request = await TestRequest.in(app, 'available');
    expect(await does('ben', request, 'approve')).toBe('200');
    expect(await does('ben', request, 'code')).toBe('403 otherOfficerRequired');
    expect(await does('ann', request, 'code')).toBe('200');
    expect(await does('ann', request, 'deliver')).toBe('200');
  });

  it('opens the portal to a code of an officer only after another has approved it', async () => {
    const request = await TestRequest.in(app, 'available');
    const person = await request.opened();
    const { body } = await act('ann', request, 'code');
    expect(await person.verify(String(body['code']), 'officer')).toMatchObject({
      step: 'download',
    });
    const calls = [
      () => person.call('POST', 'passphrase'),
      () => person.link('page'),
      () => person.call('POST', 'delivered', { bytes: 20 }),
    ];
    for (const call of calls)
      await expect(call()).rejects.toMatchObject({ status: 409, code: 'approvalRequired' });
    expect(await does('ann', request, 'approve')).toBe('403 otherOfficerRequired');
    await expect(person.call('POST', 'passphrase')).rejects.toMatchObject({
      code: 'approvalRequired',
    });
    expect(await does('ben', request, 'approve')).toBe('200');
    const answers: unknown[] = [];
    for (const call of calls) answers.push(await call());
    expect(answers).toEqual([
      { passphrase: expect.stringMatching(passphrase) as string },
      expect.objectContaining({ url: expect.stringContaining('/packages/') as string }),
      {},
    ]);
  });

  it('asks nobody where the person proves by themselves who they are', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    expect(await does('ann', request, 'identity', { checkMethod: 'inPerson' })).toBe('200');
    await release(request);
    const person = await request.opened();
    await person.verify(await request.code(person));
    expect(await person.call('POST', 'passphrase')).toEqual({
      passphrase: expect.stringMatching(passphrase) as string,
    });
  });
});
