import { analyticsView } from '../../local/genesys/analytics-view';
import { matches } from '../../local/genesys/filters';
import { generateOrganisation } from '../../local/genesys/generate';
import { withSharedLines } from '../../local/genesys/shared-lines';

const now = new Date('2026-11-28T12:00:00.000Z');
const { organisation, subject, shared } = withSharedLines(
  generateOrganisation({ seed: 5, conversations: 2, now }),
  { seed: 5, now },
);
const { lines, partner, conversations: made } = shared;

/** Ids of the conversations that a search by one dimension finds. */
const foundBy = (dimension: string, value: string): string[] =>
  organisation.conversations
    .filter((one) => {
      const filter = { type: 'or' as const, predicates: [{ dimension, value }] };
      return matches(analyticsView(one, organisation), [], [filter]);
    })
    .map(({ id }) => id);

describe('an organisation with shared lines', () => {
  it.each([
    ['home', [...made.ownByHome, ...made.othersByHome, ...made.linkedToPartner]],
    ['office', [...made.ownByOffice, ...made.othersByOffice]],
  ] as const)('has calls of both people by the line at the %s', (line, ids) => {
    expect(foundBy('ani', `tel:${lines[line]}`).sort()).toEqual([...ids].sort());
    for (const { phones } of [subject, partner])
      expect(phones.map(({ e164 }) => e164)).toContain(lines[line]);
  });

  it('has a conference that is found by either contact', () => {
    const [conference = ''] = made.conference;
    expect(foundBy('externalContactId', subject.id)).toContain(conference);
    expect(foundBy('externalContactId', partner.id)).toContain(conference);
    const view = organisation.conversations
      .filter(({ id }) => [conference, ...made.conferenceWithStranger].includes(id))
      .map((one) => analyticsView(one, organisation).participants);
    for (const participants of view)
      expect(participants.filter(({ purpose }) => purpose === 'external')).toHaveLength(1);
    const ids = view.flat().map(({ participantId }) => participantId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
