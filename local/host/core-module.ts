import Module from 'node:module';
import { currentRegistry, type FunctionMetadata, type Hook, type HookName } from './app-scope';
import type { RpcTypedData } from './protocol';

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

let model: ProgrammingModel | undefined;

/** What `@azure/functions` has set; undefined until an app has loaded it. */
export const programmingModel = (): ProgrammingModel | undefined => model;

class Disposable {
  constructor(private readonly onDispose: () => void) {}
  dispose(): void {
    this.onDispose();
  }
}

/**
 * The module that `require('@azure/functions-core')` gives. `@azure/functions` keeps it for the life of
 * the process, so it finds out at each call whose functions are meant.
 */
export const coreModule = {
  version: '3.10.1',
  hostVersion: '4.1037.0',
  Disposable,
  setProgrammingModel: (given: ProgrammingModel) => {
    model = given;
  },
  getProgrammingModel: () => model,
  registerFunction: (metadata: FunctionMetadata, handler: unknown) =>
    new Disposable(currentRegistry().register(metadata, handler)),
  registerHook: (name: HookName, hook: Hook) =>
    new Disposable(currentRegistry().registerHook(name, hook)),
  log: (level: string, _category: string, message: string) => currentRegistry().log(level, message),
};

let isProvided = false;

/** Answers `@azure/functions-core`, as the official worker does (its setupCoreModule.ts). */
export function provideCoreModule(): void {
  if (isProvided) return;
  isProvided = true;
  const proto = Module.prototype as { require: (id: string) => unknown };
  proto.require = new Proxy(proto.require, {
    apply: (target, thisArg, args: [string]) =>
      args[0] === '@azure/functions-core' ? coreModule : Reflect.apply(target, thisArg, args),
  });
}
