import { readFileSync } from 'node:fs';

/** The command was not understood. */
export class UsageError extends Error {}

/** The app, or the directory, cannot be reached, or nobody is signed in. */
export class NotReachableError extends Error {}

/** The app refused the call (RFC 9457). */
export class RefusedError extends Error {
  constructor(
    readonly status: number,
    readonly problem: { code?: string; title?: string; errors?: unknown },
  ) {
    super(`${problem.title ?? `The app answered ${status}.`} (${problem.code ?? status})`);
  }
}

/**
 * Where access tokens come from: a file, PORTABILITY_TOKEN, or the sign-in of `az login` and the like.
 * @throws UsageError when none of them is given
 */
export function tokenSource(
  env: NodeJS.ProcessEnv,
  options: { tokenFile?: string | undefined; scope?: string | undefined },
): () => Promise<string> {
  const given = env['PORTABILITY_TOKEN'];
  const { tokenFile, scope = env['PORTABILITY_SCOPE'] } = options;
  if (tokenFile !== undefined) return () => Promise.resolve(readFileSync(tokenFile, 'utf8').trim());
  if (given) return () => Promise.resolve(given);
  if (!scope)
    throw new UsageError(
      'Choose how to sign in: --scope api://CLIENT-ID/.default (with az login), --token-file, or PORTABILITY_TOKEN.',
    );
  return async () => {
    const { DefaultAzureCredential } = await import('@azure/identity');
    const credential = new DefaultAzureCredential();
    try {
      return (await credential.getToken(scope)).token;
    } catch {
      throw new NotReachableError('You are not signed in. Try az login.');
    }
  };
}

/** The app's API, as an officer calls it. */
export class Api {
  constructor(
    private readonly origin: string,
    private readonly token: () => Promise<string>,
  ) {}

  get<T>(path: string): Promise<T> {
    return this.call('GET', path);
  }

  post<T>(path: string, body: object): Promise<T> {
    return this.call('POST', path, body);
  }

  /** @throws RefusedError, NotReachableError */
  private async call<T>(method: string, path: string, body?: object): Promise<T> {
    const authorization = `Bearer ${await this.token()}`;
    let response: Response;
    try {
      response = await fetch(`${this.origin}/api/requests${path}`, {
        method,
        headers: { authorization, 'Content-Type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch {
      throw new NotReachableError(`The app does not answer at ${this.origin}.`);
    }
    const answer: unknown = await response.json().catch(() => ({}));
    if (!response.ok) throw new RefusedError(response.status, answer as RefusedError['problem']);
    return answer as T;
  }
}
