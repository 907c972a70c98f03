import type { HttpResponseInit } from '@azure/functions';
import { sendStatutoryNotice } from '../../services/statutory-notices';
import {
  decisionBody,
  extendBody,
  identityBody,
  reasonBody,
  refuseBody,
  retryBody,
} from '../../core/api/bodies';
import { MessageNotAcceptedError } from '../../core/errors';
import { failuresOf } from '../../core/package/items';
import { legalClockOf } from '../../core/request/legal-clock';
import { isFinal, mayFollow } from '../../core/request/states';
import type { Decision } from '../../core/subject/resolve-contact';
import { atTime } from '../../core/time/time';
import { HttpProblem, jsonResponse, parsedBody } from '../shared/http';
import {
  bodyLimit,
  conflict,
  wrongState,
  type OfficerRequest,
  type OfficerRequests,
} from './officer-requests';
import { statusView } from '../api/requests';

/** What officers decide. */
export function officerDecisions(officerRequests: OfficerRequests) {
  const { env, guard } = officerRequests;

  async function decide({
    request,
    context,
    record,
    officer,
  }: OfficerRequest): Promise<HttpResponseInit> {
    const { justification, ...choice } = await parsedBody(request, decisionBody, bodyLimit);
    if (record.releasedAt !== null || record.state === 'packaging')
      throw new HttpProblem(409, 'tooLate', 'The package is made; recall the request instead.');
    const details = await env.ledger.details(record).catch(conflict);
    const candidates = details.contactMatches?.candidates ?? [];
    if (choice.candidate > candidates.length)
      throw new HttpProblem(400, 'contactNotACandidate', 'There is no candidate with this number.');
    if (choice.method === 'oidc' && env.login === null)
      throw new HttpProblem(409, 'loginNotConfigured', 'No login of the company is set.');
    const isInvited = details.contact !== null && record.state !== 'needsDecision';
    if (isInvited && candidates[choice.candidate - 1]?.id !== details.contact?.id) {
      throw new HttpProblem(
        409,
        'subjectAlreadyInvited',
        'Somebody was invited already. Cancel this request and make another.',
      );
    }
    const decision: Decision = { ...choice, at: env.clock.now().toISOString() };
    await env.ledger.setDetails(record, { ...details, decision });
    const { sharedIdentifiers, doubtfulConversations, candidate, method } = choice;
    const detail = {
      candidate,
      sharedIdentifiers,
      doubtfulConversations,
      method: method ?? 'onFile',
    };
    await env.ledger.note(
      record.requestId,
      { event: 'decided', detail },
      { decisionVersion: record.decisionVersion + 1 },
      guard.actOf(officer, justification),
    );
    await officerRequests.notify(context, record.requestId);
    return officerRequests.statusResponse(record.requestId);
  }

  async function cancel({
    request,
    context,
    record,
    officer,
  }: OfficerRequest): Promise<HttpResponseInit> {
    const { justification } = await parsedBody(request, reasonBody, bodyLimit);
    const act = guard.actOf(officer, justification);
    const change = { reason: 'cancelled' };
    await env.ledger.move(record.requestId, 'cancelled', change, act).catch(conflict);
    await officerRequests.notify(context, record.requestId);
    return officerRequests.statusResponse(record.requestId);
  }

  /** The orchestration tells the person why, and then deletes what was collected. */
  async function refuse({
    request,
    context,
    record,
    officer,
  }: OfficerRequest): Promise<HttpResponseInit> {
    const { reason, explanation, justification } = await parsedBody(request, refuseBody, bodyLimit);
    if (!mayFollow(record.state, 'refused')) throw wrongState();
    const details = await env.ledger.details(record).catch(conflict);
    const statutoryNotices = {
      ...details.statutoryNotices,
      refused: { code: reason, explanation },
    };
    await env.ledger.setDetails(record, { ...details, statutoryNotices });
    const act = guard.actOf(officer, justification);
    await env.ledger.move(record.requestId, 'refused', { reason }, act).catch(conflict);
    await officerRequests.notify(context, record.requestId);
    return officerRequests.statusResponse(record.requestId);
  }

  /** Two further months, once, and only while the person can be told of it in time. */
  async function extend({ request, record, officer }: OfficerRequest): Promise<HttpResponseInit> {
    const { reason, explanation, justification } = await parsedBody(request, extendBody, bodyLimit);
    const { requestId, state, extendedAt } = record;
    if (isFinal(state) || record.releasedAt !== null) throw wrongState();
    if (extendedAt !== null)
      throw new HttpProblem(409, 'alreadyExtended', 'The period was extended already.');
    const now = env.clock.now();
    const { extendableUntil } = legalClockOf(record, env.settings.legalClock, now);
    if (now >= atTime(extendableUntil)) {
      throw new HttpProblem(
        409,
        'tooLate',
        'The person had to be told within a month of the receipt.',
      );
    }
    const details = await env.ledger.details(record).catch(conflict);
    const statutoryNotices = {
      ...details.statutoryNotices,
      extended: { code: reason, explanation },
    };
    await env.ledger.setDetails(record, { ...details, statutoryNotices });
    // The intent comes first: a crash after the note still leads to the letter.
    await env.outbox.intend(requestId, 'extended');
    const fact = { event: 'extended', detail: { reason } } as const;
    const change = { extendedAt: now.toISOString() };
    await env.ledger.note(requestId, fact, change, guard.actOf(officer, justification));
    const isTold = await sendStatutoryNotice(env, { ...record, ...change }, 'extended').catch(
      later,
    );
    const after = await env.ledger.get(requestId);
    return jsonResponse(200, {
      ...(after && (await statusView(env, after))),
      subjectNotified: isTold,
    });
  }

  async function retry({
    request,
    context,
    record,
    officer,
  }: OfficerRequest): Promise<HttpResponseInit> {
    const { justification, acceptFailures } = await parsedBody(request, retryBody, bodyLimit);
    if (record.state !== 'failed' || record.wrappedSecret === null)
      throw new HttpProblem(409, 'notFailed', 'Only a failed request can be taken up again.');
    const to = record.verifiedAt === null ? 'received' : 'exporting';
    const counts = await env.items.counts(record.requestId);
    const acceptedFailures = acceptFailures ? failuresOf(counts) : record.acceptedFailures;
    const change = { reason: null, waiting: null, acceptedFailures };
    const act = guard.actOf(officer, justification);
    await env.ledger.move(record.requestId, to, change, act).catch(conflict);
    if (acceptFailures) {
      const detail = { failures: acceptedFailures };
      await env.ledger.note(record.requestId, { event: 'failuresAccepted', detail }, {}, act);
    }
    await officerRequests.notify(context, record.requestId);
    return officerRequests.statusResponse(record.requestId);
  }

  /** An officer has seen who it is: in place of a code, also for representatives and minors. */
  async function identity({
    request,
    context,
    record,
    officer,
  }: OfficerRequest): Promise<HttpResponseInit> {
    const { how, isRepresentative, justification } = await parsedBody(
      request,
      identityBody,
      bodyLimit,
    );
    if (record.state !== 'awaitingVerification')
      throw new HttpProblem(409, 'wrongState', 'Nobody is to be verified now.');
    const verifiedAt = env.clock.now().toISOString();
    await env.ledger.note(
      record.requestId,
      { event: 'identityChecked', detail: { how, isRepresentative } },
      { verifiedAt, verifiedBy: 'officer' },
      guard.actOf(officer, justification),
    );
    await officerRequests.notify(context, record.requestId);
    return officerRequests.statusResponse(record.requestId);
  }

  return { decide, cancel, refuse, extend, retry, identity };
}

/** A message that is not taken now waits in the outbox, and goes out by itself. */
function later(error: unknown): false {
  if (error instanceof MessageNotAcceptedError) return false;
  throw error;
}
