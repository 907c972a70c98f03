import { justificationBody } from '../../core/api/bodies';
import type { CustodyEntry } from '../../core/custody/record';
import type { CodeAndSessionStore, DownloadLog, Ledger, PackageStore, Settings } from '../../ports';
import { HttpProblem, jsonResponse, parsedBody } from '../shared/http';
import {
  bodyLimit,
  rejectConflict,
  requireOpen,
  type OfficerHandler,
  type OfficerRequests,
} from './officer-requests';

export interface OfficerCodeServices {
  codesAndSessions: Pick<CodeAndSessionStore, 'issueCode'>;
  ledger: Pick<Ledger, 'note'>;
}

/** Issues a code that the officer gives to the person, who enters it in the portal. */
export const issueOfficerCode =
  ({ codesAndSessions, ledger }: OfficerCodeServices, requests: OfficerRequests): OfficerHandler =>
  async (call) => {
    const { record } = call;
    const { justification } = await parsedBody(call.request, justificationBody, bodyLimit);
    requireOpen(record);
    const { codeKey } = await requests.unwrapKeys(record);
    const issued = await codesAndSessions.issueCode(record.requestId, 'officer', codeKey);
    if (issued.kind === 'tooMany')
      throw new HttpProblem(429, 'tooManyCodes', 'Too many codes were requested.');
    const fact = { event: 'codeSent', detail: { method: 'officer' } } as const;
    await ledger.note(record.requestId, fact, {}, requests.actionOf(call, justification));
    return jsonResponse(200, { code: issued.code });
  };

export interface AssistedDeliveryServices {
  ledger: Pick<Ledger, 'note'>;
  packages: Pick<PackageStore, 'link'>;
  settings: Pick<Settings, 'delivery'>;
}

/** Gives link and passphrase to an officer, who hands the package over to the person. */
export const deliverPackage =
  (
    { ledger, packages, settings }: AssistedDeliveryServices,
    requests: OfficerRequests,
  ): OfficerHandler =>
  async (call) => {
    const { record } = call;
    const { justification } = await parsedBody(call.request, justificationBody, bodyLimit);
    const isAvailable = record.state === 'available' || record.state === 'delivered';
    const { passphrase } = await requests.unwrapKeys(record);
    const link = isAvailable
      ? await packages.link(record.requestId, settings.delivery.browserLinkMinutes)
      : null;
    if (link === null) throw new HttpProblem(409, 'notAvailable', 'No package is available.');
    const action = requests.actionOf(call, justification);
    await ledger.note(record.requestId, { event: 'handedOver' }, {}, action);
    const { url, expiresAt } = link;
    return jsonResponse(200, { url, expiresAt, passphrase, bytes: record.packageBytes });
  };

export interface RecallServices {
  codesAndSessions: Pick<CodeAndSessionStore, 'endAll'>;
  downloadLog: DownloadLog;
  ledger: Pick<Ledger, 'move' | 'note' | 'custody'>;
  packages: Pick<PackageStore, 'delete'>;
}

/**
 * Recalls a package. The key goes first: without it no copy can be read, wherever it is. The package
 * and all sessions are deleted before the call returns.
 */
export const recallPackage =
  (services: RecallServices, requests: OfficerRequests): OfficerHandler =>
  async (call) => {
    const { codesAndSessions, ledger, packages } = services;
    const { requestId } = call.record;
    const { justification } = await parsedBody(call.request, justificationBody, bodyLimit);
    const change = { wrappedSecret: null, reason: 'recalled' };
    const action = requests.actionOf(call, justification);
    await ledger.move(requestId, 'recalled', change, action).catch(rejectConflict);
    await ledger.note(requestId, { event: 'keyDestroyed' });
    await packages.delete(requestId);
    await codesAndSessions.endAll(requestId);
    await requests.notify(call);
    const status = await requests.status(requestId);
    const { entries } = await ledger.custody(requestId);
    const downloads = await downloadsOf(services, requestId, entries);
    return jsonResponse(200, { ...status, downloads });
  };

/**
 * Downloads before the recall: links that were issued, downloads that the page has reported, and reads
 * that storage has logged. Only storage knows of links that a browser opened by itself.
 */
async function downloadsOf(
  { downloadLog }: Pick<RecallServices, 'downloadLog'>,
  requestId: string,
  entries: readonly CustodyEntry[],
): Promise<Record<string, unknown>> {
  const timesOf = (event: CustodyEntry['event']): string[] =>
    entries.filter((entry) => entry.event === event).map(({ at }) => at);
  return {
    linksGivenOut: timesOf('linkMinted'),
    handedOver: timesOf('handedOver'),
    reportedComplete: timesOf('downloadReported'),
    storageLog: await downloadLog.reads(requestId),
  };
}
