import { fields, list, text, type Fields } from './unknown-fields';
import { cuesOf, type Cue, type SourceTranscript } from './webvtt';

/** Texts of a conversation. */
export interface ViewerTexts {
  number: number;
  transcripts: { recordingId: string; cues: Cue[] }[];
  messages: { from: string; at: string; text: string }[];
  emails: { from: string; to: string; subject: string; at: string; text: string; html: string }[];
  surveys: { name: string; at: string; score: string; answers: string[] }[];
  summary: string;
}

interface WrittenDocuments {
  transcripts?: { recordingId: string; transcript: SourceTranscript }[];
  emails?: unknown[];
  messages?: unknown[];
  surveys?: unknown[];
  summary?: unknown;
}

/** The texts of a conversation as the viewer shows them. */
export function viewerTexts(number: number, documents: WrittenDocuments): ViewerTexts {
  return {
    number,
    transcripts: (documents.transcripts ?? []).map(({ recordingId, transcript }) => ({
      recordingId,
      cues: cuesOf(transcript),
    })),
    messages: (documents.messages ?? []).map(fields).map((message) => ({
      from: text(message['direction']),
      at: text(message['timestamp']),
      text: text(fields(message['normalizedMessage'])['text']),
    })),
    emails: (documents.emails ?? []).map(fields).map((email) => ({
      from: mailbox(email['from']),
      to: Array.isArray(email['to']) ? email['to'].map(mailbox).join(', ') : '',
      subject: text(email['subject']),
      at: text(email['time']),
      text: text(email['textBody']),
      html: text(email['htmlBody']),
    })),
    surveys: (documents.surveys ?? []).map(fields).map(surveyView),
    summary: text(fields(fields(documents.summary)['summary'])['text']),
  };
}

const mailbox = (value: unknown): string => text(fields(value)['email']);

function surveyView(survey: Fields): ViewerTexts['surveys'][number] {
  const answers = fields(survey['answers']);
  const scores = list(answers['questionGroupScores']).flatMap((group) =>
    list(group['questionScores']),
  );
  return {
    name: text(fields(survey['surveyForm'])['name']),
    at: text(survey['completedDate']),
    score: text(answers['npsScore']) || text(answers['totalScore']),
    answers: scores
      .flatMap((one) => [text(one['npsTextAnswer']), text(one['freeTextAnswer'])])
      .filter((answer) => answer !== ''),
  };
}
