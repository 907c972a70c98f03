import type { Part } from './setting';

/** A part of the configuration with its place in the documentation. */
export interface Topic<T> extends Part<T> {
  readonly title: string;
  readonly introduction: string;
}

export const topic = <T>(title: string, introduction: string, part: Part<T>): Topic<T> => ({
  title,
  introduction,
  ...part,
});
