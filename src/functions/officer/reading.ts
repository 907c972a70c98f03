import type { HttpResponseInit } from '@azure/functions';
import type { Environment } from '../../services/environment';
import { linesOf, chainProblems, type CustodyDocument } from '../../core/custody/chain';
import { ConflictError } from '../../core/errors';
import { maskedPhone } from '../../core/subject/identifiers';
import {
  smsNumberOf,
  hasIdentifier,
  identifiersOf,
  type ContactMatches,
} from '../../core/subject/resolve-contact';
import type { RequestDetails } from '../../ports';
import { jsonResponse } from '../shared/http';
import type { OfficerRequest } from './officer-requests';
import { statusView } from '../api/requests';

/** What officers read. */
export function officerReading(env: Environment) {
  const { origin } = new URL(env.settings.branding.portalOrigin);

  async function list(): Promise<HttpResponseInit> {
    const records = await env.ledger.list();
    const rows = records.map(({ requestId, state, reason, createdAt, receivedAt }) => ({
      requestId,
      state,
      reason,
      createdAt,
      receivedAt,
    }));
    return jsonResponse(200, {
      requests: rows.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)),
    });
  }

  async function evidence({ record }: OfficerRequest): Promise<HttpResponseInit> {
    // Of a request that has ended nothing is left to decide by, and its status is.
    const details = await env.ledger.details(record).catch(goneOr);
    return jsonResponse(200, {
      requestId: record.requestId,
      isNeeded: record.state === 'needsDecision',
      reason: record.reason,
      candidates: details?.contactMatches ? candidatesView(details.contactMatches, details) : [],
      decision: details?.decision ?? null,
      status: await statusView(env, record),
    });
  }

  async function custody({ record: { requestId } }: OfficerRequest): Promise<HttpResponseInit> {
    const { entries, annotations } = await env.ledger.custody(requestId);
    const head = entries.at(-1)?.hash ?? '';
    const document: CustodyDocument = {
      requestId,
      entries,
      annotations: [...annotations].map(([sequence, side]) => ({ sequence, ...side })),
      head,
      signature: await env.keys.sign(
        Buffer.from(`${requestId}\n${head}\n`),
        `${origin}/.well-known/jwks.json`,
      ),
    };
    return jsonResponse(200, {
      ...document,
      isIntact: chainProblems(entries, annotations).length === 0,
      custody: linesOf(entries, annotations),
    });
  }

  const webhooks = async ({ record: { requestId } }: OfficerRequest): Promise<HttpResponseInit> =>
    jsonResponse(200, { events: await env.ledger.webhooks(requestId) });

  return { list, evidence, custody, webhooks };
}

/** Null for what was deleted already. */
function goneOr(error: unknown): null {
  if (error instanceof ConflictError) return null;
  throw error;
}

/**
 * What an officer needs in order to tell candidates apart: their ids in the source, where the officer
 * looks them up, and how they answer to what was asked. No names, no addresses, no content.
 */
function candidatesView(
  contactMatches: ContactMatches,
  details: RequestDetails,
): Record<string, unknown>[] {
  return contactMatches.candidates.map((contact, i) => {
    const identifiers = identifiersOf(contact);
    const shared = identifiers.filter(({ value }) => contactMatches.shared.includes(value));
    const smsNumber = smsNumberOf(contact);
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
      codeGoesTo: smsNumber === null ? null : maskedPhone(smsNumber),
    };
  });
}
