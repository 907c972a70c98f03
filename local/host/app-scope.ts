import { AsyncLocalStorage } from 'node:async_hooks';
import type { Binding } from './protocol';

export interface FunctionMetadata {
  name: string;
  bindings: Record<string, Binding>;
}
export type HookName = 'appStart' | 'appTerminate' | 'preInvocation' | 'postInvocation';
export type Hook = (context: Record<string, unknown>) => unknown;

/** Takes what an app registers. What `register` methods return takes it back. */
export interface Registry {
  register(metadata: FunctionMetadata, handler: unknown): () => void;
  registerHook(name: HookName, hook: Hook): () => void;
  log(level: string, message: string): void;
}

/** What belongs to one loaded app of this process. */
interface AppScope {
  registry: Registry;
  /** Settings of the app; null where it has the environment of the process. */
  env: NodeJS.ProcessEnv | null;
}

/** The app on whose behalf the present code runs, over everything that it waits for. */
const scopes = new AsyncLocalStorage<AppScope>();

/** Runs something as a part of an app. */
export const runInScope = <T>(scope: AppScope, run: () => T): T => scopes.run(scope, run);

/**
 * The functions of the app that runs at present.
 * @throws Error outside of an app
 */
export function currentRegistry(): Registry {
  const scope = scopes.getStore();
  if (!scope) throw new Error('This is only possible while an app is loaded or runs.');
  return scope.registry;
}

let isScoped = false;

/**
 * From here on `process.env` is, for the code of an app with settings of its own, those settings: at
 * loading and at every call, for libraries read their variables late.
 */
export function scopeEnvironment(): void {
  if (isScoped) return;
  isScoped = true;
  const own = process.env;
  const present = (): NodeJS.ProcessEnv => scopes.getStore()?.env ?? own;
  process.env = new Proxy<NodeJS.ProcessEnv>(
    {},
    {
      get: (_, name) => Reflect.get(present(), name) as unknown,
      set: (_, name, value) => Reflect.set(present(), name, value),
      has: (_, name) => Reflect.has(present(), name),
      deleteProperty: (_, name) => Reflect.deleteProperty(present(), name),
      defineProperty: (_, name, property) => Reflect.defineProperty(present(), name, property),
      ownKeys: () => Reflect.ownKeys(present()),
      getOwnPropertyDescriptor: (_, name) => Reflect.getOwnPropertyDescriptor(present(), name),
    },
  );
}
