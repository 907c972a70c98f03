import { hasIdentifier, identifiersOf } from '../../core/subject/contact';
import { smsNumberOf } from '../../core/subject/reachability';
import type { HttpResponseInit } from '@azure/functions';
import { linesOf, chainProblems, type CustodyDocument } from '../../core/custody/chain';
import { ConflictError } from '../../core/errors';
import { maskedPhone } from '../../core/subject/identifiers';
import { type ContactMatches } from '../../core/subject/resolve-contact';
import type { KeyStore, Ledger, RequestDetails, Settings } from '../../ports';
import { statusView, type StatusServices } from '../../services/status-view';
import { jsonResponse } from '../shared/http';
import type { OfficerHandler } from './officer-requests';

/** All requests, newest first. */
export async function listRequests(ledger: Pick<Ledger, 'list'>): Promise<HttpResponseInit> {
  const records = await ledger.list();
  const rows = records.map(({ requestId, state, reason, createdAt, receivedAt }) => ({
    requestId,
    state,
    reasonCode: reason,
    createdAt,
    receivedAt,
  }));
  return jsonResponse(200, {
    requests: rows.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)),
  });
}

export type EvidenceServices = StatusServices & { ledger: Pick<Ledger, 'details'> };

/** The status of a request, and the evidence for a decision. */
export const readEvidence =
  (services: EvidenceServices): OfficerHandler =>
  async ({ record }) => {
    // Of a request that has ended only the status is left.
    const details = await services.ledger.details(record).catch(nullIfDeleted);
    return jsonResponse(200, {
      requestId: record.requestId,
      isNeeded: record.state === 'needsDecision',
      reasonCode: record.reason,
      candidates: details?.contactMatches ? candidatesView(details.contactMatches, details) : [],
      decision: details?.decision ?? null,
      status: await statusView(services, record),
    });
  };

export interface CustodyServices {
  keys: Pick<KeyStore, 'sign'>;
  ledger: Pick<Ledger, 'custody'>;
  settings: Pick<Settings, 'branding'>;
}

/** The custody record, signed now. */
export const readCustody =
  ({ keys, ledger, settings }: CustodyServices): OfficerHandler =>
  async ({ record: { requestId } }) => {
    const { origin } = new URL(settings.branding.portalOrigin);
    const { entries, annotations } = await ledger.custody(requestId);
    const head = entries.at(-1)?.hash ?? '';
    const document: CustodyDocument = {
      requestId,
      entries,
      annotations: [...annotations].map(([sequence, annotation]) => ({ sequence, ...annotation })),
      head,
      signature: await keys.sign(
        Buffer.from(`${requestId}\n${head}\n`),
        `${origin}/.well-known/jwks.json`,
      ),
    };
    return jsonResponse(200, {
      ...document,
      isIntact: chainProblems(entries, annotations).length === 0,
      custody: linesOf(entries, annotations),
    });
  };

/** The webhooks of a request, in their order. */
export const readWebhooks =
  (ledger: Pick<Ledger, 'webhooks'>): OfficerHandler =>
  async ({ record: { requestId } }) =>
    jsonResponse(200, { events: await ledger.webhooks(requestId) });

function nullIfDeleted(error: unknown): null {
  if (error instanceof ConflictError) return null;
  throw error;
}

/**
 * What an officer needs to tell candidates apart: their ids in the source, where the officer looks
 * them up, and how they match the identifiers given. No names, no addresses, no content.
 */
function candidatesView(
  contactMatches: ContactMatches,
  details: RequestDetails,
): Record<string, unknown>[] {
  return contactMatches.candidates.map((contact) => {
    const identifiers = identifiersOf(contact);
    const shared = identifiers.filter(({ value }) => contactMatches.shared.includes(value));
    const smsNumber = smsNumberOf(contact);
    return {
      contactId: contact.id,
      createdAt: contact.createdAt,
      mergedContacts: contact.mergeSet.length - 1,
      matches: details.identifiers.map((identifier) => ({
        type: identifier.type,
        isExact: hasIdentifier(contact, identifier),
      })),
      phones: contact.phones.length,
      mailboxes: contact.emails.length,
      shared: shared.map(({ type, value, extension }) => ({
        type,
        ...(type === 'phone' ? { ends: maskedPhone(value) } : {}),
        ...(extension === undefined ? {} : { hasExtension: true }),
      })),
      codeGoesTo: smsNumber === null ? null : maskedPhone(smsNumber),
    };
  });
}
