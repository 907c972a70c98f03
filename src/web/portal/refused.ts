import { ApiProblem } from '../shared/api';

/** What the page itself cannot do. Its code stands among the problems of the languages, as those of the server do. */
export class Refused extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

/** What an error is called among the problems of the languages. */
export const problemCodeOf = (error: unknown): string =>
  error instanceof ApiProblem || error instanceof Refused ? error.code : 'unreachable';
