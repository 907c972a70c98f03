import { systemClock } from '../adapters/time/clock';
import type { Config } from '../config/config';
import type { ReadinessServices } from '../services/readiness';
import type { AppContext } from './app-context';
import { deployedFilesFailure } from './controller-files';
import { mailProbeOf, storageProbeOf } from './probes';

/** What `GET /health/ready` examines. */
export const readinessServicesOf = (
  { keys, organisations, stopwatch }: AppContext,
  config: Config,
): ReadinessServices & Pick<AppContext, 'stopwatch'> => ({
  storage: storageProbeOf(config),
  keys,
  organisations,
  mail: mailProbeOf(config),
  sender: config.mail.from,
  controllerFiles: deployedFilesFailure,
  machineClock: systemClock,
  stopwatch,
});
