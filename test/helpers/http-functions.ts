import { format } from 'node:util';
import { randomUUID } from 'node:crypto';
import { cookieText } from '../../local/host/http-wire';
import { isAuthorized } from '../../local/host/keys';
import type { Binding, RpcHttpData, RpcTypedData } from '../../local/host/protocol';
import { compareRoutes, matchRoute, parseRoute, type Route } from '../../local/host/routes';

interface Metadata {
  name: string;
  bindings: Record<string, Binding>;
}
interface Registered {
  metadata: Metadata;
  handler: unknown;
}
interface InvocationModel {
  getArguments(): Promise<{ context: object; inputs: unknown[] }>;
  invokeFunction(context: object, inputs: unknown[], handler: unknown): Promise<unknown>;
  getResponse(context: object, result: unknown): Promise<{ returnValue?: RpcTypedData | null }>;
}
interface ProgrammingModel {
  getInvocationModel(coreContext: object): InvocationModel;
}

const registered: Registered[] = [];
let programmingModel: ProgrammingModel | undefined;

/** What `@azure/functions` requires of the Functions host, in place of the host. */
jest.doMock(
  '@azure/functions-core',
  () => ({
    version: '3.10.1',
    hostVersion: '4.1037.0',
    setProgrammingModel: (model: ProgrammingModel) => {
      programmingModel = model;
    },
    getProgrammingModel: () => programmingModel,
    registerFunction: (metadata: Metadata, handler: unknown) => {
      registered.push({ metadata, handler });
      return {};
    },
    registerHook: () => ({}),
    log: () => undefined,
  }),
  { virtual: true },
);

/** A function with an HTTP trigger. */
export interface Endpoint {
  name: string;
  template: string;
  route: Route;
  methods: string[];
  authLevel: string;
  bindings: Binding[];
  registered: Registered;
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

  constructor(
    private readonly origin: string,
    private readonly clientBinding: () => string,
  ) {}

  private known: Endpoint[] = [];

  get endpoints(): Endpoint[] {
    // All are registered while the app is loaded, before the first call.
    if (this.known.length === 0) this.known = HttpFunctions.registered();
    return this.known;
  }

  private static registered(): Endpoint[] {
    return registered
      .flatMap((one) => {
        const bindings = Object.values(one.metadata.bindings);
        const trigger = bindings.find(({ type }) => type === 'httpTrigger');
        if (trigger === undefined) return [];
        const template = trigger.route ?? one.metadata.name;
        return {
          name: one.metadata.name,
          template,
          route: parseRoute(template),
          methods: (trigger.methods ?? ['GET', 'POST']).map((method) => method.toUpperCase()),
          authLevel: trigger.authLevel ?? 'anonymous',
          bindings,
          registered: one,
        };
      })
      .sort((a, b) => compareRoutes(a.route, b.route));
  }

  async fetch(path: string, call: Call = {}): Promise<Response> {
    const url = new URL(path, this.origin);
    const method = (call.method ?? 'GET').toUpperCase();
    const headers = new Headers(call.headers);
    const match = this.endpoints
      .flatMap((endpoint) => {
        const params = matchRoute(endpoint.route, url.pathname);
        return params && endpoint.methods.includes(method) ? [{ endpoint, params }] : [];
      })
      .at(0);
    if (!match) return new Response(null, { status: 404 });
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

  private async invoke(
    { bindings, registered: { metadata, handler } }: Endpoint,
    http: RpcHttpData,
  ): Promise<RpcHttpData> {
    if (!programmingModel) throw new Error('The app has not been loaded.');
    const invocationId = randomUUID();
    const inputData = bindings
      .filter(({ direction }) => direction === 'in')
      .map(({ name, type }) => ({
        name,
        data: type === 'durableClient' ? { string: this.clientBinding() } : { http },
      }));
    const model = programmingModel.getInvocationModel({
      invocationId,
      metadata,
      state: 'invocation',
      request: { invocationId, functionId: metadata.name, inputData },
      log: (level: string, _category: string, ...text: unknown[]) =>
        this.logs.push(`${level} ${format(...text)}`),
    });
    const { context, inputs } = await model.getArguments();
    const result = await model.invokeFunction(context, inputs, handler);
    const { returnValue } = await model.getResponse(context, result);
    if (!returnValue?.http) throw new Error(`${metadata.name} returned no response.`);
    return returnValue.http;
  }
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
