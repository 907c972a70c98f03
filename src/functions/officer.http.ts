import {
  app,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import * as df from 'durable-functions';
import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Environment } from '../activities/environment';
import { ConflictError } from '../core/errors';
import { failuresOf } from '../core/items';
import { maskedPhone } from '../core/identity';
import type { StoppedState } from '../core/states';
import {
  factorOf,
  hasIdentifier,
  identifiersOf,
  type Decision,
  type Findings,
} from '../core/subject';
import type { Limits } from '../orchestrators/contract';
import type { Act, RequestDetails, RequestRecord } from '../ports';
import { ensureFulfilment, nudge } from './fulfilment';
import { answering, HttpProblem, jsonAnswer, readJson } from './http';
import { requestIdForm, statusView } from './requests.http';

const bodyLimit = 16 * 1024;
/** What an officer did: who it was is not known until officers sign in with accounts of their own. */
const acted = (why: string): Act => ({ by: 'unknown officer', why });

const reasonText = z.string().trim().min(1).max(2000);
const decisionBody = z.strictObject({
  candidate: z.int().min(1),
  sharedIdentifiers: z.enum(['exclude', 'include']).default('exclude'),
  doubtfulConversations: z.enum(['withhold', 'include']).default('withhold'),
  by: z.string().trim().min(1).max(200),
  why: reasonText,
});
const reasonBody = z.strictObject({ why: reasonText });
const retryBody = z.strictObject({
  why: reasonText,
  /** Whether the package may lack as many items as have failed by now; the report names each. */
  acceptFailures: z.boolean().default(false),
});

interface Asked {
  request: HttpRequest;
  context: InvocationContext;
  record: RequestRecord;
}

/** What only a privacy officer may do. Everything asks for the officer's key beside the function key. */
export function registerOfficer(env: Environment, limits: Limits, officerKey: string | null): void {
  /** @throws HttpProblem 403 without the officer's key, 404 for a request that there is not */
  async function asked(request: HttpRequest, context: InvocationContext): Promise<Asked> {
    requireKey(request.headers.get('x-officer-key'), officerKey);
    const { requestId = '' } = request.params;
    const record = requestIdForm.test(requestId) ? await env.ledger.get(requestId) : null;
    if (record === null) throw new HttpProblem(404, 'requestUnknown', 'There is no such request.');
    return { request, context, record };
  }

  /** Tells the orchestration, or leaves it to the sweeper when the task hub is away. */
  async function tell(context: InvocationContext, requestId: string): Promise<void> {
    const client = df.getClient(context);
    const record = await env.ledger.get(requestId);
    if (record === null) return;
    await ensureFulfilment(client, record, limits)
      .then(() => nudge(client, requestId))
      .catch(() => context.warn(`Request ${requestId} has changed; it is told later.`));
  }

  const answer = async (requestId: string): Promise<HttpResponseInit> => {
    const record = await env.ledger.get(requestId);
    return jsonAnswer(200, record === null ? null : await statusView(env, record));
  };

  async function list(request: HttpRequest): Promise<HttpResponseInit> {
    requireKey(request.headers.get('x-officer-key'), officerKey);
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
    const details = await openDetails(env, record);
    return jsonAnswer(200, {
      requestId: record.requestId,
      isNeeded: record.state === 'needsDecision',
      reason: record.reason,
      candidates: details.findings === null ? [] : candidatesView(details.findings, details),
      decision: details.decision,
    });
  }

  async function decide({ request, context, record }: Asked): Promise<HttpResponseInit> {
    const body = await parsed(request, decisionBody);
    if (record.releasedAt !== null || record.state === 'packaging')
      throw new HttpProblem(409, 'tooLate', 'The package is made; recall the request instead.');
    const details = await openDetails(env, record);
    const candidates = details.findings?.candidates ?? [];
    if (body.candidate > candidates.length)
      throw new HttpProblem(400, 'candidateUnknown', 'There is no candidate with this number.');
    const isInvited = details.contact !== null && record.state !== 'needsDecision';
    if (isInvited && candidates[body.candidate - 1]?.id !== details.contact?.id) {
      throw new HttpProblem(
        409,
        'personFixed',
        'Somebody was invited already. Cancel this request and make another.',
      );
    }
    const decision: Decision = { ...body, at: env.clock.now().toISOString() };
    await env.ledger.setDetails(record, { ...details, decision });
    const change = { decisions: record.decisions + 1 };
    await env.ledger.note(record.requestId, change, 'decided', acted(body.why));
    await tell(context, record.requestId);
    return answer(record.requestId);
  }

  const stop =
    (to: StoppedState) =>
    async ({ request, context, record }: Asked): Promise<HttpResponseInit> => {
      const { why } = await parsed(request, reasonBody);
      // Recall is the loss of the key: from now on no copy can be read, wherever it is.
      const change = to === 'recalled' ? { wrappedSecret: null } : {};
      await env.ledger
        .move(record.requestId, to, { ...change, reason: to }, acted(why))
        .catch(conflict);
      await tell(context, record.requestId);
      return answer(record.requestId);
    };

  async function retry({ request, context, record }: Asked): Promise<HttpResponseInit> {
    const { why, acceptFailures } = await parsed(request, retryBody);
    if (record.state !== 'failed' || record.wrappedSecret === null)
      throw new HttpProblem(409, 'notFailed', 'Only a failed request can be taken up again.');
    const to = record.verifiedAt === null ? 'received' : 'collecting';
    const counts = await env.ledger.counts(record.requestId);
    const failuresAccepted = acceptFailures ? failuresOf(counts) : record.failuresAccepted;
    const change = { reason: null, waiting: null, failuresAccepted };
    await env.ledger.move(record.requestId, to, change, acted(why)).catch(conflict);
    await tell(context, record.requestId);
    return answer(record.requestId);
  }

  async function custody({ record }: Asked): Promise<HttpResponseInit> {
    return jsonAnswer(200, { custody: await env.ledger.custody(record.requestId) });
  }

  const route = (
    name: string,
    method: 'GET' | 'POST',
    path: string,
    handler: (asked: Asked) => Promise<HttpResponseInit>,
  ): void => {
    app.http(name, {
      route: `api/requests/{requestId}/${path}`,
      methods: [method],
      authLevel: 'function',
      extraInputs: [df.input.durableClient()],
      handler: answering(async (request, context) => handler(await asked(request, context))),
    });
  };
  app.http('listRequests', {
    route: 'api/requests',
    methods: ['GET'],
    authLevel: 'function',
    handler: answering(list),
  });
  route('decisionEvidence', 'GET', 'decision', evidence);
  route('decide', 'POST', 'decision', decide);
  route('cancelRequest', 'POST', 'cancel', stop('cancelled'));
  route('refuseRequest', 'POST', 'refuse', stop('refused'));
  route('recallRequest', 'POST', 'recall', stop('recalled'));
  route('retryRequest', 'POST', 'retry', retry);
  route('requestCustody', 'GET', 'custody', custody);
}

/** @throws HttpProblem 403 when the key is not the officer's, or none is set */
function requireKey(given: string | null, expected: string | null): void {
  // Hashes have one length, so that the comparison tells nothing of the key's.
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  if (expected === null || given === null || !timingSafeEqual(hash(given), hash(expected)))
    throw new HttpProblem(403, 'officerKeyNeeded', 'This asks for the key of a privacy officer.');
}

/** @throws HttpProblem 409 when everything of the person has been deleted */
async function openDetails(env: Environment, record: RequestRecord): Promise<RequestDetails> {
  return env.ledger.details(record).catch(conflict);
}

function conflict(error: unknown): never {
  if (!(error instanceof ConflictError)) throw error;
  throw new HttpProblem(409, 'notNow', 'The request is not in a state in which this can be done.');
}

async function parsed<T>(request: HttpRequest, schema: z.ZodType<T>): Promise<T> {
  const result = schema.safeParse(await readJson(request, bodyLimit));
  if (result.success) return result.data;
  const errors = result.error.issues.map(({ path, message }) => ({
    pointer: path.map((part) => `/${String(part)}`).join(''),
    detail: message,
  }));
  throw new HttpProblem(400, 'invalidBody', 'The body is not valid.', { errors });
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
      matches: details.identifiers.map(({ type }, index) => ({
        type,
        isExact: details.identifiers.some(
          (identifier, other) => other === index && hasIdentifier(contact, identifier),
        ),
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
