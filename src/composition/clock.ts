import { MovedClock, systemClock } from '../adapters/time/clock';
import type { ClockConfig } from '../config/rehearsal';
import type { Clock } from '../ports';

export const clockOf = (config: ClockConfig): Clock =>
  config.kind === 'system' ? systemClock : new MovedClock(config.offsetFile);
