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

/** @throws TypeError where a text is no answer of the server: something on the way there has given it */
function parsed<T>(text: string): T {
  try {
    return JSON.parse(text === '' ? '{}' : text) as T;
  } catch {
    throw new TypeError('The answer is no JSON.');
  }
}

/**
 * Calls the page's server. The session is a cookie that no script can read.
 * @throws ApiProblem if the server refuses the call, TypeError without a connection to the end of the answer
 */
export async function request<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
  const response = await fetch(path, {
    method,
    credentials: 'same-origin',
    ...(method === 'POST'
      ? { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body ?? {}) }
      : {}),
  });
  if (response.ok) return parsed<T>(await response.text());
  const answer = (await response.json().catch(() => ({}))) as Partial<ApiProblem>;
  const { code = 'unknown', title = 'Something went wrong.', errors = [] } = answer;
  throw new ApiProblem(response.status, code, title, errors, { ...answer });
}
