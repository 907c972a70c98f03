import type { StorageAccount } from '../azurite';
import type { HostRunner } from './hosts';
import type { StackPorts } from './ports';

/** An inbox and a provider of identities that others serve at the ports of the stack, and storage or none. */
export interface SharedServices {
  storage: SharedStorage | null;
}

/** Storage that others serve. */
export interface SharedStorage {
  /** An account that nobody else uses. */
  account: StorageAccount;
  /** Log of the storage. */
  log: string;
}

export interface StackOptions {
  /** Folder of the project, with what `npm run build` has made. */
  root: string;
  /** Folder of the app; by default what is deployed: `dist/deploy` of the project. */
  app?: string;
  /** Folder for all state and logs. */
  state: string;
  ports: StackPorts;
  /** Arguments of the simulator; null when another one serves at `genesysUrl`. */
  genesysArguments: string[] | null;
  genesysUrl?: string;
  /** TCP port of an S3 emulator, where the bulk export is wanted. */
  s3Port?: number;
  /** Further arguments of the host. */
  hostArguments?: string[];
  /** Fault point at which the first host ends by itself. */
  faultPoint?: string;
  /** Ports under which the app reaches storage and mail, where something stands in between. */
  appPorts?: Partial<Pick<StackPorts, 'blob' | 'table' | 'smtp'>>;
  /** Folder for Azurite's data, where it is not to be under `state`. */
  storageFolder?: string;
  /** Ports of a second host: then the first serves HTTP only, and the second all that is durable. */
  split?: { host: number; rpc: number };
  /** Services that run already; by default the stack starts its own. */
  shared?: SharedServices;
  /** Runs the hosts; by default each in a process of its own. */
  runHost?: HostRunner;
  /** Settings of the app that differ from those of the stack. */
  settings?: Record<string, string>;
}
