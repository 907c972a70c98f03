import type { HttpResponseInit } from '@azure/functions';
import type { Environment } from '../../services/environment';
import { reasonBody } from '../../core/api/bodies';
import type { CustodyEntry } from '../../core/custody/record';
import { HttpProblem, jsonResponse, parsedBody } from '../shared/http';
import { bodyLimit, conflict, type OfficerRequest, type OfficerRequests } from './officer-requests';
import { statusView } from '../api/requests';

/** What officers hand out, and take back. */
export function officerDelivery(officerRequests: OfficerRequests) {
  const { env, guard } = officerRequests;

  /** A code that an officer gives out in person, to be entered in the portal. */
  async function officerCode({
    request,
    record,
    officer,
  }: OfficerRequest): Promise<HttpResponseInit> {
    const { justification } = await parsedBody(request, reasonBody, bodyLimit);
    const { codeKey } = await officerRequests.openKeys(record);
    const issued = await env.codesAndSessions.issueCode(record.requestId, 'officer', codeKey);
    if (issued.kind === 'tooMany')
      throw new HttpProblem(429, 'tooManyCodes', 'Too many codes were asked for.');
    const act = guard.actOf(officer, justification);
    const fact = { event: 'codeSent', detail: { method: 'officer' } } as const;
    await env.ledger.note(record.requestId, fact, {}, act);
    return jsonResponse(200, { code: issued.code });
  }

  /** Link and passphrase for who cannot use the portal: an officer hands the package over. */
  async function deliver({ request, record, officer }: OfficerRequest): Promise<HttpResponseInit> {
    const { justification } = await parsedBody(request, reasonBody, bodyLimit);
    const isAvailable = record.state === 'available' || record.state === 'delivered';
    const { passphrase } = await officerRequests.openKeys(record);
    const link = isAvailable
      ? await env.packages.link(record.requestId, env.settings.delivery.browserLinkMinutes)
      : null;
    if (link === null)
      throw new HttpProblem(409, 'notAvailable', 'There is no package to hand over now.');
    const act = guard.actOf(officer, justification);
    await env.ledger.note(record.requestId, { event: 'handedOver' }, {}, act);
    const { url, expiresAt } = link;
    return jsonResponse(200, { url, expiresAt, passphrase, bytes: record.packageBytes });
  }

  /**
   * The loss of the key comes first: from then on no copy can be read, wherever it is. Then the
   * package and the sessions go, before this call answers.
   */
  async function recall({
    request,
    context,
    record,
    officer,
  }: OfficerRequest): Promise<HttpResponseInit> {
    const { requestId } = record;
    const { justification } = await parsedBody(request, reasonBody, bodyLimit);
    const change = { wrappedSecret: null, reason: 'recalled' };
    const act = guard.actOf(officer, justification);
    await env.ledger.move(requestId, 'recalled', change, act).catch(conflict);
    await env.ledger.note(requestId, { event: 'keyDestroyed' });
    await env.packages.delete(requestId);
    await env.codesAndSessions.endAll(requestId);
    await officerRequests.notify(context, requestId);
    const after = await env.ledger.get(requestId);
    const status = after && (await statusView(env, after));
    const { entries } = await env.ledger.custody(requestId);
    return jsonResponse(200, { ...status, downloads: await downloadsOf(env, requestId, entries) });
  }

  return { officerCode, deliver, recall };
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
