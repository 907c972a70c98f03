import type { Binding, RegisteredFunction, RpcTypedData } from './protocol';
import type { WorkerPool } from './worker-pool';

export interface InvokerOptions {
  workers: WorkerPool;
  /** Makes the input of a durable client binding. */
  clientBinding: () => string;
}

/** Finds the functions of the app and invokes them by their triggers. */
export class Invoker {
  constructor(private readonly options: InvokerOptions) {}

  get functions(): readonly RegisteredFunction[] {
    return this.options.workers.functions;
  }

  /** The binding of a function that has a type; undefined when there is none. */
  binding(name: string, type: string): Binding | undefined {
    return this.functions.find((f) => f.name === name)?.bindings.find((b) => b.type === type);
  }

  /** Invokes a function. Every input gets the trigger's data, a durable client its binding. */
  async invoke(name: string, data: RpcTypedData): Promise<RpcTypedData | null> {
    const { workers, clientBinding } = this.options;
    const registered = this.functions.find((f) => f.name === name);
    const inputs = (registered?.bindings ?? [])
      .filter((binding) => binding.direction === 'in')
      .map((binding) => ({
        name: binding.name,
        data: binding.type === 'durableClient' ? { string: clientBinding() } : data,
      }));
    return workers.invoke(name, inputs);
  }
}
