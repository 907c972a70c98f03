import { programToken } from '../../local/identity/sign-in';
import { eventually } from './eventually';
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

  /**
   * Ends every request that is open, and waits until nothing more comes of any. A test that shares its stack
   * would take a mail about an earlier request for one about its own.
   */
  async endRequests(): Promise<void> {
    const { requests } = await this.read<{ requests: { requestId: string }[] }>('?view=open');
    const justification = 'The test is over.';
    for (const { requestId } of requests) {
      const reason = { reasonCode: 'withdrawn', justification };
      const { status } = await this.post(`/${requestId}/cancel`, reason);
      // A package that is there is recalled instead.
      if (status !== 200) await this.post(`/${requestId}/recall`, { justification });
    }
    await eventually('the end of every request', async () => {
      const query = 'runtimeStatus=Running,Pending';
      return (await this.scenario.durable<unknown[]>(`instances/?${query}`)).length === 0;
    });
  }
}
