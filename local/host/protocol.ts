/**
 * What the host and its worker process say to each other. It carries the same content as the gRPC
 * protocol of the Functions host (azure-functions-language-worker-protobuf), over Node's IPC
 * channel with structured clone, so that bytes stay bytes.
 */

/** A value as the Functions host hands it to a language worker. Exactly one member is set. */
export interface RpcTypedData {
  string?: string;
  json?: string;
  bytes?: Uint8Array;
  int?: number;
  double?: number;
  http?: RpcHttpData;
}

export interface RpcHttpData {
  method?: string;
  url?: string;
  headers?: Record<string, string>;
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: RpcTypedData;
  statusCode?: string;
  cookies?: { name: string; value: string; [attribute: string]: unknown }[];
}

/** One binding of a registered function: the trigger, an input or an output. */
export interface Binding {
  type: string;
  direction: 'in' | 'out';
  name: string;
  route?: string;
  methods?: string[];
  authLevel?: string;
  schedule?: string;
  runOnStartup?: boolean;
  [property: string]: unknown;
}

export interface RegisteredFunction {
  name: string;
  bindings: Binding[];
}

export type ToWorker =
  | { type: 'load'; root: string }
  | {
      type: 'invoke';
      invocationId: string;
      functionName: string;
      inputs: { name: string; data: RpcTypedData }[];
    };

export type FromWorker =
  | { type: 'loaded'; functions: RegisteredFunction[] }
  | { type: 'loadFailed'; message: string }
  | { type: 'result'; invocationId: string; value: RpcTypedData | null }
  | { type: 'error'; invocationId: string; message: string; stack: string }
  | { type: 'log'; level: string; functionName: string | null; message: string };
