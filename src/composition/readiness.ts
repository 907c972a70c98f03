import { systemClock } from '../adapters/time/clock';
import type { Config } from '../config/config';
import type { ReadinessServices } from '../services/readiness';
import type { AppContext } from './app-context';
import { deployedFilesFailure } from './controller-files';
import { mailDomainProbeOf, mailProbeOf, queueProbeOf, storageProbeOf } from './probes';

/**
 * What `GET /health/ready` examines.
 * @param environment settings of the Functions host among others
 */
export const readinessServicesOf = (
  { keys, organisations, stopwatch }: AppContext,
  config: Config,
  environment: Readonly<Record<string, string | undefined>>,
): ReadinessServices & Pick<AppContext, 'stopwatch'> => ({
  storage: storageProbeOf(config),
  queues: queueProbeOf(environment),
  keys,
  organisations,
  mail: mailProbeOf(config),
  mailDomain: mailDomainProbeOf(config),
  sender: config.mail.from,
  controllerFiles: deployedFilesFailure,
  machineClock: systemClock,
  stopwatch,
});
