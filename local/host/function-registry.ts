import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve, sep } from 'node:path';
import { format } from 'node:util';
import {
  runInScope,
  type FunctionMetadata,
  type Hook,
  type HookName,
  type Registry,
} from './app-scope';
import { programmingModel, provideCoreModule } from './core-module';
import type { RegisteredFunction, RpcTypedData } from './protocol';

/** One call of a function. */
export interface Invocation {
  invocationId: string;
  functionName: string;
  inputs: { name: string; data: RpcTypedData }[];
}

export interface RegistryOptions {
  /** Settings of the app; null where it has the environment of the process. */
  env: NodeJS.ProcessEnv | null;
  log: (level: string, functionName: string | null, message: string) => void;
}

/** Functions and hooks that an app has registered. It loads the app and runs its functions. */
export class FunctionRegistry implements Registry {
  private readonly functions = new Map<string, { metadata: FunctionMetadata; handler: unknown }>();
  private readonly hooks = new Map<HookName, Hook[]>();

  constructor(private readonly options: RegistryOptions) {}

  /**
   * Loads what the `main` glob of the app's package.json matches, afresh if the process has loaded it
   * before; packages that it uses stay loaded.
   * @param root folder of the app
   * @returns its functions
   * @throws Error when there is nothing to load, or what the app throws
   */
  load(root: string): Promise<RegisteredFunction[]> {
    return this.inScope(async () => {
      const main = await mainFiles(root);
      provideCoreModule();
      // Modules of a `require` made here are kept by nobody else when the app is not used any more.
      const requireApp = createRequire(join(resolve(root), 'package.json'));
      forget(requireApp, main);
      for (const file of main) requireApp(file);
      forget(requireApp, main);
      await this.runHooks('appStart', { hookData: {}, functionAppDirectory: root });
      return this.list();
    });
  }

  /** The functions that are registered. */
  list(): RegisteredFunction[] {
    return [...this.functions.values()].map(({ metadata }) => ({
      name: metadata.name,
      bindings: Object.entries(metadata.bindings).map(([name, one]) => ({ ...one, name })),
    }));
  }

  /** @throws Error when there is one of its name */
  register(metadata: FunctionMetadata, handler: unknown): () => void {
    if (this.functions.has(metadata.name)) {
      throw new Error(`A function with name '${metadata.name}' is registered twice.`);
    }
    this.functions.set(metadata.name, { metadata, handler });
    return () => this.functions.delete(metadata.name);
  }

  registerHook(name: HookName, hook: Hook): () => void {
    this.hooks.set(name, [...this.hooksOf(name), hook]);
    return () => {
      this.hooks.set(
        name,
        this.hooksOf(name).filter((other) => other !== hook),
      );
    };
  }

  log(level: string, message: string): void {
    this.options.log(level, null, message);
  }

  /**
   * Runs a function with the hooks around it.
   * @throws what its handler throws
   */
  invoke(invocation: Invocation): Promise<RpcTypedData | null> {
    return this.inScope(() => this.run(invocation));
  }

  /** Tells the app that it ends. */
  terminate(): Promise<void> {
    return this.inScope(() => this.runHooks('appTerminate', { hookData: {} }));
  }

  private inScope<T>(run: () => T): T {
    return runInScope({ registry: this, env: this.options.env }, run);
  }

  private async run({ invocationId, functionName, inputs: inputData }: Invocation) {
    const registered = this.functions.get(functionName);
    const modelOf = programmingModel();
    if (!registered || !modelOf) throw new Error(`No function '${functionName}'.`);
    const coreContext = {
      invocationId,
      metadata: registered.metadata,
      state: 'initialize',
      request: { invocationId, functionId: functionName, inputData },
      log: (level: string, _category: string, text: string) =>
        this.options.log(level, functionName, text),
    };
    const model = modelOf.getInvocationModel(coreContext);
    const { context, inputs } = await model.getArguments();
    const hookContext = {
      hookData: {},
      invocationContext: context,
      functionHandler: registered.handler,
      inputs,
    };
    coreContext.state = 'preInvocationHooks';
    await this.runHooks('preInvocation', hookContext);
    coreContext.state = 'invocation';
    const post: Record<string, unknown> = { ...hookContext, result: null, error: null };
    try {
      post['result'] = await model.invokeFunction(
        context,
        hookContext.inputs,
        hookContext.functionHandler,
      );
    } catch (error) {
      post['error'] = error;
    }
    coreContext.state = 'postInvocationHooks';
    await this.runHooks('postInvocation', post);
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- what a handler throws goes on as it is
    if (post['error'] !== null) throw post['error'];
    const response = await model.getResponse(context, post['result']);
    return response.returnValue ?? null;
  }

  private hooksOf(name: HookName): Hook[] {
    return this.hooks.get(name) ?? [];
  }

  private async runHooks(name: HookName, context: Record<string, unknown>): Promise<void> {
    for (const hook of this.hooksOf(name)) await hook(context);
  }
}

/** What a worker reports of something thrown. */
export const errorText = (error: unknown): { message: string; stack: string } => {
  if (!(error instanceof Error)) return { message: format(error), stack: format(error) };
  return { message: error.message, stack: error.stack ?? error.message };
};

/** Files that `main` of package.json matches. */
async function mainFiles(root: string): Promise<string[]> {
  const text = readFileSync(join(root, 'package.json'), 'utf8');
  const { main } = JSON.parse(text) as { main?: string };
  if (!main) throw new Error('package.json has no "main".');
  const files = await matching(main, root);
  if (files.length === 0) {
    throw new Error(`No file matches "main" of package.json (${main}). Run \`npm run build\`.`);
  }
  return files.map((file) => resolve(root, file));
}

/** Files of a folder that a pattern matches. A plain name needs nothing that reads patterns. */
async function matching(pattern: string, cwd: string): Promise<string[]> {
  if (/^[\w./-]+$/.test(pattern)) return existsSync(join(cwd, pattern)) ? [pattern] : [];
  const { default: fastGlob } = await import('fast-glob');
  return fastGlob(pattern, { cwd });
}

/** Takes an app's own modules, which are those beside or below its main files, out of the cache. */
function forget({ cache }: NodeJS.Require, main: string[]): void {
  const folders = new Set(main.map((file) => `${dirname(file)}${sep}`));
  for (const path of Object.keys(cache)) {
    const isOwn = [...folders].some((folder) => path.startsWith(folder));
    if (isOwn && !path.includes(`${sep}node_modules${sep}`)) Reflect.deleteProperty(cache, path);
  }
}
