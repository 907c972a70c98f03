import type { OfficerRole } from '../../src/core/authentication/officer-roles';
import { newPerson, ticketOf } from './http-requests';

/** Who may call a route. */
export type Access =
  | 'everybody'
  | 'functionKey'
  /** Whoever is signed in as an officer, with any role. */
  | 'officer'
  | OfficerRole
  /** The officers' page, without a sign-in. */
  | 'officerPage'
  /** The portal's page; with a session, or with a session after a step-up. */
  | 'portalPage'
  | 'session'
  | 'stepUp';

export interface Row {
  /** Method and route, as registered. */
  route: string;
  access: Access;
  /** A further role that opens the route. */
  also?: OfficerRole;
  /** A body that the call accepts; undefined for a call without one. */
  body?: Record<string, unknown>;
  /** Longest body in bytes. */
  limit?: number;
}

const justification = 'Spoke with the person.';
const contactId = '00000000-0000-4000-8000-000000000000';
const officerLimit = 16 * 1024;
const decisionLimit = 256 * 1024;
const smallLimit = 4096;

const officer = (path: string, role: OfficerRole, body?: Record<string, unknown>): Row => ({
  route: `${body ? 'POST' : 'GET'} api/requests/{requestId}/${path}`,
  access: role,
  ...(body ? { body, limit: officerLimit } : {}),
});
const withLimit = (limit: number, ...given: Parameters<typeof officer>): Row => ({
  ...officer(...given),
  limit,
});
const portal = (path: string, access: Access, body: Record<string, unknown> = {}): Row => ({
  route: `POST portal/api/${path}`,
  access,
  body,
  limit: smallLimit,
});
const enrolment = (path: string, body: Record<string, unknown>): Row => ({
  route: `POST api/authenticators${path}`,
  access: 'Authenticators.Enrol',
  body,
  limit: smallLimit,
});
const page = (path: string): Row => ({ route: `GET,HEAD ${path}`, access: 'everybody' });

/** Every route of the app. */
export const rows: readonly Row[] = [
  {
    route: 'POST api/requests',
    access: 'functionKey',
    body: ticketOf(newPerson(), { name: 'Zoe', callback: 'https://tickets.example', locale: 'de' }),
    limit: 64 * 1024,
  },
  { route: 'GET api/requests/{requestId}', access: 'functionKey' },
  { route: 'GET api/requests', access: 'Requests.Read' },
  {
    route: 'POST api/requests/search',
    access: 'Requests.Read',
    body: { ticketId: 'T-1' },
    limit: officerLimit,
  },
  officer('summary', 'Requests.Read'),
  officer('decision', 'Requests.Read'),
  officer('custody', 'Requests.Read'),
  officer('webhooks', 'Requests.Read'),
  officer('letter', 'Requests.Read'),
  { route: 'GET api/request-counts', access: 'Requests.Read' },
  { route: 'GET api/statistics', access: 'Requests.Read' },
  officer('report', 'Requests.Read'),
  officer('hand-over', 'Requests.Read'),
  officer('messages', 'Requests.Read'),
  officer('messages/{messageId}/text', 'Requests.Decide', { justification }),
  officer('messages/{messageId}/send-again', 'Requests.Decide', { justification }),
  officer('webhooks', 'Requests.Decide', {}),
  officer('decision/conversations', 'Requests.Read'),
  officer('decision/reveal', 'Requests.Decide', { justification }),
  withLimit(decisionLimit, 'decision', 'Requests.Decide', {
    contactIds: [contactId],
    identifiers: [{ identifier: 1, verdict: 'withhold' }],
    contacts: [{ contactId, verdict: 'include' }],
    conversations: [{ conversationId: contactId, verdict: 'include' }],
    method: 'officer',
    codeTo: 1,
    inviteTo: 2,
    undecided: 'wait',
    justification,
  }),
  officer('identity', 'Requests.Decide', {
    checkMethod: 'inPerson',
    isRepresentative: true,
    justification,
  }),
  officer('mandate', 'Requests.Decide', {
    mandate: 'lawyer',
    checkMethod: 'byPost',
    mailboxCheck: 'onMandate',
    justification,
  }),
  officer('cancel', 'Requests.Decide', { reasonCode: 'withdrawn', justification }),
  officer('refuse', 'Requests.Decide', {
    reasonCode: 'excessive',
    explanation: 'The tenth one.',
    justification,
  }),
  officer('extend', 'Requests.Decide', {
    reasonCode: 'complexity',
    explanation: 'Ten years.',
    justification,
  }),
  officer('retry', 'Requests.Decide', { justification, acceptFailures: true }),
  officer('recall', 'Requests.Recall', { justification }),
  officer('code', 'Requests.Deliver', { justification }),
  officer('approve', 'Requests.Deliver', { justification }),
  officer('release', 'Requests.Deliver', { justification }),
  officer('deliver', 'Requests.Deliver', { justification }),
  enrolment('', { contactId, organisation: 'main' }),
  enrolment('/confirm', { contactId, organisation: 'main', code: '123456' }),
  enrolment('/remove', { contactId, organisation: 'main' }),
  { route: 'POST portal/officer/sign-in', access: 'officerPage' },
  { route: 'POST portal/officer/sign-out', access: 'officerPage' },
  { route: 'GET portal/officer/callback', access: 'everybody' },
  { route: 'GET portal/officer/me', access: 'officer' },
  portal('open', 'portalPage', { token: 'A'.repeat(43) }),
  portal('code', 'session'),
  portal('verify', 'session', { method: 'sms', code: '12345678' }),
  portal('login', 'session'),
  portal('app', 'stepUp'),
  portal('app/confirm', 'stepUp', { code: '123456' }),
  portal('download', 'stepUp', { by: 'page' }),
  portal('delivered', 'stepUp', { bytes: 1 }),
  portal('passphrase', 'stepUp'),
  portal('sign-out', 'portalPage'),
  portal('intake/puzzle', 'portalPage'),
  {
    ...portal('intake', 'portalPage', {
      name: 'Zoe',
      identifiers: [{ type: 'email', value: 'zoe@mail.example' }],
      locale: 'de',
      timeZone: 'Europe/Berlin',
      solution: 'x',
    }),
    limit: 12 * 1024,
  },
  { route: 'GET portal/api/request', access: 'session' },
  { route: 'GET portal/callback', access: 'everybody' },
  page('portal'),
  page('portal/portal.css'),
  page('portal/brand.css'),
  page('portal/portal.js'),
  page('portal/icon.svg'),
  page('portal/open'),
  page('portal/open.js'),
  page('portal/viewer.css'),
  page('portal/officer'),
  page('portal/officer.js'),
  page('portal/officer.css'),
  page('portal/officer-check.js'),
  page('portal/languages.json'),
  page('portal/languages/{tag}'),
  page('portal/request'),
  page('portal/request.js'),
  page('portal/puzzle.js'),
  page('portal/officer/languages.json'),
  page('portal/logo'),
  { route: 'GET .well-known/jwks.json', access: 'everybody' },
  { route: 'GET api/openapi.json', access: 'everybody' },
  { route: 'GET api/docs', access: 'everybody' },
  { route: 'GET health', access: 'everybody' },
  { route: 'GET health/ready', access: 'Requests.Read', also: 'Readiness.Read' },
];

export const methodsOf = ({ route }: Row): string[] => (route.split(' ')[0] ?? '').split(',');
export const templateOf = ({ route }: Row): string => route.split(' ')[1] ?? '';
/** The routes that these may call. */
export const ofAccess = (...accesses: Access[]): Row[] =>
  rows.filter(({ access }) => accesses.includes(access));
/** Rows for `it.each`, called by their routes. */
export const named = (selected: readonly Row[]): [string, Row][] =>
  selected.map((row) => [row.route, row]);
