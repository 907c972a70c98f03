import { ApiProblem } from './api';

/** Whether the server has refused: no connection, a server that cannot answer, and too many calls pass by themselves. */
export const isRefusal = (error: unknown): error is ApiProblem =>
  error instanceof ApiProblem && error.status < 500 && error.status !== 429;
