/**
 * The child process that runs the app. It provides `@azure/functions-core` in the way of the
 * official Node.js worker (a proxied `require`), loads what the `main` glob of the app's
 * package.json matches, and answers invocations. The app cannot tell the difference, and nothing of
 * it is rewritten.
 */
import fastGlob from 'fast-glob';
import { readFileSync } from 'node:fs';
import Module from 'node:module';
import { join, resolve } from 'node:path';
import { format } from 'node:util';
import type { Binding, FromWorker, RegisteredFunction, RpcTypedData, ToWorker } from './protocol';

interface InvocationModel {
  getArguments(): Promise<{ context: object; inputs: unknown[] }>;
  invokeFunction(context: object, inputs: unknown[], handler: unknown): Promise<unknown>;
  getResponse(
    context: object,
    result: unknown,
  ): Promise<{ returnValue?: RpcTypedData | null; outputData?: unknown[] }>;
}
interface ProgrammingModel {
  getInvocationModel(coreContext: object): InvocationModel;
}
interface FunctionMetadata {
  name: string;
  bindings: Record<string, Binding>;
}
type HookName = 'appStart' | 'appTerminate' | 'preInvocation' | 'postInvocation';
type Hook = (context: Record<string, unknown>) => unknown;

const functions = new Map<string, { metadata: FunctionMetadata; handler: unknown }>();
const hooks = new Map<HookName, Hook[]>();
let programmingModel: ProgrammingModel | undefined;

const send = (message: FromWorker): void => {
  process.send?.(message);
};

const log = (level: string, functionName: string | null, message: string): void =>
  send({ type: 'log', level, functionName, message });

class Disposable {
  constructor(private readonly onDispose: () => void) {}
  dispose(): void {
    this.onDispose();
  }
}

/** The module that `require('@azure/functions-core')` gives. */
const coreModule = {
  version: '3.10.1',
  hostVersion: '4.1037.0',
  Disposable,
  setProgrammingModel: (model: ProgrammingModel) => {
    programmingModel = model;
  },
  getProgrammingModel: () => programmingModel,
  registerFunction: (metadata: FunctionMetadata, handler: unknown) => {
    if (functions.has(metadata.name)) {
      throw new Error(`A function with name '${metadata.name}' is registered twice.`);
    }
    functions.set(metadata.name, { metadata, handler });
    return new Disposable(() => functions.delete(metadata.name));
  },
  registerHook: (name: HookName, hook: Hook) => {
    hooks.set(name, [...(hooks.get(name) ?? []), hook]);
    return new Disposable(() => {
      hooks.set(
        name,
        (hooks.get(name) ?? []).filter((other) => other !== hook),
      );
    });
  },
  log: (level: string, _category: string, message: string) => log(level, null, message),
};

/** Answers `@azure/functions-core`, as the official worker does (its setupCoreModule.ts). */
function provideCoreModule(): void {
  const proto = Module.prototype as { require: (id: string) => unknown };
  proto.require = new Proxy(proto.require, {
    apply: (target, thisArg, args: [string]) =>
      args[0] === '@azure/functions-core' ? coreModule : Reflect.apply(target, thisArg, args),
  });
}

async function runHooks(name: HookName, context: Record<string, unknown>): Promise<void> {
  for (const hook of hooks.get(name) ?? []) await hook(context);
}

async function load(root: string): Promise<void> {
  const { main } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    main?: string;
  };
  if (!main) throw new Error('package.json has no "main".');
  const files = await fastGlob(main, { cwd: root });
  if (files.length === 0) {
    throw new Error(`No file matches "main" of package.json (${main}). Run \`npm run build\`.`);
  }
  for (const file of files) {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the app is CommonJS
    require(resolve(root, file));
  }
  await runHooks('appStart', { hookData: {}, functionAppDirectory: root });
  send({
    type: 'loaded',
    functions: [...functions.values()].map(({ metadata }): RegisteredFunction => ({
      name: metadata.name,
      bindings: Object.entries(metadata.bindings).map(([name, binding]) => ({ ...binding, name })),
    })),
  });
}

async function invoke(message: Extract<ToWorker, { type: 'invoke' }>): Promise<void> {
  const { invocationId, functionName } = message;
  try {
    const registered = functions.get(functionName);
    if (!registered || !programmingModel) throw new Error(`No function '${functionName}'.`);
    const coreContext = {
      invocationId,
      metadata: registered.metadata,
      state: 'initialize',
      request: { invocationId, functionId: functionName, inputData: message.inputs },
      log: (level: string, _category: string, text: string) => log(level, functionName, text),
    };
    const model = programmingModel.getInvocationModel(coreContext);
    const { context, inputs } = await model.getArguments();
    const hookContext = {
      hookData: {},
      invocationContext: context,
      functionHandler: registered.handler,
      inputs,
    };
    coreContext.state = 'preInvocationHooks';
    await runHooks('preInvocation', hookContext);
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
    await runHooks('postInvocation', post);
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- what a handler throws goes on as it is
    if (post['error'] !== null) throw post['error'];
    const response = await model.getResponse(context, post['result']);
    send({ type: 'result', invocationId, value: response.returnValue ?? null });
  } catch (error) {
    const { message: text, stack } =
      error instanceof Error ? error : { message: format(error), stack: undefined };
    send({ type: 'error', invocationId, message: text, stack: stack ?? text });
  }
}

provideCoreModule();
// The worker never outlives its host: when the host is killed, the channel closes.
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal reaches every process; the host decides when its workers end.
process.on('SIGINT', () => undefined);
process.on('message', (message: ToWorker) => {
  if (message.type === 'load') {
    load(message.root).catch((error: unknown) => {
      send({ type: 'loadFailed', message: error instanceof Error ? error.message : format(error) });
      process.disconnect();
    });
  } else {
    void invoke(message);
  }
});
