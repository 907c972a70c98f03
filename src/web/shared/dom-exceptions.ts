/** Whether an error is one that the browser throws by a name, such as `AbortError` (Web IDL, section 4.3). */
export const isNamed = (error: unknown, name: string): boolean =>
  error instanceof DOMException && error.name === name;
