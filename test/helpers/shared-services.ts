import type { SharedServices } from '../../local/stack/options';
import type { StackPorts } from '../../local/stack/ports';
import { atEnd, outside, takeAccount } from './outside-jest';

export interface Services {
  ports: StackPorts;
  shared: SharedServices;
  stop(): Promise<void>;
}

/**
 * Services of one scenario: an unused account of the storage emulator that the jest worker keeps, unless the
 * stack has one of its own, and an inbox and a provider of identities in this process.
 * @param origin origin of the app's portal, given its ports
 */
export async function startServices(
  origin: (ports: StackPorts) => string,
  hasOwnStorage = false,
): Promise<Services> {
  const taken = hasOwnStorage ? null : await takeAccount();
  const ports = { ...(await outside.ports.freePorts()), ...taken?.ports };
  const inbox = await outside.inbox.Inbox.start({ web: ports.inbox, smtp: ports.smtp });
  const provider = await outside.provider.startProvider({
    port: ports.identity,
    origin: origin(ports),
  });
  let isRunning = true;
  const stop = async (): Promise<void> => {
    if (!isRunning) return;
    isRunning = false;
    await Promise.all([inbox.stop(), provider.stop()]);
  };
  atEnd(stop);
  return { ports, shared: { storage: taken }, stop };
}
