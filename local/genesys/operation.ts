import type { z } from 'zod';
import type { SimulatorState } from './state';

/** A call as an operation sees it: checked, with its parameters decoded. */
export interface Call<Q, B> {
  path: Record<string, string>;
  query: Q;
  body: B;
  state: SimulatorState;
  /** Address under which the caller reached the simulator, for links in answers. */
  origin: string;
  now: Date;
}

export interface Answer {
  status: number;
  /** Absent for an empty body. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** One operation of the Platform API. Parameters that it does not declare are refused. */
export interface Operation<Q = unknown, B = unknown> {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As in the API document: `/api/v2/conversations/{conversationId}`. */
  path: string;
  query: z.ZodType<Q>;
  body: z.ZodType<B> | null;
  /** Permissions of which the client needs all, or any. */
  permissions: { all?: string[]; any?: string[] };
  handle: (call: Call<Q, B>) => Answer;
}

/** Declares an operation; its types follow from its schemas. */
export const operation = <Q, B>(definition: Operation<Q, B>): Operation =>
  definition as unknown as Operation;

/** A refusal in the API's own form (ErrorBody). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly extra: Record<string, unknown> = {},
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }
}

export const notFound = (
  message = 'The requested resource was not found.',
  code = 'not.found',
): ApiError => new ApiError(404, code, message);

export const badRequest = (message: string, code = 'bad.request'): ApiError =>
  new ApiError(400, code, message);

/** A refusal for lack of permissions: the API names them in the message and as its parameter. */
export const forbidden = (code: string, text: string, permissions: string[]): ApiError =>
  new ApiError(403, code, `${text}${permissions.join(', ')}`, {
    messageWithParams: `${text}{permissions}`,
    messageParams: { permissions: permissions.join(', ') },
  });

export const missingPermissions = (permissions: string[]): ApiError =>
  forbidden(
    'missing.permissions',
    'Unable to perform the requested action. You are missing the following permission(s): ',
    permissions,
  );
