import { FunctionError } from './app-process';
import type { HostLog } from './host-options';
import type { HttpCall } from './http-call';
import { flatHeaders, writeHttpResponse } from './http-wire';
import type { Invoker } from './invoker';
import { isAuthorized, type HostKeys } from './keys';
import type { RegisteredFunction } from './protocol';
import { compareRoutes, matchRoute, parseRoute, type Route } from './routes';

interface HttpEndpoint {
  name: string;
  route: Route;
  methods: string[];
  authLevel: string;
}

/** Serves the functions of the app that have an HTTP trigger. */
export class HttpFunctions {
  private endpoints: HttpEndpoint[] = [];

  constructor(
    private readonly invoker: Invoker,
    private readonly keys: HostKeys,
    private readonly log: HostLog,
  ) {}

  /** @param prefix routePrefix of host.json */
  load(functions: readonly RegisteredFunction[], prefix: string): void {
    this.endpoints = functions
      .flatMap(({ name, bindings }) =>
        bindings
          .filter((binding) => binding.type === 'httpTrigger')
          .map((binding) => ({
            name,
            route: parseRoute(`${prefix}/${binding.route ?? name}`),
            methods: (binding.methods ?? ['GET', 'POST']).map((method) => method.toUpperCase()),
            authLevel: (binding.authLevel ?? 'anonymous').toLowerCase(),
          })),
      )
      .sort((a, b) => compareRoutes(a.route, b.route));
  }

  async serve({ request, response, method, url, key, body }: HttpCall): Promise<void> {
    const match = this.match(method, url.pathname);
    if (!match) {
      // The Functions host answers 404 for a path it knows with another method, too.
      response.writeHead(404).end();
      return;
    }
    const { endpoint, params } = match;
    if (!this.isAllowed(endpoint, key)) {
      response.writeHead(401).end();
      return;
    }
    const http = {
      method,
      url: url.href,
      headers: flatHeaders(request),
      params,
      query: Object.fromEntries(url.searchParams),
      body: { bytes: body },
    };
    try {
      const value = await this.invoker.invoke(endpoint.name, { http });
      writeHttpResponse(response, method, value?.http);
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      this.log('error', endpoint.name, error.message);
      response.writeHead(500).end();
    }
  }

  private match(method: string, path: string) {
    return this.endpoints
      .flatMap((endpoint) => {
        const params = matchRoute(endpoint.route, path);
        return params ? [{ endpoint, params }] : [];
      })
      .find(({ endpoint }) => endpoint.methods.includes(method));
  }

  private isAllowed({ authLevel }: HttpEndpoint, key: string | undefined): boolean {
    const { keys } = this;
    const accepted = authLevel === 'admin' ? [keys.master] : [keys.function, keys.master];
    return authLevel === 'anonymous' || isAuthorized(key, ...accepted);
  }
}
