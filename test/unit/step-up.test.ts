import {
  isSufficient,
  stepUpMethods,
  usableMethods,
  type StepUpMethod,
} from '../../src/core/authentication/step-up';

const none = { hasPhone: false, hasTotp: false, hasLogin: false };
const all = { hasPhone: true, hasTotp: true, hasLogin: true };

describe('the methods that a person can use', () => {
  it.each([
    ['nothing', none, []],
    ['a number', { ...none, hasPhone: true }, ['sms']],
    ['an authenticator app', { ...none, hasTotp: true }, ['totp']],
    ['a login', { ...none, hasLogin: true }, ['oidc']],
    ['everything', all, ['sms', 'totp', 'oidc']],
  ])('with %s are what the policy offers and the person has', (_name, enrolled, expected) => {
    const policy = { offered: stepUpMethods, isSmsSufficient: true };
    expect(usableMethods(policy, enrolled)).toEqual(expected);
  });

  it.each<[StepUpMethod[], StepUpMethod[]]>([
    [
      ['oidc', 'sms'],
      ['oidc', 'sms'],
    ],
    [['totp'], ['totp']],
    [['officer'], []],
    [[], []],
  ])('are in the order of the policy, which offers %j', (offered, expected) => {
    expect(usableMethods({ offered, isSmsSufficient: true }, all)).toEqual(expected);
  });
});

describe('the completed methods', () => {
  it.each<[StepUpMethod[], boolean, boolean]>([
    [[], false, false],
    [[], true, false],
    [['sms'], false, false],
    [['sms'], true, true],
    [['sms', 'totp'], false, true],
    [['sms', 'sms'], false, false],
    [['totp'], false, true],
    [['oidc'], false, true],
    [['officer'], false, true],
  ])(
    '%j are sufficient, where a number alone is %s: %s',
    (completed, isSmsSufficient, expected) => {
      expect(isSufficient(completed, { isSmsSufficient })).toBe(expected);
    },
  );

  it('are of four kinds', () => {
    expect(stepUpMethods).toEqual(['sms', 'totp', 'oidc', 'officer']);
  });
});
