import type { DurableEngine } from './durable/engine';
import type { HostLog } from './host-options';
import type { HttpCall } from './http-call';
import type { Invoker } from './invoker';
import type { TimerTriggers } from './timer-triggers';
import type { WorkerPool } from './worker-pool';

export interface AdminApiOptions {
  engine: DurableEngine;
  timers: TimerTriggers;
  workers: WorkerPool;
  invoker: Invoker;
  log: HostLog;
}

/** `/admin/functions/{name}` as on Azure; `/admin/local/*` is this host's own. */
export class AdminApi {
  constructor(private readonly options: AdminApiOptions) {}

  async serve(call: HttpCall): Promise<void> {
    const { response, method } = call;
    const [, , area, name] = call.url.pathname.split('/');
    if (method === 'POST' && area === 'functions' && name !== undefined) {
      response.writeHead(this.runTimer(name)).end();
    } else if (method === 'POST' && area === 'local' && name === 'clock') {
      this.advanceClock(call.body);
      response.writeHead(202).end();
    } else if (area === 'local' && name === 'worker') {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ pid: await this.options.workers.pid() }));
    } else {
      response.writeHead(404).end();
    }
  }

  /** Starts a function with a timer trigger. Returns the status of the response. */
  private runTimer(name: string): number {
    const { invoker, timers, log } = this.options;
    if (!invoker.binding(name, 'timerTrigger')) return 404;
    void invoker
      .invoke(name, { json: JSON.stringify(timers.info(name, false)) })
      .catch((error: unknown) => log('error', name, String(error)));
    return 202;
  }

  private advanceClock(body: Buffer): void {
    const { advanceMilliseconds } = JSON.parse(body.toString('utf8')) as {
      advanceMilliseconds: number;
    };
    this.options.engine.advanceClock(advanceMilliseconds);
    this.options.timers.rearm();
  }
}
