import { loadLocales } from '../../src/adapters/locales';
import { translator } from '../../src/core/i18n/translator';
import { availabilityHtml } from '../../src/core/package/availability-html';
import { availabilityReport } from '../../src/core/package/availability-report';
import { emptyCounts } from '../../src/core/package/items';

const english = translator(loadLocales(null), 'en');

describe('the availability report', () => {
  const facts = {
    createdAt: '2026-11-23T12:00:00.000Z',
    searched: { from: '2019-11-23T00:00:00.000Z', to: '2026-11-23T12:00:00.000Z', windows: 83 },
    searchableFrom: '2021-11-23T12:00:00.000Z',
    indexedUntil: null,
    auditRetainedFrom: null,
    counts: emptyCounts(),
    attributesWithheld: 0,
    missing: [],
    organisation: 'main',
    otherOrganisations: [],
    visibleDivisions: [],
    declaredPermissions: [],
    unprovenPermissions: [],
    unprotectedConversations: 0,
    leftOut: [],
  };

  it('states the organisations and divisions that it covers, and what policy leaves out', () => {
    const { sentences } = availabilityReport(
      {
        ...facts,
        otherOrganisations: ['emea', 'apac'],
        visibleDivisions: ['Sales', 'Support'],
        unprotectedConversations: 3,
        leftOut: ['sentiment'],
      },
      english,
    );
    expect(sentences).toContain(
      'Searched: the organisation main. emea, apac are not part of this package; each needs a separate request.',
    );
    expect(sentences).toContain('Left out by policy: sentiment.');
    expect(sentences.join(' ')).toContain(
      '3 interactions could not be protected from deletion in the source',
    );
    expect(sentences.join(' ')).toContain(
      'Proven to be shown to this app: the divisions Sales, Support. Not provable',
    );
  });

  it('states in every language what was declared about permissions, and what nothing proves', () => {
    const locales = loadLocales(null);
    expect(Object.keys(locales)).toHaveLength(6);
    const declaredPermissions = ['recording:recording:viewSensitiveData'];
    const unprovenPermissions = ['recording:screenRecording:view', 'recording:recording:restore'];
    for (const language of Object.keys(locales)) {
      const { sentences } = availabilityReport(
        { ...facts, declaredPermissions, unprovenPermissions },
        translator(locales, language),
      );
      const [declared = '', unproven = ''] = sentences.slice(-2);
      expect(declared).toContain('recording:recording:viewSensitiveData');
      expect(unproven).toContain('recording:screenRecording:view, recording:recording:restore');
    }
    const { sentences } = availabilityReport({ ...facts, declaredPermissions }, english);
    expect(sentences.at(-1)).toContain('Declared by the company, not proven');
  });

  it('states in sentences what is there and what is missing', () => {
    const counts = emptyCounts();
    counts.conversation.exported = 50;
    counts.audio.exported = 49;
    counts.audio.failed = 1;
    counts.transcript.exported = 25;
    counts.transcript.absent = 25;
    const transcript = {
      conversation: 1,
      kind: 'transcript' as const,
      status: 'absent' as const,
      reason: 'noTranscript',
    };
    const missing = [
      {
        conversation: 3,
        kind: 'audio' as const,
        status: 'failed' as const,
        reason: 'transferFailed',
      },
      ...Array.from({ length: 25 }, () => transcript),
    ];
    const auditRetainedFrom = '2025-11-23T12:00:00.000Z';
    const { sentences } = availabilityReport(
      {
        ...facts,
        counts,
        missing,
        attributesWithheld: 2,
        indexedUntil: '2026-11-23T10:00:00.000Z',
        auditRetainedFrom,
      },
      english,
    );
    expect(sentences).toEqual([
      'Conversations: 50 of 50 interactions.',
      'Audio: 49 of 50 recordings; 1 recording not transferred.',
      'Transcripts: 25 of 50 recordings; 25 recordings without a transcript in the source.',
      'Notes on the contact: 0 of 0 notes.',
      '2 attributes of participants were left out by policy.',
      'Conversations before 2021-11-23 cannot be searched in the source; the search covered 2019-11-23 to 2026-11-23.',
      'Conversations after 2026-11-23 10:00 UTC could not be searched yet.',
      "Changes to the contact's record before 2025-11-23 are not kept by the source.",
      'Not provable: whether the source holds more in divisions that it does not show to this app.',
    ]);
  });

  it('lists every missing item with its reason, known or unknown', () => {
    const missing = [
      { conversation: 3, kind: 'audio' as const, status: 'failed' as const, reason: '<new&code>' },
    ];
    const report = availabilityReport({ ...facts, missing }, english);
    expect(report.missing).toEqual([
      { conversation: 3, kind: 'audio', status: 'failed', reason: '<new&code>' },
    ]);
    expect(availabilityHtml(report, english)).toContain('missing (&lt;new&amp;code&gt;)');
  });

  it('is an HTML page that loads nothing', () => {
    expect(availabilityHtml(availabilityReport(facts, english), english)).not.toMatch(
      /<script|src=|href=|url\(/,
    );
  });
});
