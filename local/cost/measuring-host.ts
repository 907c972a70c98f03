import { appendFileSync } from 'node:fs';
import { AppProcess } from '../host/app-process';
import { FunctionsHost } from '../host/host';
import { hostArguments } from '../host/host-arguments';
import type { App, AppProcessOptions } from '../host/app-process';
import type { HostRunner } from '../stack/hosts';
import type { Invocation } from './measured';

/** Triggers of functions, and what their runs count as. */
const kinds: Record<string, Invocation['kind']> = {
  httpTrigger: 'http',
  orchestrationTrigger: 'orchestrations',
  activityTrigger: 'activities',
};

/** An app that notes each run of a function, and whose timers stand still: they serve all requests. */
class MeasuredApp implements App {
  constructor(
    private readonly app: App,
    private readonly note: (invocation: Invocation) => void,
  ) {}

  get pid(): number {
    return this.app.pid;
  }

  get functions(): App['functions'] {
    return this.app.functions;
  }

  async invoke(...[name, inputs]: Parameters<App['invoke']>): ReturnType<App['invoke']> {
    const bindings = this.functions.find((one) => one.name === name)?.bindings ?? [];
    const kind = bindings.map(({ type }) => kinds[type]).find((one) => one !== undefined);
    if (kind === undefined) return null;
    const from = Date.now();
    try {
      return await this.app.invoke(name, inputs);
    } finally {
      this.note({ kind, from, to: Date.now() });
    }
  }

  stop(): Promise<void> {
    return this.app.stop();
  }
}

/** Runs the host in this process and the app in another, and notes each run of a function. */
export const measuringHost =
  (note: (invocation: Invocation) => void): HostRunner =>
  async ({ args, env, log }) => {
    let isRunning = true;
    const startApp = async (options: AppProcessOptions): Promise<App> =>
      new MeasuredApp(await AppProcess.start(options), note);
    const host = await FunctionsHost.start({
      ...hostArguments(args),
      startApp,
      env,
      onExceeded: () => undefined,
      log: (line) => appendFileSync(log, `${line}\n`),
    });
    const end = async (): Promise<void> => {
      isRunning = false;
      await host.stop();
    };
    return {
      ready: { url: host.url, keys: host.keys },
      get isRunning() {
        return isRunning;
      },
      end,
      kill: end,
    };
  };
