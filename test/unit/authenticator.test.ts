import {
  afterCode,
  confirmed,
  unconfirmed,
  type AuthenticatorState,
} from '../../src/core/authentication/authenticator';

const state: AuthenticatorState = {
  isConfirmed: true,
  lastStep: 100,
  recovery: ['hash of ABCDE12345', 'hash of FGHJK67890'],
};
/** Codes of the app are their steps; recovery codes are known by their hashes. */
const checks = {
  stepOf: (code: string) => (code === '000000' ? null : Number(code)),
  hashesOf: (code: string) => [`new hash of ${code}`, `hash of ${code}`],
};
const after = (code: string, from = state) => afterCode(from, code, checks);

describe('a new authenticator', () => {
  it('is not confirmed, and accepts no code before', () => {
    expect(unconfirmed).toEqual({ isConfirmed: false, lastStep: 0, recovery: [] });
    expect(after('000101', { ...state, isConfirmed: false })).toBeNull();
    expect(after('ABCDE12345', { ...state, isConfirmed: false })).toBeNull();
  });

  it('is confirmed by its first code, which is used then', () => {
    const next = confirmed(unconfirmed, 100, ['hash']);
    expect(next).toEqual({ isConfirmed: true, lastStep: 100, recovery: ['hash'] });
    expect(after('000100', next as AuthenticatorState)).toBeNull();
  });

  it('is not confirmed by a wrong code, nor a second time', () => {
    expect(confirmed(unconfirmed, null, ['hash'])).toBeNull();
    expect(confirmed(state, 101, ['hash'])).toBeNull();
  });
});

describe('a code of the app', () => {
  it.each([
    ['of the next step', '000101', 101],
    ['of a later step', '000250', 250],
    ['with a space', '000 101', 101],
    ['with a hyphen and spaces around', ' 000-101 ', 101],
  ])('%s is accepted', (_name, code, lastStep) => {
    expect(after(code)).toEqual({ ...state, lastStep });
  });

  it.each([
    ['of the step of the last one', '000100'],
    ['of an earlier step', '000099'],
    ['that is wrong', '000000'],
    ['of five digits', '00101'],
    ['of seven digits', '0000101'],
    ['with letters beside it', 'a000101'],
    ['with letters after it', '000101a'],
    ['that is empty', ''],
  ])('%s is not accepted', (_name, code) => {
    expect(after(code)).toBeNull();
  });
});

describe('a recovery code', () => {
  it.each(['ABCDE12345', 'abcde12345', 'ABCDE-12345', ' abc de 123-45 '])(
    'as %j is accepted once',
    (code) => {
      const next = after(code);
      expect(next).toEqual({ ...state, recovery: ['hash of FGHJK67890'] });
      expect(after(code, next as AuthenticatorState)).toBeNull();
    },
  );

  it('is not accepted when it is another one', () => {
    expect(after('ABCDE12346')).toBeNull();
  });
});
