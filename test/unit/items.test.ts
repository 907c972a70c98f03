import fc from 'fast-check';
import {
  absent,
  absentReasons,
  addCounts,
  conversationFolder,
  countItems,
  emptyCounts,
  expectedOf,
  exported,
  failed,
  failureReasons,
  failuresOf,
  fullCounts,
  isAccountedFor,
  isSameItem,
  itemKey,
  itemKinds,
  itemReasons,
  itemStatuses,
  newItem,
  shortCounts,
  withheld,
  withheldReasons,
  type Item,
  type ItemStatus,
} from '../../src/core/package/items';

describe('items', () => {
  const item = fc.record({
    kind: fc.constantFrom(...itemKinds),
    status: fc.constantFrom(...itemStatuses),
  });

  it('have the same counts in total and page by page', () => {
    fc.assert(
      fc.property(fc.array(item), fc.array(item), (a, b) => {
        expect(addCounts(countItems(a), countItems(b))).toEqual(countItems([...a, ...b]));
      }),
    );
  });

  it('have the same counts when those that are 0 are left out', () => {
    fc.assert(
      fc.property(fc.array(item), (items) => {
        const counts = countItems(items);
        const short = JSON.stringify(shortCounts(counts));
        expect(fullCounts(JSON.parse(short) as ReturnType<typeof shortCounts>)).toEqual(counts);
        expect(short).not.toMatch(/:0\b/);
      }),
    );
  });

  it('have no counts of kinds of which there are none', () => {
    expect(shortCounts(emptyCounts())).toStrictEqual({});
    const one = countItems([{ kind: 'audio', status: 'failed' }]);
    expect(shortCounts(one)).toStrictEqual({ audio: { failed: 1 } });
  });

  it('are the same when all that is known of them is', () => {
    const known = newItem(1, 'audio', 1, 'r1');
    expect(isSameItem(known, { ...known })).toBe(true);
    for (const [column, value] of Object.entries(known)) {
      const other = typeof value === 'number' ? value + 1 : `${String(value)}!`;
      expect([column, isSameItem(known, { ...known, [column]: other })]).toEqual([column, false]);
    }
  });

  it('are accounted for when none is pending and no more failed than allowed', () => {
    fc.assert(
      fc.property(fc.array(item), fc.nat(5), (items, allowed) => {
        const isPending = items.some(({ status }) => status === 'pending');
        const failed = items.filter(({ status }) => status === 'failed').length;
        expect(isAccountedFor(countItems(items), allowed)).toBe(!isPending && failed <= allowed);
      }),
    );
  });

  it('are not expected when the source says that there are none', () => {
    const counts = countItems([
      { kind: 'transcript', status: 'absent' },
      { kind: 'transcript', status: 'exported' },
    ]);
    expect(expectedOf(counts.transcript)).toBe(1);
  });

  const kinds = [
    ...['conversation', 'audio', 'screen', 'transcript', 'email', 'message', 'attachment', 'chat'],
    ...['emailRecording', 'messageRecording', 'otherRecording', 'survey', 'summary', 'sentiment'],
    ...['secureAttributes', 'evaluation'],
    ...['voicemail', 'recordedAttachment', 'contact', 'note', 'journeySession', 'campaignContact'],
    'auditQuery',
  ];
  const statuses = ['pending', 'exported', 'absent', 'expired', 'archived', 'withheld', 'failed'];

  it('have kinds, statuses and reasons by which they are stored and translated', () => {
    expect(itemKinds).toEqual(kinds);
    expect(itemStatuses).toEqual(statuses);
    expect(failureReasons).toEqual([
      ...['notDelivered', 'notListed', 'notWhole', 'queryRefused', 'brokenInSource'],
      ...['preparationTimedOut', 'transferFailed', 'hostNotAllowed', 'tooLarge'],
      ...['notReadable', 'tooDeep'],
    ]);
    expect(absentReasons).toEqual([
      ...['noTranscript', 'noSummary', 'noSentiment', 'noSecureAttributes', 'notAnswered'],
      'noLongerHeld',
      ...['recordedOnly', 'mergedAway', 'noContactRecord'],
    ]);
    expect(withheldReasons).toEqual([
      ...['otherContact', 'beforeContact', 'sharedIdentifier', 'notDecided', 'notDecidedInTime'],
      'notVerified',
      ...['transcriptInstead', 'voicesInOneChannel', 'attachmentWithheld', 'voicemailNotReadable'],
      ...['maskedInSound', 'soundNotMutable', 'passageNotFound', 'customerChannelUnknown'],
      'rightsOfOthers',
    ]);
    expect(itemReasons).toEqual([
      ...[...failureReasons, ...absentReasons, ...withheldReasons],
      ...['archivedInSource', 'deletedInSource'],
    ]);
  });

  it('are counted by kind and status, from zero', () => {
    const zeros = Object.fromEntries(statuses.map((status) => [status, 0]));
    expect(emptyCounts()).toEqual(Object.fromEntries(kinds.map((kind) => [kind, zeros])));
    const counts = countItems([
      { kind: 'audio', status: 'failed' },
      { kind: 'audio', status: 'failed' },
      { kind: 'note', status: 'exported' },
    ]);
    expect(counts.audio).toEqual({ ...zeros, failed: 2 });
    expect(counts.note).toEqual({ ...zeros, exported: 1 });
    expect(counts.screen).toEqual(zeros);
  });

  it('are expected in every status but absent', () => {
    const counts = { ...emptyCounts().audio };
    statuses.forEach((status, i) => (counts[status as ItemStatus] = 10 ** i));
    expect(expectedOf(counts)).toBe(1_111_011);
  });

  it('are accounted for with as many failures as allowed, and not with one more', () => {
    const counts = countItems([
      { kind: 'audio', status: 'failed' },
      { kind: 'note', status: 'failed' },
      { kind: 'chat', status: 'withheld' },
    ]);
    expect(failuresOf(counts)).toBe(2);
    expect(isAccountedFor(counts, 2)).toBe(true);
    expect(isAccountedFor(counts, 1)).toBe(false);
    const pending = countItems([{ kind: 'auditQuery', status: 'pending' }]);
    expect(isAccountedFor(pending, 9)).toBe(false);
  });

  it('sort by their keys in the order of the package', () => {
    expect(itemKey({ conversation: 7, kind: 'audio', ordinal: 12 })).toBe('0000007-audio-012');
    expect(itemKey({ conversation: 0, kind: 'note', ordinal: 1 })).toBe('0000000-note-001');
  });

  it('of a conversation are in a folder that bears its number only', () => {
    expect(conversationFolder(7)).toBe('data/conversations/0007');
    expect(conversationFolder(12_345)).toBe('data/conversations/12345');
  });
});

describe('an item', () => {
  const fresh = newItem(3, 'audio', 2, 'r1');

  it('is pending, without a file, when it is new', () => {
    expect(fresh).toEqual({
      conversation: 3,
      kind: 'audio',
      ordinal: 2,
      status: 'pending',
      reason: null,
      sourceId: 'r1',
      entry: null,
      size: null,
      sha256: null,
    });
  });

  it('becomes what was found, and keeps its number and id', () => {
    const waiting: Item = { ...fresh, reason: 'archivedInSource' };
    expect(exported(waiting, { name: 'data/a.mp3', size: 7, sha256: 'ab' })).toEqual({
      ...fresh,
      status: 'exported',
      entry: 'data/a.mp3',
      size: 7,
      sha256: 'ab',
    });
    expect(failed(waiting, 'tooDeep')).toEqual({ ...fresh, status: 'failed', reason: 'tooDeep' });
    expect(absent(waiting, 'noSummary')).toEqual({
      ...fresh,
      status: 'absent',
      reason: 'noSummary',
    });
    expect(withheld(waiting, 'otherContact')).toEqual({
      ...fresh,
      status: 'withheld',
      reason: 'otherContact',
    });
  });
});
