import type { z } from 'zod';
import { bodyOf, type ApiResponse } from './client';

/**
 * The body of a response, or null when the source does not have what was requested (404).
 * @throws SourceError as `bodyOf`
 */
export const bodyIfFound = <T>(response: ApiResponse, shape: z.ZodType<T>): T | null =>
  response.status === 404 ? null : bodyOf(response, shape);
