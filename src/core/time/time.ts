/** Arithmetic on points in time. Pure: the present is always given. */
export const secondsPerDay = 86_400;
export const msPerDay = secondsPerDay * 1000;

export const addSeconds = (time: Date, seconds: number): Date =>
  new Date(time.getTime() + seconds * 1000);

export const secondsBetween = (from: Date, to: Date): number =>
  (to.getTime() - from.getTime()) / 1000;

export const addHours = (time: Date, hours: number): Date => addSeconds(time, hours * 3600);

export const addDays = (time: Date, days: number): Date => addSeconds(time, days * secondsPerDay);

export const atTime = (iso: string): Date => new Date(iso);
