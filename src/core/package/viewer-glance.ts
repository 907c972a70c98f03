import type { ViewerSurvey, ViewerTexts } from './viewer-texts';

/** What a list shows of a conversation's texts: a line, never the texts themselves. */
export interface Glance {
  /** Subject of the first email that has one. */
  subject: string;
  /** Summary, or the first words that were written. */
  words: string;
  /** Whether the words are a summary that software has written. */
  isSummary: boolean;
  surveys: Pick<ViewerSurvey, 'name' | 'at' | 'score'>[];
}

/** Letters of a text that a list shows. */
const shownLetters = 160;

/** The first words of a text, on one line; what is longer ends in an ellipsis, and never within a mark. */
export function firstWords(text: string, most = shownLetters): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  if (line.length <= most) return line;
  const cut = line.slice(0, most);
  const mark = cut.lastIndexOf('[');
  const isInMark = mark >= 0 && !cut.slice(mark).includes(']');
  const space = cut.lastIndexOf(' ');
  const end = isInMark ? mark : space > most * 0.7 ? space : most;
  // A letter of two code units is not cut in half.
  return `${cut
    .slice(0, end)
    .replace(/[\ud800-\udbff]$/, '')
    .trimEnd()}…`;
}

/** What a list shows of texts. */
export function glanceOf({ summary, messages, emails, surveys }: ViewerTexts): Glance {
  const written = messages.find(({ text }) => text !== '')?.text ?? emails[0]?.text ?? '';
  return {
    subject: firstWords(emails.find(({ subject }) => subject !== '')?.subject ?? ''),
    words: firstWords(summary === '' ? written : summary),
    isSummary: summary !== '',
    surveys: surveys.map(({ name, at, score }) => ({ name, at, score })),
  };
}
