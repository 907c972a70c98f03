import { defaultPolicy } from '../../src/core/redaction/policy';
import {
  countOf,
  mailAttachmentNotRead,
  mutedRecording,
  noteRedaction,
  recordingNotExamined,
  redactionLog,
  screenNotExamined,
  type Redactions,
} from '../../src/core/redaction/redactions';

describe('the redaction log', () => {
  const at = (file: string) => ({ file, field: 'sound' });

  it('names recordings with silent passages, and counts those that nobody can look into', () => {
    const redactions: Redactions = {};
    noteRedaction(redactions, 'cardNumber', at('audio-1.mp3'), 2);
    noteRedaction(redactions, mutedRecording, at('audio-1.mp3'));
    noteRedaction(redactions, recordingNotExamined, at('audio-2.mp3'));
    noteRedaction(redactions, recordingNotExamined, at('audio-3.mp3'));
    noteRedaction(redactions, screenNotExamined, at('screen-1.webm'));
    noteRedaction(redactions, mailAttachmentNotRead, at('email-1.eml'), 4);
    expect(redactionLog(defaultPolicy, redactions, '2026-01-01')).toMatchObject({
      redactions: [
        {
          reason: 'cardNumber',
          count: 2,
          places: [{ file: 'audio-1.mp3', field: 'sound', count: 2 }],
        },
      ],
      notExamined: { mailAttachments: 4, recordings: 2, screenRecordings: 1 },
    });
    expect(countOf(redactions, mutedRecording)).toBe(1);
    expect(countOf(redactions, 'pattern:none')).toBe(0);
  });

  it('says nothing of what was not examined where all was', () => {
    expect(redactionLog(defaultPolicy, {}, '2026-01-01')).not.toHaveProperty('notExamined');
  });
});
