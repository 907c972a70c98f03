import type { Formats } from './formats';
import type { Translator } from './translator';

/** The words of a language, and how it writes dates and numbers. */
export type Words = Translator & Formats;
