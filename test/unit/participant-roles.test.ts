import {
  isStaffPurpose,
  nameFields,
  roleOf,
  type ParticipantRole,
} from '../../src/core/redaction/people/fields';

const staff = ['agent', 'user', 'internal'];
const outside = ['customer', 'external'];
const programs = [
  ...['acd', 'api', 'botflow', 'campaign', 'dialer', 'fax', 'group', 'inbound', 'ivr', 'manual'],
  ...['outbound', 'queue', 'voicemail', 'voicesurveyflow', 'workflow'],
];
const isTheirs = (): boolean => true;
const isNot = (): boolean => false;
const neverAsked = (): boolean => {
  throw new Error('asked whether it is the person');
};

describe('a participant of a conversation', () => {
  it.each(outside)(
    'from outside (%s) is the person or somebody else, whoever serves',
    (purpose) => {
      for (const userId of [undefined, 'u1']) {
        expect(roleOf({ purpose, userId }, isTheirs)).toBe('own');
        expect(roleOf({ purpose, userId }, isNot)).toBe('other');
      }
    },
  );

  it.each<[unknown, ParticipantRole]>([
    ...staff.map((purpose): [string, ParticipantRole] => [purpose, 'staff']),
    ...programs.map((purpose): [string, ParticipantRole] => [purpose, 'system']),
    ...[undefined, null].map((purpose): [unknown, ParticipantRole] => [purpose, 'system']),
    ...['', 'supervisor', 'Acd', 7].map((purpose): [unknown, ParticipantRole] => [
      purpose,
      'staff',
    ]),
  ])('with the purpose %s and no user is %s', (purpose, expected) => {
    expect(roleOf({ purpose }, neverAsked)).toBe(expected);
    for (const userId of ['', null, 7])
      expect(roleOf({ purpose, userId }, neverAsked)).toBe(expected);
    expect(roleOf({ purpose, userId: 'u1' }, neverAsked)).toBe('staff');
  });

  it('is staff by the purposes of staff alone', () => {
    expect([...outside, ...programs, ...staff, '', undefined, null].filter(isStaffPurpose)).toEqual(
      staff,
    );
  });
});

describe('a field of the source', () => {
  it.each([
    ...['name', 'nameRaw', 'participantName', 'displayName', 'nickname', 'aniName'],
    ...['callbackUserName', 'callerIdName', 'remoteNameDisplayable', 'agentName', 'userName'],
    ...['preferredName', 'socialUserName', 'transferTargetName'],
  ])('holds a name in %s', (field) => {
    expect(nameFields.has(field)).toBe(true);
  });

  it.each(['', 'id', 'text', 'queueName', 'firstName'])('holds no name in "%s"', (field) => {
    expect(nameFields.has(field)).toBe(false);
  });
});
