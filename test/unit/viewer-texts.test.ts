import { firstWords, glanceOf } from '../../src/core/package/viewer-glance';
import { recordedMessages } from '../../src/core/package/viewer-recorded';
import { noTexts } from '../../src/core/package/viewer-texts';
import { viewerTexts } from '../../src/core/package/written-texts';
import { wholePlan, type SoundPlan } from '../../src/core/redaction/spoken';

const start = Date.parse('2026-11-14T04:37:00.000Z');
const phrase = (at: number, length: number, purpose: string, text: string) => ({
  participantPurpose: purpose,
  text,
  startTimeMs: start + at,
  duration: { milliseconds: length },
});
const transcript = {
  startTime: start,
  transcripts: [
    {
      phrases: [
        phrase(0, 4000, 'internal', 'Good morning'),
        phrase(5000, 3000, 'external', 'Hello'),
      ],
    },
  ],
};
const muted: SoundPlan = {
  ...wholePlan,
  kind: 'muted',
  passages: [{ from: start + 5500, to: start + 6000 }],
  reasons: { cardNumber: 1 },
};

describe('the texts of a conversation in the viewer', () => {
  it('give the phrases of a transcript to their speakers, with what is silent', () => {
    const { transcripts } = viewerTexts(
      1,
      { transcripts: [{ recordingId: 'r1', transcript }] },
      { r1: muted },
    );
    expect(transcripts).toEqual([
      {
        recordingId: 'r1',
        cues: [
          { from: 0, to: 4000, who: 'Agent', text: 'Good morning' },
          { from: 5000, to: 8000, who: 'Customer', text: 'Hello' },
        ],
        silent: [{ from: 5500, to: 6000 }],
      },
    ]);
  });

  it('count from the start of the recording where that is known', () => {
    const plan = { ...muted, startTime: new Date(start + 1000).toISOString() };
    const written = { transcripts: [{ recordingId: 'r1', transcript }] };
    const [shown] = viewerTexts(1, written, { r1: plan }).transcripts;
    expect(shown?.cues.map(({ from }) => from)).toEqual([0, 4000]);
    expect(shown?.silent).toEqual([{ from: 4500, to: 5000 }]);
  });

  it.each([['whole'], ['withheld'], ['notExamined']] as const)(
    'call nothing silent in a recording that is %s',
    (kind) => {
      const plan = { ...muted, kind };
      const written = { transcripts: [{ recordingId: 'r1', transcript }] };
      expect(viewerTexts(1, written, { r1: plan }).transcripts[0]?.silent).toEqual([]);
    },
  );

  it('name the files of messages, and none of what is only a link', () => {
    const content = [
      {
        attachment: {
          mediaType: 'Image',
          file: 'attachment-1.png',
          filename: 'box.png',
          mime: 'image/png',
          contentSizeBytes: 9,
        },
      },
      { attachment: { mediaType: 'File', filename: 'gone.pdf', mime: 'application/pdf' } },
      { attachment: { mediaType: 'Link', url: 'https://shop.example' } },
      { contentType: 'Reactions' },
    ];
    const [inbound, outbound] = viewerTexts(1, {
      messages: [
        { direction: 'inbound', timestamp: 't', normalizedMessage: { text: 'Look', content } },
        { direction: 'outbound', createdBy: { name: 'agent-00c0ffee' }, textBody: 'Thanks' },
      ],
    }).messages;
    expect(inbound).toEqual({
      ...{ from: 'you', name: '', at: 't', text: 'Look' },
      files: [
        { file: 'attachment-1.png', name: 'box.png', type: 'image/png', size: 9 },
        { file: null, name: 'gone.pdf', type: 'application/pdf', size: null },
      ],
    });
    expect(outbound).toMatchObject({ from: 'agent', name: 'agent-00c0ffee', text: 'Thanks' });
  });

  it('tell who wrote an email to whom, and its file', () => {
    const [email] = viewerTexts(1, {
      emails: [
        {
          from: { name: 'Maria', email: 'maria@mail.example' },
          to: [{ email: 'service@shop.example', name: 'service@shop.example' }, {}],
          cc: [{ name: '[another person]', email: 'another.person@masked.invalid' }],
          subject: 'Order',
          file: 'email-1.eml',
          attachments: [{ name: 'receipt.pdf', contentType: 'application/pdf', contentLength: 84 }],
        },
      ],
    }).emails;
    expect(email).toMatchObject({
      from: 'Maria <maria@mail.example>',
      to: 'service@shop.example',
      cc: '[another person] <another.person@masked.invalid>',
      file: 'email-1.eml',
      attachments: [{ file: null, name: 'receipt.pdf', type: 'application/pdf', size: 84 }],
    });
  });

  it('put the question before each answer of a survey, where the form is known', () => {
    const questions = [
      { id: 'q1', text: 'Were we friendly?', answerOptions: [{ id: 'a1', text: 'Yes' }] },
      { id: 'q2', text: 'Would you recommend us?' },
    ];
    const questionScores = [
      { questionId: 'q1', answerId: 'a1' },
      { questionId: 'q2', npsScore: 8, npsTextAnswer: 'Quick help.' },
      { questionId: 'q3', freeTextAnswer: 'No form has this question.' },
      { questionId: 'q1' },
    ];
    const [survey] = viewerTexts(1, {
      surveys: [
        {
          surveyForm: { name: 'After the call', questionGroups: [{ questions }] },
          answers: { npsScore: 8, questionGroupScores: [{ questionScores }] },
          completedDate: 't',
        },
      ],
    }).surveys;
    expect(survey).toEqual({
      ...{ name: 'After the call', at: 't', score: '8' },
      answers: [
        { question: 'Were we friendly?', answer: 'Yes' },
        { question: 'Would you recommend us?', answer: '8. Quick help.' },
        { question: '', answer: 'No form has this question.' },
      ],
    });
  });
});

describe('a recorded chat or thread in the viewer', () => {
  it('shows who wrote what, and nothing of who came and went', () => {
    const transcriptLines = [
      { bodyType: 'MEMBERJOIN', body: 'joined', from: 'agent' },
      { bodyType: 'STANDARD', body: 'Hello', participantPurpose: 'customer', utc: 't1' },
      { body: 'Hi', from: 'agent', user: { displayName: 'agent-00c0ffee' }, utc: 't2' },
      { bodyType: 'STANDARD', body: 'Please wait', participantPurpose: 'workflow' },
      { bodyType: 'TYPING', body: '' },
    ];
    expect(recordedMessages({ transcript: transcriptLines })).toEqual([
      { from: 'you', name: '', at: 't1', text: 'Hello', files: [] },
      { from: 'agent', name: 'agent-00c0ffee', at: 't2', text: 'Hi', files: [] },
      { from: 'other', name: '', at: '', text: 'Please wait', files: [] },
    ]);
  });

  it('names the files of a thread, also of messages without words', () => {
    const messageMediaAttachments = [
      {
        name: 'box.png',
        file: 'recorded-attachment-1.png',
        mediaType: 'image/png',
        contentLength: 9,
      },
    ];
    expect(
      recordedMessages({
        messagingTranscript: [
          { purpose: 'customer', messageMediaAttachments },
          { purpose: 'agent', messageText: '' },
        ],
      }),
    ).toEqual([
      {
        ...{ from: 'you', name: '', at: '', text: '' },
        files: [{ file: 'recorded-attachment-1.png', name: 'box.png', type: 'image/png', size: 9 }],
      },
    ]);
  });

  it.each([[null], [{}], [{ transcript: 'text' }], [{ messagingTranscript: [null, 3] }]])(
    'shows nothing of %j',
    (document) => {
      expect(recordedMessages(document)).toEqual([]);
    },
  );
});

describe('what a list shows of texts', () => {
  const message = (text: string) => ({ from: 'you' as const, name: '', at: '', text, files: [] });
  const email = {
    from: '',
    to: '',
    cc: '',
    subject: 'Order',
    at: '',
    text: 'Where?',
    html: '',
    file: '',
    attachments: [],
  };

  it.each([
    [
      'a summary',
      { summary: 'A late order.', messages: [message('Hello')] },
      'A late order.',
      true,
    ],
    [
      'the first words',
      { messages: [message(''), message('Hello\n there')] },
      'Hello there',
      false,
    ],
    ['the words of an email', { emails: [email] }, 'Where?', false],
    ['nothing', {}, '', false],
  ])('is %s', (_, texts, words, isSummary) => {
    expect(glanceOf({ ...noTexts(1), ...texts })).toMatchObject({ words, isSummary });
  });

  it('has the subject of the first email that has one', () => {
    const emails = [{ ...email, subject: '' }, email];
    expect(glanceOf({ ...noTexts(1), emails }).subject).toBe('Order');
  });

  it.each([
    ['short', 'short'],
    ['one two three four five six', 'one two three four…'],
    ['one two [card number removed] three', 'one two…'],
    ['a word 0123456789012345678901', 'a word 01234567890123…'],
  ])('cuts %j to %j', (text, expected) => {
    expect(firstWords(text, 21)).toBe(expected);
  });
});
