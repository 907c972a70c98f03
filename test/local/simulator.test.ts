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
  it('is the same for the same seed, and differs for another seed', () => {
    expect(generateOrganisation({ seed: 5, conversations: 40, now }).organisation).toEqual(
      organisation,
    );
    const other = generateOrganisation({ seed: 6, conversations: 40, now });
    expect(other.subject.id).not.toBe(subject.id);
  });

  it('has the wanted number of searchable conversations of the subject, and some that are too old', () => {
    const own = organisation.conversations.filter(({ ownerId }) => ownerId === subject.id);
    expect(own.filter((conversation) => isWithinReach(conversation, now))).toHaveLength(40);
    expect(own.length).toBeGreaterThan(40);
  });

  it('has people with a similar name, number and email address, and never the same', () => {
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

  it('is read back from a file, and an invalid file is refused with all its problems', () => {
    const folder = mkdtempSync(join(tmpdir(), 'organisation-'));
    const path = join(folder, 'organisation.json');
    writeFileSync(path, JSON.stringify(organisation));
    expect(readOrganisation(path)).toEqual(organisation);
    writeFileSync(path, JSON.stringify({ ...organisation, name: 7, shoes: [] }));
    expect(() => readOrganisation(path)).toThrow(/name[\s\S]*shoes|shoes[\s\S]*name/);
    rmSync(folder, { recursive: true });
  });
});

describe('the audio of a recording', () => {
  it('differs from all other recordings, and has the stated length', () => {
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
    ['a filter that matches', [filter('or', is('externalContactId', conversation.ownerId))], true],
    [
      'an or-filter with one of two',
      [filter('or', is('ani', 'x'), is('remote', `tel:${conversation.address}`))],
      true,
    ],
    [
      'an and-filter with one of two',
      [filter('and', is('ani', 'x'), is('mediaType', 'voice'))],
      false,
    ],
    [
      'two filters, one of which does not match',
      [filter('or', is('mediaType', 'voice')), filter('or', is('ani', 'x'))],
      false,
    ],
    [
      'predicates that match on different segments only',
      [filter('and', is('purpose', 'customer'), is('wrapUpCode', conversation.wrapUpCode))],
      false,
    ],
    ['no filter', [], true],
  ])('evaluate %s', (_name, filters, expected) => {
    expect(matches(view, [], filters)).toBe(expected);
  });

  it('refuse an unknown dimension', () => {
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
  ])('match %s against %s', (template, path, expected) => {
    expect(matchRoute(parseRoute(template), path)).toEqual(expected);
  });

  it('are refused with an unknown constraint', () => {
    expect(() => parseRoute('x/{n:prime}')).toThrow("unknown constraint 'prime'");
  });
});
