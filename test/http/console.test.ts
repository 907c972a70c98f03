import type { OfficerRole } from '../../src/core/authentication/officer-roles';
import { linesOf } from '../../src/core/custody/chain';
import { Table } from '../../src/adapters/storage/table';
import { HttpApp, read, type Answer } from '../helpers/http-app';
import { TestRequest } from '../helpers/http-requests';

const justification = '=Seen at the counter.';

let app: HttpApp;
beforeAll(async () => {
  app = await HttpApp.start({ HAND_OVER_BY: 'twoOfficers' });
}, 60_000);
afterAll(() => app.stop());

const tokenOf = async (
  oid: string,
  roles: OfficerRole[] = ['Requests.Read', 'Requests.Decide', 'Requests.Deliver'],
): Promise<{ Authorization: string }> => ({
  Authorization: `Bearer ${await app.directory.accessToken({ oid, name: oid, roles })}`,
});

/** What an officer does; `body` beside the justification. */
async function act(
  oid: string,
  request: TestRequest,
  path: string,
  body: Record<string, unknown> = {},
): Promise<Answer> {
  const sent = { justification, ...body };
  return read(await app.post(`${request.path}/${path}`, sent, await tokenOf(oid)));
}

describe('the custody record as a table', () => {
  const table = async (
    { path }: TestRequest,
    query: string,
    headers: Record<string, string> = {},
  ): Promise<Response> =>
    app.fetch(`${path}/custody${query}`, {
      headers: { ...(await app.bearer('Requests.Read')), ...headers },
    });

  it('has a row for each entry, with who did what and why, and no formula', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    await act('ann', request, 'identity', { checkMethod: 'byPost' });
    const { entries, annotations } = await app.parts.ledger.custody(request.id);
    const response = await table(request, '?format=csv');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename="custody-${request.id}.csv"`,
    );
    expect(response.headers.get('cache-control')).toBe('no-store');
    const [head, ...rows] = (await response.text()).trim().split('\r\n');
    expect(head).toBe(
      'sequence,at,event,from,to,reasonCode,detail,officer,justification,actor,previous,hash',
    );
    expect(rows).toHaveLength(entries.length);
    const checked = linesOf(entries, annotations).find(({ event }) => event === 'identityChecked');
    expect(rows[Number(checked?.sequence) - 1]).toContain(
      `identityChecked,,,,checkMethod: byPost; isRepresentative: false,ann,'${justification},${String(checked?.actor)}`,
    );
    expect(rows.at(-1)).toContain(String(entries.at(-1)?.hash));
  });

  it.each([
    ['?format=csv', {}, 'text/csv; charset=utf-8'],
    ['', { Accept: 'text/csv' }, 'text/csv; charset=utf-8'],
    ['?format=json', { Accept: 'text/csv' }, 'application/json; charset=utf-8'],
    ['', { Accept: 'application/json, text/csv' }, 'application/json; charset=utf-8'],
    ['', {}, 'application/json; charset=utf-8'],
    ['?format=xml', {}, 'application/problem+json; charset=utf-8'],
  ])('is what a call asks for: %j %j', async (query, headers, type) => {
    const request = await TestRequest.in(app, 'received');
    expect((await table(request, query, { ...headers })).headers.get('content-type')).toBe(type);
  });

  it('is separated as spreadsheets of the reader read it', async () => {
    const request = await TestRequest.in(app, 'received');
    const response = await table(request, '?format=csv', { 'Accept-Language': 'de-DE,en;q=0.5' });
    expect(await response.text()).toContain('sequence;at;event');
  });

  it('says by its name that the record was changed', async () => {
    const request = await TestRequest.in(app, 'available');
    await request.move('delivered');
    const { length } = await request.entries();
    const rows = new Table(app.storage.connectionString, 'requests');
    await rows.delete(request.id, `custody-${String(length).padStart(6, '0')}`);
    const response = await table(request, '?format=csv');
    expect(response.headers.get('content-disposition')).toContain(`${request.id}-changed.csv`);
  });
});
