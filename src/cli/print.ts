import type { z } from 'zod';
import type { deliverResponse } from '../core/api/responses';
import type { CustodyLine } from '../core/custody/record';
import type { Diagnostic } from './diagnostics';
import type { ListedRequest } from './request-pages';

/** The part of the API's status of a request that is shown. */
export interface StatusView {
  requestId: string;
  state: string;
  reasonCode: string | null;
  createdAt: string;
  receivedAt: string;
  legalClock?: { dueAt: string; isExtended: boolean };
  progress?: Record<string, Record<string, number>>;
  availability?: string[] | null;
  availableUntil?: string | null;
  waiting?: { reasonCode: string } | null;
}

/** The day of a time, as the API gives it. */
export const day = (iso: string): string => iso.slice(0, 10);

/** Requests of a list: id, ticket, days of receipt and deadline, state. */
export function requestsText(requests: readonly ListedRequest[]): string {
  if (requests.length === 0) return 'There are no such requests.';
  const rows = requests.map(({ requestId, ticketId, state, reasonCode, clock }) =>
    [
      requestId,
      day(clock.receivedAt),
      `due ${day(clock.dueAt)}`,
      [state, reasonCode].filter(Boolean).join(': '),
      ...(ticketId === null ? [] : [ticketId]),
    ].join('  '),
  );
  return rows.join('\n');
}

/** Progress of each kind of item that is expected. */
export const bars = ({ progress = {} }: StatusView) =>
  Object.entries(progress).flatMap(([label, counts]) => {
    const total = counts['expected'] ?? 0;
    return total === 0 ? [] : [{ label, done: total - (counts['pending'] ?? 0), total }];
  });

export function statusText(status: StatusView): string {
  const { requestId, state, reasonCode, receivedAt, legalClock, waiting, availability } = status;
  const lines = [
    `request   ${requestId}`,
    `state     ${[state, reasonCode].filter(Boolean).join(': ')}`,
    `received  ${receivedAt}`,
    ...(legalClock
      ? [`due       ${legalClock.dueAt}${legalClock.isExtended ? ' (extended)' : ''}`]
      : []),
    ...(waiting ? [`waits     ${waiting.reasonCode}`] : []),
    ...(status.availableUntil ? [`until     ${status.availableUntil}`] : []),
    ...bars(status).map(({ label, done, total }) => `  ${label.padEnd(20)} ${done}/${total}`),
    ...(availability ?? []).map((sentence) => `  ${sentence}`),
  ];
  return lines.join('\n');
}

/** A code that an officer gives to the person. */
export const codeText = ({ code }: { code: string }): string =>
  `code        ${code}, valid for an hour`;

/** How a person gets a package that an officer hands over. */
export type DeliveryView = z.output<typeof deliverResponse>;

/** Link and passphrase of a package. */
export const deliveryText = ({ url, expiresAt, passphrase, bytes }: DeliveryView): string =>
  [
    `link        ${url}, until ${expiresAt}`,
    `passphrase  ${passphrase}`,
    ...(bytes === null ? [] : [`size        ${bytes} bytes`]),
  ].join('\n');

export function custodyText(record: {
  isIntact: boolean;
  problems: string[];
  custody: CustodyLine[];
}): string {
  const lines = record.custody.map(({ at, event, from, to, reasonCode, detail, annotation }) =>
    [
      at,
      event,
      to ? `${from ?? ''} -> ${to}` : '',
      reasonCode ?? '',
      detail ? JSON.stringify(detail) : '',
      annotation ? `by ${annotation.displayName}: ${annotation.justification}` : '',
    ]
      .filter((part) => part !== '')
      .join('  '),
  );
  const verdict = record.isIntact ? 'The record is intact.' : 'THE RECORD WAS CHANGED.';
  return [...lines, verdict, ...record.problems].join('\n');
}

const marks = { ok: 'ok      ', problem: 'PROBLEM ', warning: 'warning ', notChecked: 'skipped ' };

export function diagnosticsText(diagnostics: readonly Diagnostic[]): string {
  const lines = diagnostics.flatMap(({ check, outcome, message, fix }) => [
    `${marks[outcome]} ${check}: ${message}`,
    ...(fix === undefined ? [] : [`           ${fix}`]),
  ]);
  const problems = diagnostics.filter(({ outcome }) => outcome === 'problem').length;
  return [...lines, '', problems === 0 ? 'No problems.' : `Problems: ${problems}`].join('\n');
}
