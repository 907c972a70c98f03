import type { HttpResponseInit } from '@azure/functions';
import { sendLetter } from '../activities/letters';
import {
  decisionBody,
  extendBody,
  identityBody,
  reasonBody,
  refuseBody,
  retryBody,
} from '../core/api-bodies';
import { MessageNotTakenError } from '../core/errors';
import { failuresOf } from '../core/items';
import { legalClockOf } from '../core/legal-clock';
import { isFinal, mayFollow } from '../core/states';
import type { Decision } from '../core/subject';
import { atTime } from '../core/time';
import { HttpProblem, jsonAnswer, parsedBody } from './http';
import { bodyLimit, conflict, notNow, type Asked, type OfficerDesk } from './officer-desk';
import { statusView } from './requests.http';

/** What officers decide. */
export function officerDecisions(desk: OfficerDesk) {
  const { env, guard } = desk;

  async function decide({ request, context, record, officer }: Asked): Promise<HttpResponseInit> {
    const { why, ...choice } = await parsedBody(request, decisionBody, bodyLimit);
    if (record.releasedAt !== null || record.state === 'packaging')
      throw new HttpProblem(409, 'tooLate', 'The package is made; recall the request instead.');
    const details = await env.ledger.details(record).catch(conflict);
    const candidates = details.findings?.candidates ?? [];
    if (choice.candidate > candidates.length)
      throw new HttpProblem(400, 'candidateUnknown', 'There is no candidate with this number.');
    if (choice.method === 'oidc' && env.login === null)
      throw new HttpProblem(409, 'noLogin', 'No login of the company is set.');
    const isInvited = details.contact !== null && record.state !== 'needsDecision';
    if (isInvited && candidates[choice.candidate - 1]?.id !== details.contact?.id) {
      throw new HttpProblem(
        409,
        'personFixed',
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
      { decisions: record.decisions + 1 },
      guard.actOf(officer, why),
    );
    await desk.tell(context, record.requestId);
    return desk.answer(record.requestId);
  }

  async function cancel({ request, context, record, officer }: Asked): Promise<HttpResponseInit> {
    const { why } = await parsedBody(request, reasonBody, bodyLimit);
    const act = guard.actOf(officer, why);
    const change = { reason: 'cancelled' };
    await env.ledger.move(record.requestId, 'cancelled', change, act).catch(conflict);
    await desk.tell(context, record.requestId);
    return desk.answer(record.requestId);
  }

  /** The orchestration tells the person why, and then deletes what was collected. */
  async function refuse({ request, context, record, officer }: Asked): Promise<HttpResponseInit> {
    const { reason, explanation, why } = await parsedBody(request, refuseBody, bodyLimit);
    if (!mayFollow(record.state, 'refused')) throw notNow();
    const details = await env.ledger.details(record).catch(conflict);
    const letters = { ...details.letters, refused: { code: reason, explanation } };
    await env.ledger.setDetails(record, { ...details, letters });
    const act = guard.actOf(officer, why);
    await env.ledger.move(record.requestId, 'refused', { reason }, act).catch(conflict);
    await desk.tell(context, record.requestId);
    return desk.answer(record.requestId);
  }

  /** Two further months, once, and only while the person can be told of it in time. */
  async function extend({ request, record, officer }: Asked): Promise<HttpResponseInit> {
    const { reason, explanation, why } = await parsedBody(request, extendBody, bodyLimit);
    const { requestId, state, extendedAt } = record;
    if (isFinal(state) || record.releasedAt !== null) throw notNow();
    if (extendedAt !== null)
      throw new HttpProblem(409, 'extendedAlready', 'The period was extended already.');
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
    const letters = { ...details.letters, extended: { code: reason, explanation } };
    await env.ledger.setDetails(record, { ...details, letters });
    // The intent comes first: a crash after the note still leads to the letter.
    await env.outbox.intend(requestId, 'extended');
    const fact = { event: 'extended', detail: { reason } } as const;
    const change = { extendedAt: now.toISOString() };
    await env.ledger.note(requestId, fact, change, guard.actOf(officer, why));
    const isTold = await sendLetter(env, { ...record, ...change }, 'extended').catch(later);
    const after = await env.ledger.get(requestId);
    return jsonAnswer(200, { ...(after && (await statusView(env, after))), isPersonTold: isTold });
  }

  async function retry({ request, context, record, officer }: Asked): Promise<HttpResponseInit> {
    const { why, acceptFailures } = await parsedBody(request, retryBody, bodyLimit);
    if (record.state !== 'failed' || record.wrappedSecret === null)
      throw new HttpProblem(409, 'notFailed', 'Only a failed request can be taken up again.');
    const to = record.verifiedAt === null ? 'received' : 'collecting';
    const counts = await env.ledger.counts(record.requestId);
    const failuresAccepted = acceptFailures ? failuresOf(counts) : record.failuresAccepted;
    const change = { reason: null, waiting: null, failuresAccepted };
    const act = guard.actOf(officer, why);
    await env.ledger.move(record.requestId, to, change, act).catch(conflict);
    if (acceptFailures) {
      const detail = { failures: failuresAccepted };
      await env.ledger.note(record.requestId, { event: 'failuresAccepted', detail }, {}, act);
    }
    await desk.tell(context, record.requestId);
    return desk.answer(record.requestId);
  }

  /** An officer has seen who it is: in place of a code, also for representatives and minors. */
  async function identity({ request, context, record, officer }: Asked): Promise<HttpResponseInit> {
    const { how, isRepresentative, why } = await parsedBody(request, identityBody, bodyLimit);
    if (record.state !== 'awaitingVerification')
      throw new HttpProblem(409, 'notNow', 'Nobody is to be verified now.');
    const verifiedAt = env.clock.now().toISOString();
    await env.ledger.note(
      record.requestId,
      { event: 'identityChecked', detail: { how, isRepresentative } },
      { verifiedAt, verifiedBy: 'officer' },
      guard.actOf(officer, why),
    );
    await desk.tell(context, record.requestId);
    return desk.answer(record.requestId);
  }

  return { decide, cancel, refuse, extend, retry, identity };
}

/** A message that is not taken now waits in the outbox, and goes out by itself. */
function later(error: unknown): false {
  if (error instanceof MessageNotTakenError) return false;
  throw error;
}
