import { ApiProblem } from '../shared/api';

/** What the page itself cannot do. Its code stands among the problems of the languages, as those of the server do. */
export class Refused extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

/**
 * What an error is called among the problems of the languages. A browser that gets no answer throws a TypeError
 * (Fetch standard, `fetch()`).
 */
export function problemCodeOf(error: unknown): string {
  if (error instanceof ApiProblem || error instanceof Refused) return error.code;
  return error instanceof TypeError ? 'unreachable' : 'browserFailed';
}
