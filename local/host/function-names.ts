import type { RegisteredFunction } from './protocol';

/** What the Functions host accepts as a name (its Utility.cs, FunctionNameValidationRegex). */
const validName = /^(?!host$)[a-z][a-z0-9_-]{0,127}$/i;

/**
 * Refuses functions that the Functions host refuses for their names. It indexes them without regard to
 * case (FunctionIndex.cs of the WebJobs SDK), and fails over the second of two that are equal then. A
 * function whose name is not valid it leaves out; here that stops the start.
 * @throws Error with the messages that the real host logs one after the other, and what clashes
 */
export function assertFunctionNames(functions: readonly RegisteredFunction[]): void {
  const byLowerCase = new Map<string, string>();
  for (const { name } of functions) {
    if (!validName.test(name)) throw new Error(`'${name}' is not a valid function name.`);
    const other = byLowerCase.get(name.toLowerCase());
    if (other !== undefined) {
      throw new Error(
        [
          `Error indexing method 'Functions.${name}'`,
          `Method overloads are not supported. There are multiple methods with the name 'Host.Functions.${name}'.`,
          'Sequence contains more than one matching element',
          `Function names must differ in more than case: '${other}', '${name}'.`,
        ].join('\n'),
      );
    }
    byLowerCase.set(name.toLowerCase(), name);
  }
}
