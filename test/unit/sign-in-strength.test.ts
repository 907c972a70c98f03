import { bearerOf } from '../../src/core/authentication/access-token';
import {
  isStrongEnough,
  type SignInRequirement,
} from '../../src/core/authentication/sign-in-strength';

const now = 1_800_000_000;
const any: SignInRequirement = { acr: [], amr: [], context: null, maxAgeSeconds: null };

describe('how strong a sign-in must be', () => {
  it.each<[string, Partial<SignInRequirement>, Record<string, unknown>, boolean]>([
    ['asks for nothing where nothing is required', {}, {}, true],
    ['is one of the classes', { acr: ['a', 'b'] }, { acr: 'b' }, true],
    ['is no other class', { acr: ['a'] }, { acr: 'c' }, false],
    ['is not a list of classes', { acr: ['a'] }, { acr: ['a'] }, false],
    ['is not a missing class', { acr: ['a'] }, {}, false],
    ['is one of the methods', { amr: ['mfa'] }, { amr: ['pwd', 'mfa'] }, true],
    ['is no other method', { amr: ['mfa'] }, { amr: ['pwd'] }, false],
    ['is not methods in one text', { amr: ['mfa'] }, { amr: 'mfa' }, false],
    ['is not a missing method', { amr: ['mfa'] }, {}, false],
    ['is the context, alone', { context: 'c1' }, { acrs: 'c1' }, true],
    ['is the context, among others', { context: 'c1' }, { acrs: ['c2', 'c1'] }, true],
    ['is no other context', { context: 'c1' }, { acrs: ['c11'] }, false],
    ['is not a class in place of the context', { context: 'c1' }, { acr: 'c1' }, false],
    ['is a recent one', { maxAgeSeconds: 300 }, { auth_time: now - 300 }, true],
    ['is one by a clock that is late', { maxAgeSeconds: 300 }, { auth_time: now - 360 }, true],
    ['is no old one', { maxAgeSeconds: 300 }, { auth_time: now - 361 }, false],
    ['is one by a clock that is early', { maxAgeSeconds: 300 }, { auth_time: now + 60 }, true],
    ['is none to come', { maxAgeSeconds: 300 }, { auth_time: now + 61 }, false],
    ['is none at no time', { maxAgeSeconds: 300 }, {}, false],
    ['is none at a time in words', { maxAgeSeconds: 300 }, { auth_time: `${now}` }, false],
    ['meets every part', { acr: ['a'], amr: ['mfa'] }, { acr: 'a', amr: ['mfa'] }, true],
    ['meets not one part alone', { acr: ['a'], amr: ['mfa'] }, { amr: ['mfa'] }, false],
  ])('%s', (_name, required, claims, expected) => {
    expect(isStrongEnough(claims, { ...any, ...required }, now)).toBe(expected);
  });
});

describe('the kind of a token', () => {
  const program = { roles: ['Requests.Read'], oid: 'p', sub: 'p' };
  it.each<[string, string | undefined, Record<string, unknown>, 'person' | 'program' | null]>([
    ['a person of Entra ID', 'JWT', { scp: 'access', roles: [] }, 'person'],
    ['a person of Entra ID, without a type', undefined, { scp: 'access' }, 'person'],
    ['a program of Entra ID', 'JWT', { ...program, idtyp: 'app' }, 'program'],
    ['a program without idtyp, by a secret', 'JWT', { ...program, azpacr: '1' }, 'program'],
    ['a program without idtyp, by a certificate', 'JWT', { ...program, azpacr: '2' }, 'program'],
    ['a public client without idtyp', 'JWT', { ...program, azpacr: '0' }, null],
    ['somebody whose sub is their own', 'JWT', { ...program, sub: 's', azpacr: '1' }, null],
    ['no program: idtyp of a user', 'JWT', { ...program, idtyp: 'user', azpacr: '1' }, null],
    ['no person: idtyp of a program', 'JWT', { scp: 'access', idtyp: 'app' }, null],
    ['no roles', 'JWT', { idtyp: 'app' }, null],
    ['a person by RFC 9068', 'at+jwt', { sub: 's', client_id: 'c' }, 'person'],
    ['a person by RFC 9068 in full', 'application/at+jwt', { sub: 's', client_id: 'c' }, 'person'],
    ['a program by RFC 9068', 'at+jwt', { sub: 'c', client_id: 'c' }, 'program'],
    ['an id token', 'JWT', { nonce: 'n', sub: 's', oid: 'o', roles: ['Requests.Read'] }, null],
    ['an id token without a nonce', 'JWT', { sub: 's', oid: 'o', roles: ['Requests.Read'] }, null],
    ['an id token with a scope', 'JWT', { nonce: 'n', scp: 'access' }, null],
    ['an id token with a hash of its access token', 'JWT', { at_hash: 'h', scp: 'access' }, null],
    ['an id token with the type of another', 'at+jwt', { nonce: 'n', sub: 's' }, null],
    ['an empty scope', 'JWT', { scp: '' }, null],
    ['another type', 'logout+jwt', { scp: 'access' }, null],
  ])('is told: %s', (_name, type, claims, expected) => {
    expect(bearerOf(type, claims)).toBe(expected);
  });
});
