import type { z } from 'zod';
import { letterQuery } from '../../core/api/bodies';
import type { letterResponse } from '../../core/api/responses';
import { personEmail } from '../../core/messages/person-email';
import {
  cancellationReasons,
  extensionReasons,
  refusalReasons,
} from '../../core/messages/statutory-notices';
import { legalClockOf } from '../../core/request/legal-clock';
import type { Clock, Ledger, RequestRecord, Settings } from '../../ports';
import { momentIn, wordsOf, type MessageServices } from '../../services/messaging';
import { invalidQuery, jsonResponse, parsedQuery } from '../shared/http';
import { rejectConflict, type OfficerHandler } from './officer-requests';

export type LetterServices = Parameters<typeof wordsOf>[0] & {
  clock: Clock;
  ledger: Pick<Ledger, 'details'>;
  settings: Pick<Settings, 'branding' | 'legalClock'> & MessageServices['settings'];
};

const reasonsOf = {
  extended: extensionReasons,
  cancelled: cancellationReasons,
  refused: refusalReasons,
} as const;

/** What stands where the explanation comes: an officer's words about a person stay out of the address. */
const explanationMark = '{explanation}';

/** The letter that a person would receive of an extension or an end, in their language; nothing is sent. */
export const previewLetter =
  (services: LetterServices): OfficerHandler =>
  async ({ request, record }) => {
    const { letter, reasonCode, hasExplanation } = parsedQuery(request, letterQuery);
    const reasons: readonly string[] = reasonsOf[letter];
    if (!reasons.includes(reasonCode))
      throw invalidQuery([{ pointer: '/reasonCode', detail: 'is no reason of this letter' }]);
    const details = await services.ledger.details(record).catch(rejectConflict);
    const words = wordsOf(services, record, details);
    const dueAt = letter === 'extended' ? extendedEnd(services, record) : null;
    const explanation = hasExplanation === 'true' ? explanationMark : null;
    const { subject, text } = personEmail(
      { kind: letter, reason: reasonCode, explanation },
      words,
      services.settings.branding,
      { token: '', until: dueAt === null ? '' : momentIn(words.tag, details.timeZone, dueAt) },
    );
    const body: z.input<typeof letterResponse> = { language: words.tag, subject, text, dueAt };
    return jsonResponse(200, body);
  };

/** When the period would end if it were extended now. */
function extendedEnd(
  { clock, settings }: Pick<LetterServices, 'clock' | 'settings'>,
  record: RequestRecord,
): string {
  const now = clock.now();
  const extended = { ...record, extendedAt: record.extendedAt ?? now.toISOString() };
  return legalClockOf(extended, settings.legalClock, now).dueAt;
}
