import type { Cue } from './webvtt';

/** Texts of a conversation. */
export interface ViewerTexts {
  number: number;
  transcripts: ViewerTranscript[];
  messages: ViewerMessage[];
  emails: ViewerEmail[];
  surveys: ViewerSurvey[];
  summary: string;
}

export interface ViewerTranscript {
  recordingId: string;
  /** Times in milliseconds from the start of the recording, where that is known, else of the transcript. */
  cues: Cue[];
  /** What is silent in the recording, by the same clock. */
  silent: { from: number; to: number }[];
}

export interface ViewerMessage {
  from: Speaker;
  /** What the agent is called in the package; empty for the person. */
  name: string;
  at: string;
  text: string;
  files: AttachedName[];
}

/** Who says or writes something: the person, somebody of the company, or somebody or something else. */
export type Speaker = 'you' | 'agent' | 'other';

/** A file that was sent. */
export interface AttachedName {
  /** Name in the folder of the conversation; null for one that is not in the package by itself. */
  file: string | null;
  /** Its name where it comes from. */
  name: string;
  type: string;
  /** In bytes, where the source says so. */
  size: number | null;
}

export interface ViewerEmail {
  from: string;
  to: string;
  cc: string;
  subject: string;
  at: string;
  text: string;
  html: string;
  /** Name of the message file in the folder of the conversation; empty for none. */
  file: string;
  attachments: AttachedName[];
}

export interface ViewerSurvey {
  name: string;
  at: string;
  score: string;
  answers: { question: string; answer: string }[];
}

/** Of a conversation in which nothing is written. */
export const noTexts = (number: number): ViewerTexts => ({
  number,
  transcripts: [],
  messages: [],
  emails: [],
  surveys: [],
  summary: '',
});
