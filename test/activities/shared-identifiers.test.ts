import { lines, type Held, type Line, type Person } from '../helpers/people';
import { PeopleRequest } from '../helpers/people-request';

const lineNamed = (name: string): Line => {
  const line = lines.find((one) => one.name === name);
  if (line === undefined) throw new Error('There is no such line.');
  return line;
};
const mailbox = lineNamed('family mailbox');
const mexican = lineNamed('Mexican');
const [before = '', today = ''] = mexican.onFile;

const held = (line: Line, value = line.onFile[0] ?? '', extension: string | null = null): Held => ({
  ...{ line, value, extension },
  since: null,
});
const contact = (id: string, own: Held[], merged: Held[] | null = null): Person => ({
  ...{ id, created: 2020, held: own, owner: 0, isHidden: false },
  merged: merged && { id: `${id} before`, created: 2018, held: merged, isDeleted: false },
});
const own = held(mailbox);
const second = held(lineNamed('Gmail'));

/** Contacts of which the first one, or the first two, are found by their mailboxes. */
const rows: [string, Person[], string[]][] = [
  ['nobody', [contact('a', [own, held(mexican)])], []],
  [
    'another contact',
    [contact('a', [own, held(mexican)]), contact('b', [held(mexican)])],
    [before],
  ],
  [
    'another contact, in another spelling',
    [contact('a', [own, held(mexican)]), contact('b', [held(mexican, today)])],
    [before],
  ],
  [
    'another contact with an extension',
    [contact('a', [own, held(mexican)]), contact('b', [held(mexican, before, '12')])],
    [before],
  ],
  ['a switchboard', [contact('a', [own, held(mexican, before, '12')])], [before]],
  [
    'a switchboard by a merged contact',
    [contact('a', [own, held(mexican)], [held(mexican, before, '12')])],
    [before],
  ],
  [
    'a contact that was merged into the other candidate',
    [contact('a', [own, held(mexican)]), contact('b', [second], [held(mexican, today)])],
    [before, today],
  ],
  [
    'contacts that were merged into either candidate',
    [contact('a', [own], [held(mexican)]), contact('b', [second], [held(mexican, today)])],
    [before, today],
  ],
];

describe('an identifier of a candidate', () => {
  it.each(rows)('is shared where it is held by %s', async (_by, contacts, expected) => {
    const asked = [own, second].map(({ line, value }) => ({ type: line.type, value }));
    const request = new PeopleRequest({ contacts, talks: [], asked }, 'oidc');
    await request.resolve();
    expect(request.details.contactMatches?.shared.toSorted()).toEqual(expected.toSorted());
  });
});

describe('the candidates', () => {
  it('are all that have a mailbox in a spelling that is no word of the first search', async () => {
    const gmail = lineNamed('Gmail');
    const [plain = '', dotted = ''] = gmail.onFile;
    const contacts = ['a', 'b'].map((id) => contact(id, [held(gmail, dotted)]));
    const asked = [{ type: gmail.type, value: plain }];
    const request = new PeopleRequest({ contacts, talks: [], asked }, 'oidc');
    await request.resolve();
    expect(request.outcome).toBe('ambiguousContact');
    expect(request.details.contactMatches?.candidates.map(({ id }) => id)).toEqual(['a', 'b']);
  });
});
