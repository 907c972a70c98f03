/** The present time. Everything that depends on time asks it, so that tests can move it. */
export interface Clock {
  now(): Date;
}
