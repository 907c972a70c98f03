import { programToken } from '../../local/identity/sign-in';
import type { Scenario } from './scenario';

/** An officer at the API, signed in as one of the programs that the local directory knows. */
export class Officer {
  private token: Promise<string> | undefined;

  constructor(
    private readonly scenario: Scenario,
    private readonly program = 'officer',
  ) {}

  async call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Response> {
    this.token ??= programToken(this.scenario.stack.issuer, this.program);
    return fetch(`${this.scenario.stack.hostUrl}/api/requests${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${await this.token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async read<T>(path: string): Promise<T> {
    return (await (await this.call('GET', path)).json()) as T;
  }

  async post(
    path: string,
    body: unknown,
  ): Promise<{ status: number; code: string | undefined; [field: string]: unknown }> {
    const response = await this.call('POST', path, body);
    const answer = (await response.json()) as { code?: string };
    return { ...answer, status: response.status, code: answer.code };
  }
}
