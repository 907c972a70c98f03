import { nullIfDeleted } from '../../core/errors';
import { justificationBody } from '../../core/api/bodies';
import { hasApproved, isApproved, mayApprove } from '../../core/custody/hand-over';
import type { CustodyEntry } from '../../core/custody/record';
import type {
  Clock,
  CodeAndSessionStore,
  DownloadLog,
  Ledger,
  PackageStore,
  RequestRecord,
  Settings,
} from '../../ports';
import { leaveRecallToTicket } from '../../services/end-notices';
import {
  intendHandOverNotice,
  tellOfHandOver,
  tellOfRecall,
  type SecurityNoticeServices,
} from '../../services/security-notices';
import { HttpProblem, jsonResponse, parsedBody } from '../shared/http';
import {
  bodyLimit,
  rejectConflict,
  requireOpen,
  type OfficerHandler,
  type OfficerRequests,
} from './officer-requests';

export interface OfficerCodeServices {
  clock: Clock;
  codesAndSessions: Pick<CodeAndSessionStore, 'issueCode'>;
  ledger: Pick<Ledger, 'note' | 'custodyEntries'>;
}

/**
 * Issues a code that the officer gives to the person, who enters it in the portal. Whoever has approved
 * the hand-over issues none: they would approve what they confirm.
 */
export const issueOfficerCode =
  (
    { clock, codesAndSessions, ledger }: OfficerCodeServices,
    requests: OfficerRequests,
  ): OfficerHandler =>
  async (call) => {
    const { record } = call;
    const { justification } = await parsedBody(call.request, justificationBody, bodyLimit);
    requireOpen(record);
    const entries = await ledger.custodyEntries(record.requestId);
    if (hasApproved(entries, requests.actorsOf(call))) throw otherOfficerRequired();
    const { codeKey } = await requests.unwrapKeys(record);
    const issued = await codesAndSessions.issueCode(record.requestId, 'officer', codeKey);
    if (issued.kind === 'tooMany')
      throw new HttpProblem(429, 'tooManyCodes', 'Too many codes were requested.');
    const fact = { event: 'codeSent', detail: { method: 'officer' } } as const;
    const change = { officerCodeAt: clock.now().toISOString() };
    await ledger.note(record.requestId, fact, change, requests.actionOf(call, justification));
    return jsonResponse(200, { code: issued.code });
  };

export type AssistedDeliveryServices = SecurityNoticeServices & {
  ledger: Pick<Ledger, 'custodyEntries'>;
  packages: Pick<PackageStore, 'link'>;
  settings: Pick<Settings, 'delivery'>;
};

const otherOfficerRequired = (): HttpProblem =>
  new HttpProblem(
    403,
    'otherOfficerRequired',
    'Another officer must do this: who confirms who the person is does not approve the hand-over.',
  );

const notAvailable = (): HttpProblem =>
  new HttpProblem(409, 'notAvailable', 'No package is available.');

export const isAvailable = ({ state }: RequestRecord): boolean =>
  state === 'available' || state === 'delivered';

/** Approves that another officer hands the package over. An approval that is given already stands. */
export const approveHandOver =
  (
    { clock, ledger }: Pick<AssistedDeliveryServices, 'clock' | 'ledger'>,
    requests: OfficerRequests,
  ): OfficerHandler =>
  async (call) => {
    const { record } = call;
    const { requestId } = record;
    const { justification } = await parsedBody(call.request, justificationBody, bodyLimit);
    if (!isAvailable(record)) throw notAvailable();
    const entries = await ledger.custodyEntries(requestId);
    const own = requests.actorsOf(call);
    if (!mayApprove(entries, own)) throw otherOfficerRequired();
    if (!hasApproved(entries, own))
      await ledger.note(
        requestId,
        { event: 'handOverApproved' },
        (stored) => {
          if (!isAvailable(stored)) throw notAvailable();
          return { handOverApprovedAt: clock.now().toISOString() };
        },
        requests.actionOf(call, justification),
      );
    return jsonResponse(200, await requests.status(requestId));
  };

/**
 * Gives link and passphrase to an officer, who hands the package over to the person. With two officers,
 * another one has approved it, who has not confirmed who the person is.
 */
export const deliverPackage =
  (services: AssistedDeliveryServices, requests: OfficerRequests): OfficerHandler =>
  async (call) => {
    const { ledger, packages, settings } = services;
    const { record } = call;
    const { justification } = await parsedBody(call.request, justificationBody, bodyLimit);
    const { passphrase } = await requests.unwrapKeys(record);
    const link = isAvailable(record)
      ? await packages.link(record.requestId, settings.delivery.browserLinkMinutes)
      : null;
    if (link === null) throw notAvailable();
    const { handOver } = settings.delivery;
    const entries = await ledger.custodyEntries(record.requestId);
    if (handOver === 'twoOfficers' && !isApproved(entries, requests.actorsOf(call)))
      throw new HttpProblem(
        409,
        'approvalRequired',
        'Another officer, who has not confirmed who the person is, must approve the hand-over first.',
      );
    const action = requests.actionOf(call, justification);
    const fact = { event: 'handedOver', detail: { by: handOver } } as const;
    // The intent comes first: after a crash the person is still told.
    const key = await intendHandOverNotice(services, record);
    await ledger.note(record.requestId, fact, {}, action);
    const subjectNotified = await tellOfHandOver(services, record, key);
    if (!subjectNotified) await requests.notify(call);
    const { url, expiresAt } = link;
    const { packageBytes: bytes } = record;
    return jsonResponse(200, { url, expiresAt, passphrase, bytes, subjectNotified });
  };

export type RecallServices = SecurityNoticeServices & {
  codesAndSessions: Pick<CodeAndSessionStore, 'endAll'>;
  downloadLog: DownloadLog;
  ledger: Pick<Ledger, 'noteEnd' | 'move' | 'note' | 'custodyEntries'>;
  packages: Pick<PackageStore, 'delete'>;
};

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
    // Where to write to is gone with the key.
    const details = await ledger.details(call.record).catch(nullIfDeleted);
    await ledger.move(requestId, 'recalled', change, action).catch(rejectConflict);
    await ledger.note(requestId, { event: 'keyDestroyed' });
    await packages.delete(requestId);
    await codesAndSessions.endAll(requestId);
    const subjectNotified =
      details !== null && (await tellOfRecall(services, call.record, details));
    // The ticketing system is not asked to tell it again.
    if (subjectNotified)
      await ledger.noteEnd(requestId, {
        end: 'recalled',
        reasonCode: 'recalled',
        by: 'email',
        tell: null,
      });
    else if (details !== null) await leaveRecallToTicket(services, call.record, details);
    const entries = await ledger.custodyEntries(requestId);
    const downloads = await downloadsOf(services, requestId, entries);
    return requests.changed(call, { downloads, subjectNotified });
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
