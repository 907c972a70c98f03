import type { SoundPlan, SoundPlans } from '../redaction/spoken';
import { fields, list, text, type Fields } from './unknown-fields';
import type {
  ViewerEmail,
  ViewerMessage,
  ViewerSurvey,
  ViewerTexts,
  ViewerTranscript,
} from './viewer-texts';
import { cuesOf, type SourceTranscript } from './webvtt';

/** What the viewer's texts are made of: what was written into the package. */
export interface WrittenDocuments {
  transcripts?: { recordingId: string; transcript: SourceTranscript }[];
  emails?: unknown[];
  messages?: unknown[];
  surveys?: unknown[];
  summary?: unknown;
}

const timeOf = (iso: string | null): number | null => {
  const time = iso === null ? NaN : Date.parse(iso);
  return Number.isNaN(time) ? null : time;
};

/**
 * The texts of a conversation as the viewer shows them.
 * @param documents masked
 * @param sound what becomes of the sound of its recordings
 */
export function viewerTexts(
  number: number,
  documents: WrittenDocuments,
  sound: SoundPlans = {},
): ViewerTexts {
  return {
    number,
    transcripts: (documents.transcripts ?? []).map((one) =>
      transcriptView(one, sound[one.recordingId]),
    ),
    messages: (documents.messages ?? []).map(fields).map(messageView),
    emails: (documents.emails ?? []).map(fields).map(emailView),
    surveys: (documents.surveys ?? []).map(fields).map(surveyView),
    summary: text(fields(fields(documents.summary)['summary'])['text']),
  };
}

function transcriptView(
  { recordingId, transcript }: { recordingId: string; transcript: SourceTranscript },
  plan: SoundPlan | undefined,
): ViewerTranscript {
  const start = timeOf(plan?.startTime ?? null) ?? transcript.startTime ?? 0;
  const passages = plan?.kind === 'muted' ? plan.passages : [];
  return {
    recordingId,
    cues: cuesOf(transcript, start),
    silent: passages.map(({ from, to }) => ({ from: Math.max(from - start, 0), to: to - start })),
  };
}

const size = (value: unknown): number | null => (typeof value === 'number' ? value : null);

function messageView(message: Fields): ViewerMessage {
  const normalised = fields(message['normalizedMessage']);
  const isInbound = text(message['direction']).toLowerCase() === 'inbound';
  return {
    from: isInbound ? 'you' : 'agent',
    name: isInbound ? '' : text(fields(message['createdBy'])['name']),
    at: text(message['timestamp']),
    text: text(normalised['text']) || text(message['textBody']),
    files: list(normalised['content']).flatMap(({ attachment }) => {
      const given = fields(attachment);
      if (attachment === undefined || text(given['mediaType']) === 'Link') return [];
      return [
        {
          file: text(given['file']) || null,
          name: text(given['filename']) || text(given['file']),
          type: text(given['mime']),
          size: size(given['contentSizeBytes']),
        },
      ];
    }),
  };
}

const mailbox = (value: unknown): string => {
  const { name, email } = fields(value);
  const [called, address] = [text(name), text(email)];
  return called === '' || called === address || address === ''
    ? address || called
    : `${called} <${address}>`;
};

const mailboxes = (value: unknown): string =>
  Array.isArray(value) ? value.map(mailbox).filter(Boolean).join(', ') : '';

const emailView = (email: Fields): ViewerEmail => ({
  from: mailbox(email['from']),
  to: mailboxes(email['to']),
  cc: mailboxes(email['cc']),
  subject: text(email['subject']),
  at: text(email['time']),
  text: text(email['textBody']),
  html: text(email['htmlBody']),
  file: text(email['file']),
  attachments: list(email['attachments']).map((one) => ({
    file: null,
    name: text(one['name']),
    type: text(one['contentType']),
    size: size(one['contentLength']),
  })),
});

/** A survey: each answer with the question that it answers, where the source gives the form. */
function surveyView(survey: Fields): ViewerSurvey {
  const form = fields(survey['surveyForm']);
  const answers = fields(survey['answers']);
  const questions = new Map(
    list(form['questionGroups'])
      .flatMap((group) => list(group['questions']))
      .map((question) => [text(question['id']), question]),
  );
  const scores = list(answers['questionGroupScores']).flatMap((group) =>
    list(group['questionScores']),
  );
  return {
    name: text(form['name']) || text(survey['name']),
    at: text(survey['completedDate']),
    score: text(answers['npsScore']) || text(answers['totalScore']),
    answers: scores.flatMap((score) => {
      const question = fields(questions.get(text(score['questionId'])));
      const answer = answerOf(score, question);
      return answer === '' ? [] : [{ question: text(question['text']), answer }];
    }),
  };
}

/** What was chosen, scored or written in answer to a question. */
function answerOf(score: Fields, question: Fields): string {
  const chosen = list(question['answerOptions']).find(
    ({ id }) => id !== undefined && id === score['answerId'],
  );
  const written = [score['npsTextAnswer'], score['freeTextAnswer']].map(text);
  return [text(chosen?.['text']), text(score['npsScore']), ...written].filter(Boolean).join('. ');
}
