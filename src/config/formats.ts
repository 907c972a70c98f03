import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { isLoopback } from '../core/loopback';

export const text = z.string().min(1);

/** A tag that names a language, as its file of texts is named. */
export const language = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language such as de or pt-BR');

/** Why a safeguard is off: a sentence, not a word. */
export const reason = z.string().trim().min(20);

export const integer = (low: number, high: number) => z.coerce.number().int().min(low).max(high);

export const flag = z.stringbool();

export const httpsOrLoopback = z
  .url()
  .refine(
    (url) => url.startsWith('https://') || isLoopback(url),
    'must be https, except on loopback',
  );

export const loopbackUrl = z.url().refine(isLoopback, 'must be an address on loopback');

/** Items separated by commas. */
export const list = z.string().transform((items) =>
  items
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

export const existingFile = z.string().refine(existsSync, 'is not a file');
export const existingFolder = z.string().refine(existsSync, 'is not a folder');

const placesOf = (_content: unknown, { issues }: z.ZodError): string[] =>
  issues.map(({ path }) => path.join('.') || 'its top');

/**
 * A file with JSON of a schema. What is wrong in it is named by its place, never by its content.
 * @param message of a file that cannot be read or is not JSON
 * @param problemsOf names what is wrong; without it, the places of it
 */
export const jsonFile = <T>(
  schema: z.ZodType<T>,
  {
    message,
    invalidContent,
    problemsOf = placesOf,
  }: {
    message: string;
    invalidContent: (problems: string) => string;
    problemsOf?: (content: unknown, error: z.ZodError) => string[];
  },
): z.ZodType<T> =>
  z.string().transform((path, context): T => {
    const refuse = (problem: string): never => {
      context.addIssue({ code: 'custom', message: problem });
      return z.NEVER;
    };
    let content: unknown;
    try {
      content = JSON.parse(readFileSync(path, 'utf8'));
    } catch {
      return refuse(message);
    }
    const result = schema.safeParse(content);
    if (result.success) return result.data;
    return refuse(invalidContent(problemsOf(content, result.error).join(', ')));
  });
