import { randomUUID } from 'node:crypto';
import type { FunctionRegistry } from '../../local/host/function-registry';
import { cookieText } from '../../local/host/http-wire';
import { isAuthorized } from '../../local/host/keys';
import type { RegisteredFunction, RpcHttpData } from '../../local/host/protocol';
import { compareRoutes, matchRoute, parseRoute, type Route } from '../../local/host/routes';
import { outside } from './outside-jest';

/** A function with an HTTP trigger. */
export interface Endpoint {
  name: string;
  template: string;
  route: Route;
  methods: string[];
  authLevel: string;
  bindings: RegisteredFunction['bindings'];
}

/** A call as it comes from a browser or a program. */
export interface Call {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** Address and port of the caller, as the platform adds them to `X-Forwarded-For`. */
  address?: string;
}

export const functionKey = 'the-function-key';

const defaultAddress = '203.0.113.1:50000';
/** Statuses of responses without a body (Fetch Standard). */
const withoutBody = new Set([204, 205, 304]);

/**
 * The functions of the app with an HTTP trigger, called in this process as the Functions host calls
 * them: by method and route, after the check of the key, with requests and responses of
 * `@azure/functions`.
 */
export class HttpFunctions {
  /** Lines that the functions have logged. */
  readonly logs: string[] = [];
  private readonly registry: FunctionRegistry;
  readonly endpoints: Endpoint[];

  /** @param registerAll registers the functions, by modules that are loaded outside of jest */
  constructor(
    private readonly origin: string,
    private readonly clientBinding: () => string,
    registerAll: () => void,
  ) {
    const { FunctionRegistry } = outside.functionRegistry;
    this.registry = new FunctionRegistry({
      env: null,
      log: (level, _name, message) => this.logs.push(`${level} ${message}`),
    });
    outside.appScope.runInScope({ registry: this.registry, env: null }, registerAll);
    this.endpoints = this.registry
      .list()
      .flatMap(endpointsOf)
      .sort((a, b) => compareRoutes(a.route, b.route));
  }

  async fetch(path: string, call: Call = {}): Promise<Response> {
    const url = new URL(path, this.origin);
    const method = (call.method ?? 'GET').toUpperCase();
    const headers = new Headers(call.headers);
    const match = this.matched(method, url.pathname);
    if (match === null) return new Response(null, { status: 404 });
    const key = headers.get('x-functions-key') ?? url.searchParams.get('code') ?? undefined;
    if (match.endpoint.authLevel !== 'anonymous' && !isAuthorized(key, functionKey))
      return new Response(null, { status: 401 });
    const forwarded = headers.get('x-forwarded-for');
    const address = call.address ?? defaultAddress;
    headers.set('x-forwarded-for', forwarded === null ? address : `${forwarded}, ${address}`);
    const http: RpcHttpData = {
      method,
      url: url.href,
      headers: Object.fromEntries(headers),
      params: match.params,
      query: Object.fromEntries(url.searchParams),
      body: { bytes: Buffer.from(call.body ?? '') },
    };
    return responseOf(method, await this.invoke(match.endpoint, http));
  }

  /** The first endpoint that takes a call, with what the path says. */
  private matched(
    method: string,
    path: string,
  ): { endpoint: Endpoint; params: Record<string, string> } | null {
    for (const endpoint of this.endpoints) {
      const params = endpoint.methods.includes(method) ? matchRoute(endpoint.route, path) : null;
      if (params) return { endpoint, params };
    }
    return null;
  }

  private async invoke({ name, bindings }: Endpoint, http: RpcHttpData): Promise<RpcHttpData> {
    const inputs = bindings
      .filter(({ direction }) => direction === 'in')
      .map((one) => ({
        name: one.name,
        data: one.type === 'durableClient' ? { string: this.clientBinding() } : { http },
      }));
    const result = await this.registry.invoke({
      invocationId: randomUUID(),
      functionName: name,
      inputs,
    });
    if (!result?.http) throw new Error(`${name} returned no response.`);
    return result.http;
  }
}

/** A function as an endpoint, where it has an HTTP trigger. */
function endpointsOf({ name, bindings }: RegisteredFunction): Endpoint[] {
  const trigger = bindings.find(({ type }) => type === 'httpTrigger');
  if (trigger === undefined) return [];
  const template = trigger.route ?? name;
  return [
    {
      name,
      template,
      route: parseRoute(template),
      methods: (trigger.methods ?? ['GET', 'POST']).map((method) => method.toUpperCase()),
      authLevel: trigger.authLevel ?? 'anonymous',
      bindings,
    },
  ];
}

/** The response as it leaves the host. */
function responseOf(method: string, http: RpcHttpData): Response {
  const status = Number(http.statusCode ?? 200);
  const headers = new Headers(http.headers);
  for (const cookie of http.cookies ?? []) headers.append('Set-Cookie', cookieText(cookie));
  const { bytes, string } = http.body ?? {};
  const isEmpty = method === 'HEAD' || withoutBody.has(status);
  return new Response(isEmpty ? null : ((bytes && Buffer.from(bytes)) ?? string ?? null), {
    status,
    headers,
  });
}
