import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyticsView } from '../../local/genesys/analytics-view';
import { renderAudio } from '../../local/genesys/audio';
import { matches, type Filter } from '../../local/genesys/filters';
import { generateOrganisation } from '../../local/genesys/generate';
import { isWithinReach, readOrganisation } from '../../local/genesys/organisation';
import { matchRoute, parseRoute } from '../../local/host/routes';

const now = new Date('2026-11-23T12:00:00Z');
const { organisation, subject } = generateOrganisation({ seed: 5, conversations: 40, now });

describe('a generated organisation', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(generateOrganisation({ seed: 5, conversations: 40, now }).organisation).toEqual(
      organisation,
    );
    const other = generateOrganisation({ seed: 6, conversations: 40, now });
    expect(other.subject.id).not.toBe(subject.id);
  });

  it('holds as many reachable conversations of the subject as asked for, and some beyond reach', () => {
    const own = organisation.conversations.filter(({ ownerId }) => ownerId === subject.id);
    expect(own.filter((conversation) => isWithinReach(conversation, now))).toHaveLength(40);
    expect(own.length).toBeGreaterThan(40);
  });

  it('holds people with nearly the same name, number and mailbox, and never the same', () => {
    const others = organisation.contacts.filter(({ id }) => id !== subject.id);
    expect(others.some(({ lastName }) => lastName === subject.lastName)).toBe(true);
    const numberOf = (contact: typeof subject) => contact.phones[0]?.e164 ?? '';
    expect(others.some((o) => numberOf(o).slice(0, -1) === numberOf(subject).slice(0, -1))).toBe(
      true,
    );
    const all = organisation.contacts.flatMap(({ phones, emails }) => [
      ...phones.map(({ e164 }) => e164),
      ...emails.map(({ address }) => address),
    ]);
    expect(new Set(all).size).toBe(all.length);
  });

  it('is read back from a file, and a file that does not fit is refused with every problem', () => {
    const folder = mkdtempSync(join(tmpdir(), 'organisation-'));
    const path = join(folder, 'organisation.json');
    writeFileSync(path, JSON.stringify(organisation));
    expect(readOrganisation(path)).toEqual(organisation);
    writeFileSync(path, JSON.stringify({ ...organisation, name: 7, shoes: [] }));
    expect(() => readOrganisation(path)).toThrow(/name[\s\S]*shoes|shoes[\s\S]*name/);
    rmSync(folder, { recursive: true });
  });
});

describe('audio of a recording', () => {
  it('differs from every other recording, and is as long as it says', () => {
    const recordings = organisation.conversations
      .flatMap((c) => c.recordings.map((r) => [c, r] as const))
      .slice(0, 30);
    const files = recordings.map(([c, r]) => renderAudio(c, r, 'MP3').toString('base64'));
    expect(new Set(files).size).toBe(files.length);
    const [conversation, recording] = recordings[0] ?? [];
    if (!conversation || !recording) throw new Error('no recording');
    const seconds =
      (renderAudio(conversation, recording, 'WAV').length - 200) / (16_000 * recording.channels);
    expect(Math.abs(seconds - recording.seconds)).toBeLessThan(0.1);
  });
});

describe('filters', () => {
  const conversation = organisation.conversations.find(
    ({ channel, linked }) => channel === 'voice' && linked,
  );
  if (!conversation) throw new Error('no conversation');
  const view = analyticsView(conversation, organisation);
  const is = (dimension: string, value: string) => ({ dimension, value });
  const filter = (
    type: 'and' | 'or',
    ...predicates: { dimension: string; value: string }[]
  ): Filter => ({ type, predicates });

  it.each<[string, Filter[], boolean]>([
    ['one that holds', [filter('or', is('externalContactId', conversation.ownerId))], true],
    [
      'one of two',
      [filter('or', is('ani', 'x'), is('remote', `tel:${conversation.address}`))],
      true,
    ],
    ['both of two', [filter('and', is('ani', 'x'), is('mediaType', 'voice'))], false],
    [
      'two filters, one of which fails',
      [filter('or', is('mediaType', 'voice')), filter('or', is('ani', 'x'))],
      false,
    ],
    [
      'what holds on two different segments only',
      [filter('and', is('purpose', 'customer'), is('wrapUpCode', conversation.wrapUpCode))],
      false,
    ],
    ['none', [], true],
  ])('%s', (_name, filters, expected) => {
    expect(matches(view, [], filters)).toBe(expected);
  });

  it('refuse a dimension that does not exist rather than ignore it', () => {
    expect(() => matches(view, [], [filter('or', is('shoeSize', '43'))])).toThrow('not valid');
  });
});

describe('routes', () => {
  it.each([
    ['api/requests/{id}', '/api/requests/a%20b', { id: 'a b' }],
    ['api/requests/{id}', '/api/requests', null],
    ['API/Requests', '/api/requests/', {}],
    ['files/{*rest}', '/files/a/b', { rest: 'a/b' }],
    ['x/{n:int?}', '/x', {}],
    ['x/{n:int}', '/x/y', null],
  ])('%s on %s', (template, path, expected) => {
    expect(matchRoute(parseRoute(template), path)).toEqual(expected);
  });

  it('with a constraint that is not known are refused', () => {
    expect(() => parseRoute('x/{n:prime}')).toThrow("unknown constraint 'prime'");
  });
});
