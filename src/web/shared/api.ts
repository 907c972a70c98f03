/** Something that is wrong with a field of a body. */
interface FieldProblem {
  pointer: string;
  detail: string;
}

/** The problem details (RFC 9457) with which the server refuses a call. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title = '',
    readonly errors: readonly FieldProblem[] = [],
    /** All that the server says of it. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(code);
  }
}

/**
 * Calls the page's server. The session is a cookie that no script can read.
 * @throws ApiProblem if the server refuses the call
 */
export async function request<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
  const response = await fetch(path, {
    method,
    credentials: 'same-origin',
    ...(method === 'POST'
      ? { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body ?? {}) }
      : {}),
  });
  const answer = (await response.json().catch(() => ({}))) as T & Partial<ApiProblem>;
  if (response.ok) return answer;
  const { code = 'unknown', title = 'Something went wrong.', errors = [] } = answer;
  throw new ApiProblem(response.status, code, title, errors, { ...answer });
}
