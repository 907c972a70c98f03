import type { OfficerRole } from '../../src/core/authentication/officer-roles';
import { linesOf } from '../../src/core/custody/chain';
import { translator } from '../../src/core/i18n/translator';
import {
  absent,
  countItems,
  exported,
  failed,
  newItem,
  type Item,
} from '../../src/core/package/items';
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
    const rows = app.table('requests');
    await rows.delete(request.id, `custody-${String(length).padStart(6, '0')}`);
    const response = await table(request, '?format=csv');
    expect(response.headers.get('content-disposition')).toContain(`${request.id}-changed.csv`);
  });
});

describe('the hand-over of a package', () => {
  const handOver = async (
    oid: string,
    { path }: TestRequest,
    roles?: OfficerRole[],
  ): Promise<Record<string, unknown>> => {
    const headers = await tokenOf(oid, roles);
    const { status, body } = await read(await app.fetch(`${path}/hand-over`, { headers }));
    expect(status).toBe(200);
    return body;
  };
  const may = { isPossible: true, problem: null };
  const mayNot = (problem: string) => ({ isPossible: false, problem });
  const actOf = (by: string, isYou: boolean) => ({
    ...{ at: app.clock.now().toISOString(), by, justification, isYou },
  });

  /** A package that is there, of a person whom an officer has identified. */
  async function identified(): Promise<TestRequest> {
    const request = await TestRequest.in(app, 'awaitingVerification');
    await act('ann', request, 'identity', { checkMethod: 'inPerson' });
    for (const state of ['identifying', 'exporting', 'packaging', 'available'] as const)
      await request.move(state);
    return request;
  }

  it('says who has begun it, and that somebody else must approve it', async () => {
    const request = await identified();
    const { availableUntil, packageBytes } = await request.record();
    const confirmed = { event: 'identityChecked', method: 'inPerson' };
    expect(await handOver('ann', request)).toEqual({
      ...{ policy: 'twoOfficers', isAvailable: true, availableUntil, packageBytes },
      confirmation: { ...actOf('ann', true), ...confirmed },
      ...{ approvals: [], handedOver: [] },
      approval: mayNot('otherOfficerRequired'),
      delivery: mayNot('approvalRequired'),
    });
    expect(await handOver('ben', request)).toMatchObject({
      confirmation: { ...actOf('ann', false), ...confirmed },
      approval: may,
      delivery: mayNot('approvalRequired'),
    });
  });

  it('says who has approved it, and who has handed it over', async () => {
    const request = await identified();
    await act('ben', request, 'approve');
    expect(await handOver('ben', request)).toMatchObject({
      approvals: [actOf('ben', true)],
      approval: mayNot('alreadyApproved'),
      delivery: mayNot('approvalRequired'),
    });
    expect(await handOver('ann', request)).toMatchObject({ delivery: may });
    expect((await act('ann', request, 'deliver')).status).toBe(200);
    expect(await handOver('ben', request)).toMatchObject({
      approvals: [actOf('ben', true)],
      handedOver: [actOf('ann', false)],
    });
  });

  it('is in the summary as approved by the officer who asks, and by nobody else', async () => {
    const request = await identified();
    await act('ben', request, 'approve');
    const approved = await Promise.all(
      ['ann', 'ben'].map(async (oid) => {
        const headers = await tokenOf(oid, ['Requests.Read']);
        return (await read(await app.fetch(`${request.path}/summary`, { headers }))).body;
      }),
    );
    expect(approved).toMatchObject([{ hasApproved: false }, { hasApproved: true }]);
  });

  it('has a summary that says how many entries the custody record has', async () => {
    const request = await identified();
    const headers = await tokenOf('ann', ['Requests.Read']);
    const counted = async (): Promise<unknown> =>
      (await read(await app.fetch(`${request.path}/summary`, { headers }))).body;
    const { length } = await request.entries();
    expect(await counted()).toMatchObject({ custodyEntries: length });
    await act('ben', request, 'approve');
    expect(await counted()).toMatchObject({ custodyEntries: length + 1 });
  });

  it('says what the calls would answer, to each officer', async () => {
    const request = await identified();
    for (const step of ['approve', 'deliver']) await act('ben', request, step);
    for (const oid of ['ann', 'ben', 'cem']) {
      const { approval, delivery } = (await handOver(oid, request)) as {
        approval: { problem: string | null };
        delivery: { problem: string | null };
      };
      const approved = await act(oid, request, 'approve');
      // An approval that is given stands.
      if (approval.problem !== 'alreadyApproved')
        expect([oid, approved.code]).toEqual([oid, approval.problem ?? undefined]);
      const delivered = await act(oid, request, 'deliver');
      expect([oid, delivered.code]).toEqual([oid, delivery.problem ?? undefined]);
    }
  });

  it("is nobody's without the role, and of no package that is not there", async () => {
    const request = await identified();
    expect(await handOver('cem', request, ['Requests.Read'])).toMatchObject({
      approval: mayNot('roleRequired'),
      delivery: mayNot('roleRequired'),
    });
    const early = await TestRequest.in(app, 'packaging');
    expect(await handOver('cem', early)).toMatchObject({
      ...{ isAvailable: false, confirmation: null },
      approval: mayNot('notAvailable'),
      delivery: mayNot('notAvailable'),
    });
  });

  it('keeps that somebody did it once names and reasons are deleted', async () => {
    const request = await identified();
    await app.parts.ledger.deleteAnnotations(request.id);
    expect(await handOver('ann', request)).toMatchObject({
      confirmation: { by: null, justification: null, isYou: true },
    });
  });
});

describe('the report, as far as it is known', () => {
  const report = async (
    { path }: TestRequest,
    language?: string,
  ): Promise<Record<string, unknown>> => {
    const headers = await app.bearer('Requests.Read');
    const query = language === undefined ? '' : `?language=${language}`;
    return (await read(await app.fetch(`${path}/report${query}`, { headers }))).body;
  };

  /** Stores items of a request on some pages, and their counts, as the export leaves them. */
  async function store({ id }: TestRequest, pages: Item[][]): Promise<void> {
    const { items } = app.parts;
    for (const [page, all] of pages.entries()) {
      await items.put(id, page, all);
      await items.putCounts(id, page, countItems(all));
    }
  }
  const call = (number: number): Item => exported(newItem(number, 'conversation', 1, null), entry);
  const entry = { name: 'data/secret-name.json', size: 1, sha256: 'a' };
  const audio = (number: number): Item => newItem(number, 'audio', 1, 'recording-id');

  it('lists what has failed by kind and reason, over all pages, without ids or names', async () => {
    const request = await TestRequest.in(app, 'failed', {
      record: { exportAttempts: 1, pages: 2, conversations: 3 },
    });
    const other = await TestRequest.in(app, 'failed');
    await store(other, [[failed(audio(1), 'tooLarge')]]);
    await store(request, [
      [absent(newItem(0, 'note', 1, 'note-id'), 'noContactRecord')],
      [call(1), call(2), failed(audio(1), 'notDelivered'), failed(audio(2), 'tooLarge')],
      [call(3), failed(audio(3), 'notDelivered'), newItem(3, 'transcript', 1, null)],
      [
        { ...newItem(3, 'screen', 1, 'recording-id'), reason: 'archivedInSource' },
        newItem(3, 'screen', 2, null),
      ],
    ]);
    // Of what is under way, that is read of which something is known; how much else there is, is counted.
    const missing = await app.parts.items.missing(request.id);
    expect(missing.filter(({ status }) => status === 'pending')).toHaveLength(1);
    const body = await report(request);
    expect(body).toMatchObject({
      ...{ isPreview: true, failedItems: 3, acceptedFailures: 0 },
      failures: [
        { kind: 'audio', reason: 'notDelivered', count: 2 },
        { kind: 'audio', reason: 'tooLarge', count: 1 },
      ],
      kinds: [
        { kind: 'conversation', exported: 3, of: 3, missing: [] },
        {
          ...{ kind: 'audio', exported: 0, of: 3 },
          missing: [
            { status: 'failed', reason: 'notDelivered', count: 2 },
            { status: 'failed', reason: 'tooLarge', count: 1 },
          ],
        },
        {
          ...{ kind: 'screen', of: 2 },
          missing: [
            { status: 'pending', reason: 'archivedInSource', count: 1 },
            { status: 'pending', reason: null, count: 1 },
          ],
        },
        { kind: 'transcript', of: 1, missing: [{ status: 'pending', reason: null, count: 1 }] },
        { kind: 'note', missing: [{ status: 'absent', reason: 'noContactRecord', count: 1 }] },
      ],
    });
    const text = (body['sentences'] as string[]).join(' ');
    expect(text).toContain('Conversations: 3 of 3');
    expect(text).toContain('2 recordings listed by the source but not delivered');
    // What is still under way is not said to be missing.
    expect(text).toContain('Transcripts: 0 of 1 recording. ');
    expect(JSON.stringify(body)).not.toMatch(/secret-name|recording-id|note-id|Zoe|mail\.example/);
  });

  it('is the report itself once that is written', async () => {
    const request = await TestRequest.in(app, 'available', {
      record: { availability: [{ about: 'noContactRecord' }], exportAttempts: 1 },
    });
    const body = await report(request);
    expect(body).toMatchObject({ isPreview: false, failures: [], kinds: [] });
    expect(body['sentences']).toHaveLength(1);
  });

  it('speaks the language that is asked for, English where it is none of the app', async () => {
    const request = await TestRequest.in(app, 'available', {
      record: { availability: [{ about: 'noContactRecord' }], exportAttempts: 1 },
    });
    const sentenceIn = async (language?: string): Promise<unknown> => {
      const { sentences, language: spoken } = await report(request, language);
      return [spoken, ...(sentences as string[])];
    };
    const inLanguage = (tag: string): string[] => [
      tag,
      translator(app.parts.locales, tag).t('report.noContactRecord'),
    ];
    expect(await sentenceIn()).toEqual(inLanguage('en'));
    expect(await sentenceIn('de')).toEqual(inLanguage('de'));
    expect(await sentenceIn('fr-CA')).toEqual(inLanguage('fr'));
    expect(await sentenceIn('xx')).toEqual(inLanguage('en'));
  });

  it.each(['received', 'refused'] as const)(
    'says nothing before there is anything, or when nothing is left: %s',
    async (state) => {
      const request = await TestRequest.in(app, state);
      if (state === 'refused') await request.cleanUp();
      expect(await report(request)).toEqual({
        ...{ isPreview: true, language: 'en', sentences: [], kinds: [], failures: [] },
        ...{ failedItems: 0, acceptedFailures: 0 },
      });
    },
  );
});
