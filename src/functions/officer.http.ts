import {
  app,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import * as df from 'durable-functions';
import type { Environment } from '../activities/environment';
import { sendLetter } from '../activities/letters';
import { linesOf, chainProblems, type CustodyDocument } from '../custody-check/chain';
import type { Act, CustodyEntry } from '../core/custody';
import { ConflictError, MessageNotTakenError } from '../core/errors';
import {
  decisionBody,
  emptyBody,
  extendBody,
  identityBody,
  reasonBody,
  refuseBody,
  retryBody,
} from '../core/api-bodies';
import { legalClockOf } from '../core/legal-clock';
import { failuresOf } from '../core/items';
import { maskedPhone } from '../core/identity';
import type { Officer, OfficerRole } from '../core/officer';
import { isFinal, mayFollow, type StoppedState } from '../core/states';
import {
  factorOf,
  hasIdentifier,
  identifiersOf,
  type Decision,
  type Findings,
} from '../core/subject';
import { atTime } from '../core/time';
import type { Limits } from '../orchestrators/contract';
import type { RequestDetails, RequestRecord } from '../ports';
import { ensureFulfilment, ensureWebhooks, nudge } from './fulfilment';
import { answering, HttpProblem, jsonAnswer, parsedBody } from './http';
import type { OfficerGuard } from './officer-guard';
import { requestIdForm, statusView } from './requests.http';

const bodyLimit = 16 * 1024;

interface Asked {
  request: HttpRequest;
  context: InvocationContext;
  record: RequestRecord;
  officer: Officer;
}

/** What only officers may do, each by the role that their directory gives them. */
export function registerOfficer(env: Environment, limits: Limits, guard: OfficerGuard): void {
  const { origin } = new URL(env.settings.branding.portalOrigin);

  /** Tells the orchestration, or leaves it to the sweeper when the task hub is away. */
  async function tell(context: InvocationContext, requestId: string): Promise<void> {
    const client = df.getClient(context);
    const record = await env.ledger.get(requestId);
    if (record === null) return;
    await ensureFulfilment(client, record, limits)
      .then(() => nudge(client, requestId))
      .then(() => ensureWebhooks(client, record, limits))
      .catch(() => context.warn(`Request ${requestId} has changed; it is told later.`));
  }

  const answer = async (requestId: string): Promise<HttpResponseInit> => {
    const record = await env.ledger.get(requestId);
    return jsonAnswer(200, record === null ? null : await statusView(env, record));
  };

  async function list(): Promise<HttpResponseInit> {
    const records = await env.ledger.list();
    const rows = records.map(({ requestId, state, reason, createdAt, receivedAt }) => ({
      requestId,
      state,
      reason,
      createdAt,
      receivedAt,
    }));
    return jsonAnswer(200, {
      requests: rows.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)),
    });
  }

  async function evidence({ record }: Asked): Promise<HttpResponseInit> {
    // Of a request that has ended nothing is left to decide by, and its status is.
    const details = await env.ledger.details(record).catch(goneOr);
    return jsonAnswer(200, {
      requestId: record.requestId,
      isNeeded: record.state === 'needsDecision',
      reason: record.reason,
      candidates: details?.findings ? candidatesView(details.findings, details) : [],
      decision: details?.decision ?? null,
      status: await statusView(env, record),
    });
  }

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
    await tell(context, record.requestId);
    return answer(record.requestId);
  }

  const stop =
    (to: Exclude<StoppedState, 'refused'>) =>
    async ({ request, context, record, officer }: Asked): Promise<HttpResponseInit> => {
      const { why } = await parsedBody(request, reasonBody, bodyLimit);
      const act = guard.actOf(officer, why);
      if (to === 'recalled') return recall(record, context, act);
      await env.ledger.move(record.requestId, to, { reason: to }, act).catch(conflict);
      await tell(context, record.requestId);
      return answer(record.requestId);
    };

  /** The orchestration tells the person why, and then deletes what was collected. */
  async function refuse({ request, context, record, officer }: Asked): Promise<HttpResponseInit> {
    const { reason, explanation, why } = await parsedBody(request, refuseBody, bodyLimit);
    if (!mayFollow(record.state, 'refused')) throw notNow();
    const details = await env.ledger.details(record).catch(conflict);
    const letters = { ...details.letters, refused: { code: reason, explanation } };
    await env.ledger.setDetails(record, { ...details, letters });
    const act = guard.actOf(officer, why);
    await env.ledger.move(record.requestId, 'refused', { reason }, act).catch(conflict);
    await tell(context, record.requestId);
    return answer(record.requestId);
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

  /**
   * The loss of the key comes first: from then on no copy can be read, wherever it is. Then the
   * package and the sessions go, before this call answers.
   */
  async function recall(
    { requestId }: RequestRecord,
    context: InvocationContext,
    act: Act,
  ): Promise<HttpResponseInit> {
    const change = { wrappedSecret: null, reason: 'recalled' };
    await env.ledger.move(requestId, 'recalled', change, act).catch(conflict);
    await env.ledger.note(requestId, { event: 'keyDestroyed' });
    await env.packages.delete(requestId);
    await env.access.endAll(requestId);
    await tell(context, requestId);
    const record = await env.ledger.get(requestId);
    const status = record && (await statusView(env, record));
    const { entries } = await env.ledger.custody(requestId);
    return jsonAnswer(200, { ...status, downloads: await downloadsOf(env, requestId, entries) });
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
    await tell(context, record.requestId);
    return answer(record.requestId);
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
    await tell(context, record.requestId);
    return answer(record.requestId);
  }

  /** A code that an officer gives out in person, to be entered in the portal. */
  async function officerCode({ request, record, officer }: Asked): Promise<HttpResponseInit> {
    const { why } = await parsedBody(request, reasonBody, bodyLimit);
    const { codeKey } = await openKeys(env, record);
    const issued = await env.access.issueCode(record.requestId, 'officer', codeKey);
    if (issued.kind === 'tooMany')
      throw new HttpProblem(429, 'tooManyCodes', 'Too many codes were asked for.');
    const act = guard.actOf(officer, why);
    const fact = { event: 'codeSent', detail: { method: 'officer' } } as const;
    await env.ledger.note(record.requestId, fact, {}, act);
    return jsonAnswer(200, { code: issued.code });
  }

  /** Link and passphrase for who cannot use the portal: an officer hands the package over. */
  async function deliver({ request, record, officer }: Asked): Promise<HttpResponseInit> {
    const { why } = await parsedBody(request, reasonBody, bodyLimit);
    const isAvailable = record.state === 'available' || record.state === 'delivered';
    const { passphrase } = await openKeys(env, record);
    const link = isAvailable
      ? await env.packages.link(record.requestId, env.settings.plainLinkMinutes)
      : null;
    if (link === null)
      throw new HttpProblem(409, 'notAvailable', 'There is no package to hand over now.');
    const act = guard.actOf(officer, why);
    await env.ledger.note(record.requestId, { event: 'handedOver' }, {}, act);
    const { url, expiresAt } = link;
    return jsonAnswer(200, { url, expiresAt, passphrase, bytes: record.packageBytes });
  }

  async function custody({ record: { requestId } }: Asked): Promise<HttpResponseInit> {
    const { entries, sides } = await env.ledger.custody(requestId);
    const head = entries.at(-1)?.hash ?? '';
    const document: CustodyDocument = {
      requestId,
      entries,
      sides: [...sides].map(([sequence, side]) => ({ sequence, ...side })),
      head,
      signature: await env.keys.sign(
        Buffer.from(`${requestId}\n${head}\n`),
        `${origin}/.well-known/jwks.json`,
      ),
    };
    return jsonAnswer(200, {
      ...document,
      isIntact: chainProblems(entries, sides).length === 0,
      custody: linesOf(entries, sides),
    });
  }

  const webhooks = async ({ record: { requestId } }: Asked): Promise<HttpResponseInit> =>
    jsonAnswer(200, { events: await env.ledger.webhooks(requestId) });

  /** Tries again what the ticketing system has not taken and was given up. */
  async function retryWebhooks(asked: Asked): Promise<HttpResponseInit> {
    const { request, context, record } = asked;
    await parsedBody(request, emptyBody, bodyLimit);
    const { requestId } = record;
    for (const event of await env.ledger.webhooks(requestId)) {
      if (event.state === 'givenUp')
        await env.ledger.settleWebhook(requestId, { ...event, state: 'pending', attempts: 0 });
    }
    await tell(context, requestId);
    return webhooks(asked);
  }

  const route = (
    name: string,
    method: 'GET' | 'POST',
    path: string,
    role: OfficerRole,
    handler: (asked: Asked) => Promise<HttpResponseInit>,
  ): void => {
    app.http(name, {
      route: `api/requests/{requestId}/${path}`,
      methods: [method],
      authLevel: 'anonymous',
      extraInputs: [df.input.durableClient()],
      handler: answering(async (request, context) => {
        const officer = await guard.require(request, role);
        const { requestId = '' } = request.params;
        const record = requestIdForm.test(requestId) ? await env.ledger.get(requestId) : null;
        if (record === null)
          throw new HttpProblem(404, 'requestUnknown', 'There is no such request.');
        return handler({ request, context, record, officer });
      }),
    });
  };
  app.http('listRequests', {
    route: 'api/requests',
    methods: ['GET'],
    authLevel: 'anonymous',
    handler: answering(async (request) => {
      await guard.require(request, 'Requests.Read');
      return list();
    }),
  });
  route('decisionEvidence', 'GET', 'decision', 'Requests.Read', evidence);
  route('requestCustody', 'GET', 'custody', 'Requests.Read', custody);
  route('webhookEvents', 'GET', 'webhooks', 'Requests.Read', webhooks);
  route('retryWebhooks', 'POST', 'webhooks', 'Requests.Decide', retryWebhooks);
  route('decide', 'POST', 'decision', 'Requests.Decide', decide);
  route('checkIdentity', 'POST', 'identity', 'Requests.Decide', identity);
  route('cancelRequest', 'POST', 'cancel', 'Requests.Decide', stop('cancelled'));
  route('refuseRequest', 'POST', 'refuse', 'Requests.Decide', refuse);
  route('extendRequest', 'POST', 'extend', 'Requests.Decide', extend);
  route('retryRequest', 'POST', 'retry', 'Requests.Decide', retry);
  route('recallRequest', 'POST', 'recall', 'Requests.Recall', stop('recalled'));
  route('officerCode', 'POST', 'code', 'Requests.Deliver', officerCode);
  route('deliverRequest', 'POST', 'deliver', 'Requests.Deliver', deliver);
}

/** @throws HttpProblem 409 when the request's key was destroyed */
async function openKeys(env: Environment, { wrappedSecret }: RequestRecord) {
  if (wrappedSecret === null)
    throw new HttpProblem(409, 'notNow', 'Everything of this request has been deleted.');
  return env.keys.unwrap(wrappedSecret);
}

const notNow = (): HttpProblem =>
  new HttpProblem(409, 'notNow', 'The request is not in a state in which this can be done.');

function conflict(error: unknown): never {
  throw error instanceof ConflictError ? notNow() : error;
}

/** Null for what was deleted already. */
function goneOr(error: unknown): null {
  if (error instanceof ConflictError) return null;
  throw error;
}

/** A message that is not taken now waits in the outbox, and goes out by itself. */
function later(error: unknown): false {
  if (error instanceof MessageNotTakenError) return false;
  throw error;
}

/**
 * What was downloaded already: links that were given out, what the page has reported, and what
 * storage has logged, which alone knows of links that a browser followed by itself.
 */
async function downloadsOf(
  env: Environment,
  requestId: string,
  entries: readonly CustodyEntry[],
): Promise<Record<string, unknown>> {
  const timesOf = (event: CustodyEntry['event']): string[] =>
    entries.filter((entry) => entry.event === event).map(({ at }) => at);
  return {
    linksGivenOut: timesOf('linkMinted'),
    handedOver: timesOf('handedOver'),
    reportedComplete: timesOf('downloadReported'),
    storageLog: await env.downloadLog.reads(requestId),
  };
}

/**
 * What an officer needs in order to tell candidates apart: their ids in the source, where the officer
 * looks them up, and how they answer to what was asked. No names, no addresses, no content.
 */
function candidatesView(findings: Findings, details: RequestDetails): Record<string, unknown>[] {
  return findings.candidates.map((contact, i) => {
    const identifiers = identifiersOf(contact);
    const shared = identifiers.filter(({ value }) => findings.shared.includes(value));
    const factor = factorOf(contact);
    return {
      candidate: i + 1,
      contactId: contact.id,
      createdAt: contact.createdAt,
      mergedContacts: contact.mergeSet.length - 1,
      matches: details.identifiers.map((identifier) => ({
        type: identifier.type,
        isExact: hasIdentifier(contact, identifier),
      })),
      phones: contact.phones.length,
      mailboxes: contact.emails.length,
      shared: shared.map(({ type, value }) => ({
        type,
        ...(type === 'phone' ? { ends: maskedPhone(value) } : {}),
      })),
      codeGoesTo: factor === null ? null : maskedPhone(factor),
    };
  });
}
