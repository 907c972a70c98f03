import { cancelBody, extendBody, refuseBody, retryBody } from '../../core/api/bodies';
import { MessageNotAcceptedError } from '../../core/errors';
import { failuresOf } from '../../core/package/items';
import type { StatutoryNotices } from '../../core/messages/statutory-notices';
import type { RequestDetails, RequestRecord } from '../../core/request/record';
import { legalClockOf } from '../../core/request/legal-clock';
import { isFinal, mayFollow } from '../../core/request/states';
import { atTime } from '../../core/time/time';
import type { Clock, ItemLedger, Ledger, Outbox, Settings } from '../../ports';
import { notifyOfExtension, type NoticeServices } from '../../services/statutory-notices';
import { HttpProblem, jsonResponse, parsedBody } from '../shared/http';
import {
  bodyLimit,
  rejectConflict,
  wrongState,
  type OfficerHandler,
  type OfficerRequests,
} from './officer-requests';

/** Ends a request. The orchestration notifies the person, and then deletes what was collected. */
export const cancelRequest =
  (
    { ledger }: { ledger: Pick<Ledger, 'move' | 'changeDetails'> },
    requests: OfficerRequests,
  ): OfficerHandler =>
  async (call) => {
    const body = await parsedBody(call.request, cancelBody, bodyLimit);
    const { reasonCode, explanation, justification } = body;
    const act = requests.actionOf(call, justification);
    const { requestId } = call.record;
    const change = { reason: reasonCode };
    // A request whose personal part is lost can be cancelled as well, without words for the person.
    const cancelled =
      explanation === null
        ? ledger.move(requestId, 'cancelled', change, act)
        : ledger.changeDetails(requestId, (stored) => {
            if (!mayFollow(stored.record.state, 'cancelled')) throw wrongState();
            const notice = { cancelled: { code: reasonCode, explanation } };
            return { details: withNotice(stored.details, notice), to: 'cancelled', change, act };
          });
    await cancelled.catch(rejectConflict);
    return requests.changed(call);
  };

/** The personal part of a request with a decision that the person has to be notified of. */
const withNotice = (
  details: RequestDetails,
  notice: Partial<StatutoryNotices>,
): RequestDetails => ({
  ...details,
  statutoryNotices: { ...details.statutoryNotices, ...notice },
});

/** Refuses a request. The orchestration notifies the person, and then deletes what was collected. */
export const refuseRequest =
  (
    { ledger }: { ledger: Pick<Ledger, 'changeDetails'> },
    requests: OfficerRequests,
  ): OfficerHandler =>
  async (call) => {
    const { request, record } = call;
    const body = await parsedBody(request, refuseBody, bodyLimit);
    const { reasonCode, explanation, justification } = body;
    const act = requests.actionOf(call, justification);
    await ledger
      .changeDetails(record.requestId, (stored) => {
        if (!mayFollow(stored.record.state, 'refused')) throw wrongState();
        const refused = { code: reasonCode, explanation };
        return {
          details: withNotice(stored.details, { refused }),
          to: 'refused',
          change: { reason: reasonCode },
          act,
        };
      })
      .catch(rejectConflict);
    return requests.changed(call);
  };

export type ExtensionServices = NoticeServices & {
  ledger: Pick<Ledger, 'changeDetails'>;
  outbox: Pick<Outbox, 'intend'>;
};

/** @throws HttpProblem 409 if the period of a request can no longer be extended */
function requireExtendable(
  record: RequestRecord,
  { clock, settings }: { clock: Clock; settings: Pick<Settings, 'legalClock'> },
): void {
  if (isFinal(record.state) || record.releasedAt !== null) throw wrongState();
  if (record.extendedAt !== null)
    throw new HttpProblem(409, 'alreadyExtended', 'The period has been extended already.');
  const now = clock.now();
  const { extendableUntil } = legalClockOf(record, settings.legalClock, now);
  if (now >= atTime(extendableUntil))
    throw new HttpProblem(
      409,
      'tooLate',
      'An extension must be notified before the period ends without it.',
    );
}

/** Extends the legal period by two months, once, while the person can be notified in time. */
export const extendRequest =
  (services: ExtensionServices, requests: OfficerRequests): OfficerHandler =>
  async (call) => {
    const { clock, ledger, outbox } = services;
    const { request, record: before } = call;
    const body = await parsedBody(request, extendBody, bodyLimit);
    const { reasonCode, explanation, justification } = body;
    requireExtendable(before, services);
    const { requestId } = before;
    const act = requests.actionOf(call, justification);
    // The intent comes first: after a crash the outbox still sends the notice.
    await outbox.intend(requestId, 'extended', null);
    const { record } = await ledger
      .changeDetails(requestId, (stored) => {
        requireExtendable(stored.record, services);
        const extended = { code: reasonCode, explanation };
        return {
          details: withNotice(stored.details, { extended }),
          fact: { event: 'extended', detail: { reasonCode } },
          change: { extendedAt: clock.now().toISOString() },
          act,
        };
      })
      .catch(rejectConflict);
    const subjectNotified = await notifyOfExtension(services, record).catch(sentLater);
    return jsonResponse(200, { ...(await requests.status(requestId)), subjectNotified });
  };

/** The outbox sends a message later that is not accepted now. */
function sentLater(error: unknown): false {
  if (error instanceof MessageNotAcceptedError) return false;
  throw error;
}

export interface RetryServices {
  ledger: Pick<Ledger, 'move' | 'note'>;
  items: Pick<ItemLedger, 'counts'>;
}

/** Retries a failed request, or releases it without the items that failed. */
export const retryRequest =
  ({ ledger, items }: RetryServices, requests: OfficerRequests): OfficerHandler =>
  async (call) => {
    const { request, record } = call;
    const { requestId } = record;
    const { justification, acceptFailures } = await parsedBody(request, retryBody, bodyLimit);
    if (record.state !== 'failed' || record.wrappedSecret === null)
      throw new HttpProblem(409, 'notFailed', 'Only a failed request can be retried.');
    const to = record.verifiedAt === null ? 'received' : 'exporting';
    const counts = await items.counts(requestId);
    const failures = failuresOf(counts);
    const accepted = acceptFailures ? { acceptedFailures: failures } : {};
    const change = { reason: null, waiting: null, ...accepted };
    const action = requests.actionOf(call, justification);
    await ledger.move(requestId, to, change, action).catch(rejectConflict);
    if (acceptFailures) {
      const detail = { failures };
      await ledger.note(requestId, { event: 'failuresAccepted', detail }, {}, action);
    }
    return requests.changed(call);
  };
