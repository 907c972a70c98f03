import { alternatives } from './combine';
import { text } from './formats';
import { required, type ValueOf } from './setting';
import { topic } from './topic';

export const clock = topic(
  'Rehearsal',
  'For a portal on loopback only (`PORTAL_ORIGIN`).',
  alternatives({
    system: {},
    moved: {
      offsetFile: required('CLOCK_OFFSET_FILE', text, {
        description: "File with the milliseconds by which the app's deadlines are moved.",
      }),
    },
  }),
);

export type ClockConfig = ValueOf<typeof clock>;
