import { randomUUID } from 'node:crypto';
import { InvocationError } from '../../local/host/app-process';
import type { FunctionInvoker } from '../../local/host/durable/episode';
import { runInScope } from '../../local/host/app-scope';
import { errorText, FunctionRegistry } from '../../local/host/function-registry';
import type { RegisteredFunction } from '../../local/host/protocol';

const registry = new FunctionRegistry({ env: null, log: () => undefined });

/** Registers functions in this process, by what the real SDKs offer for that. */
export const register = (registerAll: () => void): void =>
  runInScope({ registry, env: null }, registerAll);

let byName: Map<string, RegisteredFunction> | null = null;
function find(name: string): RegisteredFunction | undefined {
  byName ??= new Map(registry.list().map((one) => [one.name, one]));
  return byName.get(name);
}

/** Invokes them as the host does: by the trigger's payload, as JSON text. */
export const invoker: FunctionInvoker = {
  has: (type, name) => find(name)?.bindings.some((binding) => binding.type === type) ?? false,
  invoke: async (functionName, payload) => {
    const trigger = find(functionName)?.bindings.find(({ direction }) => direction === 'in');
    const inputs = [{ name: trigger?.name ?? '', data: { string: payload } }];
    try {
      return await registry.invoke({ invocationId: randomUUID(), functionName, inputs });
    } catch (error) {
      const { message, stack } = errorText(error);
      throw new InvocationError(message, stack);
    }
  },
};
