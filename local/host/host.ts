import { mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FunctionError } from './app-process';
import { handleDurableRequest } from './durable/api';
import { durableClientBinding } from './durable/client-binding';
import { DurableEngine } from './durable/engine';
import { assertFunctionNames } from './function-names';
import { milliseconds, readHostJson, type HostJson } from './host-json';
import { flatHeaders, header, listen, readBody, writeHttpResponse } from './http-wire';
import { isAuthorized, loadKeys, type HostKeys } from './keys';
import type { Binding, RegisteredFunction, RpcHttpData, RpcTypedData } from './protocol';
import { compareRoutes, matchRoute, parseRoute, type Route } from './routes';
import { TimerTriggers } from './timer-triggers';
import { WorkerPool } from './worker-pool';

export interface HostOptions {
  /** Folder of the app: package.json, host.json and what they name. */
  root: string;
  /** Folder for task hub, keys and timer schedules. */
  state: string;
  /** TCP port on 127.0.0.1; 0 takes a free one. */
  port: number;
  /** Environment of the app, beside what the host itself sets. */
  env: NodeJS.ProcessEnv;
  log: (line: string) => void;
  /**
   * Where the durable part runs: here, or in another host whose RPC address this is. Without a
   * durable part a host serves HTTP only: no orchestrations, no activities, no timers.
   */
  durableRpcUrl: string | null;
  /** TCP port of the RPC address on 127.0.0.1; 0 takes a free one. */
  rpcPort: number;
  /** Seed of batches of messages to an orchestrator; null gives one at a time. */
  batchSeed: number | null;
  /** Seed of aborted episodes, late and stray messages; null for none. */
  adverseSeed: number | null;
  /** Whether durable timers fire up to a second early. */
  earlyTimers: boolean;
  /**
   * What becomes of an orchestrator's episode whose worker ends: it is repeated, or it fails the
   * orchestration.
   */
  lostEpisodes: 'repeat' | 'fail';
  /** Called when the host has to end: its workers were lost too often. */
  onExceeded: () => void;
  /** Name of a point at which the host ends itself as by a power cut, for tests of falls. */
  faultPoint: string | null;
}

interface HttpEndpoint {
  name: string;
  route: Route;
  methods: string[];
  authLevel: string;
  binding: Binding;
}

/** The Functions host: HTTP, timers and durable orchestrations around the app's worker process. */
export class FunctionsHost {
  private readonly workers: WorkerPool;
  private functions: readonly RegisteredFunction[] = [];
  private endpoints: HttpEndpoint[] = [];
  private readonly engine: DurableEngine;
  private readonly timers: TimerTriggers;
  private readonly publicServer: Server;
  private readonly rpcServer: Server;
  private readonly hostJson: HostJson;
  readonly keys: HostKeys;

  private constructor(private readonly options: HostOptions) {
    mkdirSync(options.state, { recursive: true });
    this.hostJson = readHostJson(options.root);
    this.keys = loadKeys(options.state);
    const durable = this.hostJson.extensions?.durableTask;
    this.engine = new DurableEngine(
      {
        has: (type, name) => this.binding(name, type) !== undefined,
        invoke: (name, payload) => this.invokeByTrigger(name, { string: payload }),
      },
      {
        directory: options.state,
        maxConcurrentActivities: durable?.maxConcurrentActivityFunctions ?? 10,
        maxConcurrentOrchestrators: durable?.maxConcurrentOrchestratorFunctions ?? 5,
        log: (level, message) => this.log(level, null, message),
        versioning: {
          defaultVersion: durable?.defaultVersion ?? null,
          match: durable?.versionMatchStrategy ?? 'None',
          onMismatch: durable?.versionFailureStrategy ?? 'Reject',
        },
        batchSeed: options.batchSeed,
        adverseSeed: options.adverseSeed,
        earlyTimers: options.earlyTimers,
        lostEpisodes: options.lostEpisodes,
        fault: (point) => {
          if (point === options.faultPoint) process.kill(process.pid, 'SIGKILL');
        },
      },
    );
    this.timers = new TimerTriggers({
      directory: options.state,
      now: () => this.engine.now(),
      settings: options.env,
      run: async (name, timer) => {
        await this.invokeByTrigger(name, { json: JSON.stringify(timer) }).catch((error: unknown) =>
          this.log('error', name, String(error)),
        );
      },
    });
    this.publicServer = createServer((request, response) => void this.serve(request, response));
    this.rpcServer = createServer((request, response) => void this.serveRpc(request, response));
    this.workers = this.createWorkers();
  }

  /** Starts the host and loads the app. Rejects with the app's message when it does not load. */
  static async start(options: HostOptions): Promise<FunctionsHost> {
    const host = new FunctionsHost(options);
    await listen(host.rpcServer, options.rpcPort);
    await listen(host.publicServer, options.port);
    try {
      await host.workers.start({
        ...options.env,
        // Without it the durable client rewrites every address to http://localhost:7071.
        WEBSITE_HOSTNAME: new URL(host.url).host,
        AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
        FUNCTIONS_WORKER_RUNTIME: 'node',
      });
      host.functions = host.workers.functions;
      assertFunctionNames(host.functions);
      host.endpoints = host.readEndpoints();
    } catch (error) {
      await host.stop();
      throw error;
    }
    if (options.durableRpcUrl === null) {
      host.engine.start();
      host.timers.start(host.functions);
    }
    return host;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.publicServer.address() as AddressInfo).port}`;
  }

  /** Address at which the durable client of an app reaches this host. */
  get rpcUrl(): string {
    return `http://127.0.0.1:${(this.rpcServer.address() as AddressInfo).port}/durabletask/`;
  }

  async stop(): Promise<void> {
    this.timers.stop();
    this.engine.stop();
    for (const server of [this.publicServer, this.rpcServer]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    await this.workers.stop();
  }

  private createWorkers(): WorkerPool {
    const { options, hostJson } = this;
    const functionTimeout = hostJson.functionTimeout ?? '00:30:00';
    return new WorkerPool({
      root: options.root,
      // As on Azure, where FUNCTIONS_WORKER_PROCESS_COUNT of them run in one host.
      count: Number(options.env['FUNCTIONS_WORKER_PROCESS_COUNT'] ?? 1),
      functionTimeout: {
        text: functionTimeout,
        milliseconds: milliseconds('functionTimeout', functionTimeout),
      },
      now: () => this.engine.now(),
      log: (level, functionName, message) => this.log(level, functionName, message),
      onExceeded: options.onExceeded,
    });
  }

  private binding(name: string, type: string): Binding | undefined {
    return this.functions.find((f) => f.name === name)?.bindings.find((b) => b.type === type);
  }

  private readEndpoints(): HttpEndpoint[] {
    const prefix = this.hostJson.extensions?.http?.routePrefix ?? 'api';
    return this.functions
      .flatMap(({ name, bindings }) =>
        bindings
          .filter((binding) => binding.type === 'httpTrigger')
          .map((binding) => ({
            name,
            binding,
            route: parseRoute(`${prefix}/${binding.route ?? name}`),
            methods: (binding.methods ?? ['GET', 'POST']).map((method) => method.toUpperCase()),
            authLevel: (binding.authLevel ?? 'anonymous').toLowerCase(),
          })),
      )
      .sort((a, b) => compareRoutes(a.route, b.route));
  }

  private async invokeByTrigger(name: string, data: RpcTypedData): Promise<RpcTypedData | null> {
    const registered = this.functions.find((f) => f.name === name);
    const inputs = (registered?.bindings ?? [])
      .filter((binding) => binding.direction === 'in')
      .map((binding) => ({
        name: binding.name,
        data: binding.type === 'durableClient' ? { string: this.clientBinding() } : data,
      }));
    return this.workers.invoke(name, inputs);
  }

  private clientBinding(): string {
    return durableClientBinding({
      taskHub: this.hostJson.extensions?.durableTask?.hubName ?? 'TestHubName',
      url: this.url,
      rpcUrl: this.options.durableRpcUrl ?? this.rpcUrl,
      key: this.keys.durable,
    });
  }

  /** The address that only the durable client of the app uses; it is bound to loopback, without keys. */
  private async serveRpc(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const body = await readBody(request);
    this.answerDurable(
      request,
      response,
      url,
      url.pathname.replace(/^\/durabletask\//, ''),
      body ?? Buffer.alloc(0),
    );
  }

  private answerDurable(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    path: string,
    body: Buffer,
  ): void {
    const answer = handleDurableRequest(this.engine, {
      method: request.method ?? 'GET',
      path,
      query: url.searchParams,
      headers: { 'x-ms-continuation-token': header(request, 'x-ms-continuation-token') },
      body: body.toString('utf8'),
    });
    response.writeHead(answer.status, {
      'Content-Type': 'application/json; charset=utf-8',
      ...answer.headers,
    });
    response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const url = new URL(request.url ?? '/', this.url);
      const body = await readBody(request);
      if (body === null) {
        response.writeHead(413).end();
        return;
      }
      const key = header(request, 'x-functions-key') ?? url.searchParams.get('code') ?? undefined;
      if (url.pathname.startsWith('/runtime/webhooks/durabletask/')) {
        if (!isAuthorized(key, this.keys.durable, this.keys.master)) response.writeHead(401).end();
        else
          this.answerDurable(
            request,
            response,
            url,
            url.pathname.slice('/runtime/webhooks/durabletask/'.length),
            body,
          );
      } else if (url.pathname.startsWith('/admin/')) {
        if (!isAuthorized(key, this.keys.master)) response.writeHead(401).end();
        else await this.serveAdmin(request, response, url, body);
      } else {
        await this.serveFunction(request, response, url, key, body);
      }
    } catch (error) {
      this.log('error', null, String(error));
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  }

  /** `/admin/functions/{name}` as on Azure; `/admin/local/*` is this host's own. */
  private async serveAdmin(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    body: Buffer,
  ): Promise<void> {
    const [, , area, name] = url.pathname.split('/');
    if (request.method === 'POST' && area === 'functions' && name !== undefined) {
      if (!this.binding(name, 'timerTrigger')) {
        response.writeHead(404).end();
        return;
      }
      void this.invokeByTrigger(name, {
        json: JSON.stringify(this.timers.info(name, false)),
      }).catch((error: unknown) => this.log('error', name, String(error)));
      response.writeHead(202).end();
    } else if (request.method === 'POST' && area === 'local' && name === 'clock') {
      const { advanceMilliseconds } = JSON.parse(body.toString('utf8')) as {
        advanceMilliseconds: number;
      };
      this.engine.advanceClock(advanceMilliseconds);
      this.timers.rearm();
      response.writeHead(202).end();
    } else if (area === 'local' && name === 'worker') {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ pid: await this.workers.pid() }));
    } else {
      response.writeHead(404).end();
    }
  }

  private async serveFunction(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    key: string | undefined,
    body: Buffer,
  ): Promise<void> {
    const method = request.method ?? 'GET';
    const matching = this.endpoints.flatMap((endpoint) => {
      const params = matchRoute(endpoint.route, url.pathname);
      return params ? [{ endpoint, params }] : [];
    });
    const match = matching.find(({ endpoint }) => endpoint.methods.includes(method));
    if (!match) {
      // The Functions host answers 404 for a path it knows with another method, too.
      response.writeHead(404).end();
      return;
    }
    const { endpoint, params } = match;
    const accepted =
      endpoint.authLevel === 'admin' ? [this.keys.master] : [this.keys.function, this.keys.master];
    if (endpoint.authLevel !== 'anonymous' && !isAuthorized(key, ...accepted)) {
      response.writeHead(401).end();
      return;
    }
    const http: RpcHttpData = {
      method,
      url: url.href,
      headers: flatHeaders(request),
      params,
      query: Object.fromEntries(url.searchParams),
      body: { bytes: body },
    };
    try {
      const value = await this.invokeByTrigger(endpoint.name, { http });
      writeHttpResponse(response, method, value?.http);
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      this.log('error', endpoint.name, error.message);
      response.writeHead(500).end();
    }
  }

  private log(level: string, functionName: string | null, message: string): void {
    const time = new Date().toISOString();
    this.options.log(`${time} ${level} ${functionName ?? 'host'}: ${message}`);
  }
}
