import { defaultPolicy } from '../../src/core/redaction/policy';
import {
  countRedactions,
  mutedRecording,
  noteRedaction,
  notExamined,
  redactionLog,
  type Redactions,
} from '../../src/core/redaction/redactions';

describe('the redaction log', () => {
  const at = (file: string) => ({ file, field: 'sound' });

  it('names recordings with silent passages, and counts those that nobody can look into', () => {
    const redactions: Redactions = {};
    noteRedaction(redactions, 'cardNumber', at('audio-1.mp3'), 2);
    noteRedaction(redactions, mutedRecording, at('audio-1.mp3'));
    noteRedaction(redactions, notExamined('recording'), at('audio-2.mp3'));
    noteRedaction(redactions, notExamined('recording'), at('audio-3.mp3'));
    noteRedaction(redactions, notExamined('screen'), at('screen-1.webm'));
    expect(redactionLog(defaultPolicy, redactions, '2026-01-01')).toMatchObject({
      redactions: [
        {
          reason: 'cardNumber',
          count: 2,
          places: [{ file: 'audio-1.mp3', field: 'sound', count: 2 }],
        },
      ],
      notExamined: [
        { kind: 'recording', count: 2 },
        { kind: 'screen', count: 1 },
      ],
    });
    expect(countRedactions(redactions)).toMatchObject({ mutedRecording: 1 });
  });
});
