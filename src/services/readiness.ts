import {
  advisoryChecks,
  type ReadinessName,
  type ReadinessOutcome,
  type ReadinessReason,
} from '../core/api/readiness';
import type { Clock, KeyStore, Organisation } from '../ports';
import type { MailDomainProbe } from '../ports/mail-domain-probe';
import type { MailProbe } from '../ports/mail-probe';
import type { QueueProbe } from '../ports/queue-probe';
import type { StorageProbe } from '../ports/storage-probe';
import {
  domainOf,
  isMailbox,
  skewOf,
  sourceFailure,
  storageFailure,
  trySigning,
  tryWrapping,
} from './trials';

/** A check: null when all is well, or why not. It may throw. */
type Run = () => Promise<ReadinessReason | 'notConfigured' | null>;
export type ReadinessRuns = Readonly<Record<ReadinessName, Run>>;

export interface ReadinessServices {
  storage: StorageProbe;
  /** Null where the task hub has no queues that the app can see. */
  queues: QueueProbe | null;
  keys: Pick<KeyStore, 'createSecret' | 'unwrap' | 'sign' | 'publicKeys'>;
  organisations: ReadonlyMap<string, Pick<Organisation, 'source' | 'permissionNeeds'>>;
  mail: MailProbe;
  mailDomain: MailDomainProbe;
  /** Sender of emails. */
  sender: string;
  /** The controller's own files, as they were deployed; `notConfigured` without any. */
  controllerFiles: () => 'filesDiffer' | 'filesInvalid' | 'notConfigured' | null;
  /** The clock of the machine, also in a rehearsal. */
  machineClock: Clock;
}

/** What the app needs to work, each reached once. Nothing that a request has is read or changed. */
export function readinessRuns(
  services: ReadinessServices,
  tryTaskHub: () => Promise<unknown>,
): ReadinessRuns {
  const { storage, keys, controllerFiles } = services;
  const blobs = (): ReturnType<StorageProbe['blobService']> => storage.blobService();
  const ofStorage = (error: unknown): ReadinessReason => storageFailure(storage, error);
  return {
    blobs: () => blobs().then(nothing, ofStorage),
    tables: () => storage.tryTable().then(nothing, ofStorage),
    taskHub: () => tryTaskHub().then(nothing, () => 'noAnswer'),
    queues: () => checkQueues(services),
    keyWrap: () => tryWrapping(keys).then(nothing, () => 'keyNotUsable'),
    keySign: () => trySigning(keys).then(nothing, () => 'keyNotUsable'),
    genesys: () => checkSource(services),
    mail: () => checkMail(services),
    mailDomain: () => checkMailDomain(services),
    clock: async () => {
      const { date } = await blobs();
      return skewOf(date, services.machineClock.now()) === null ? null : 'clockDiffers';
    },
    controllerFiles: () => Promise.resolve(controllerFiles()),
  };
}

const nothing = (): null => null;

async function checkQueues({
  queues,
}: Pick<ReadinessServices, 'queues'>): Promise<ReadinessReason | 'notConfigured' | null> {
  if (queues === null) return 'notConfigured';
  try {
    return (await queues.missing()).length > 0 ? 'queueMissing' : null;
  } catch (error) {
    return storageFailure(queues, error);
  }
}

async function checkSource({
  organisations,
}: Pick<ReadinessServices, 'organisations'>): Promise<ReadinessReason | null> {
  for (const { source, permissionNeeds } of organisations.values()) {
    try {
      const { missing, undeclared } = await source.provePermissions(permissionNeeds);
      if (missing.length > 0) return 'permissionMissing';
      if (undeclared.length > 0) return 'permissionUndeclared';
    } catch (error) {
      return sourceFailure(error);
    }
  }
  return null;
}

async function checkMail({
  mail,
  sender,
}: Pick<ReadinessServices, 'mail' | 'sender'>): Promise<ReadinessReason | null> {
  if (!isMailbox(sender)) return 'senderInvalid';
  const answer = await mail.transport();
  return answer === 'accepted' ? null : answer;
}

async function checkMailDomain({
  mailDomain,
  sender,
}: Pick<ReadinessServices, 'mailDomain' | 'sender'>): Promise<
  ReadinessReason | 'notConfigured' | null
> {
  const domain = domainOf(sender);
  if (domain === null) return 'notConfigured';
  const answer = await mailDomain.records(domain);
  return answer === 'good' ? null : answer;
}

/** Reasons that say nothing of what was to be looked at. */
const silent: readonly ReadinessReason[] = ['noAnswer', 'timeout', 'checkFailed'];

function codeOf(check: ReadinessName, reason: ReadinessReason | null): ReadinessOutcome['code'] {
  if (reason === null) return 'ok';
  if (!advisoryChecks.includes(check)) return 'failed';
  return silent.includes(reason) ? 'unknown' : 'warning';
}

/**
 * Makes every check, side by side.
 * @param limit milliseconds after which a check that has not ended counts as failed
 */
export function checkReadiness(runs: ReadinessRuns, limit: number): Promise<ReadinessOutcome[]> {
  const names = Object.keys(runs) as ReadinessName[];
  return Promise.all(
    names.map(async (check): Promise<ReadinessOutcome> => {
      const reason = await withinTime(runs[check], limit);
      if (reason === 'notConfigured') return { check, code: 'notConfigured', reason: null };
      return { check, code: codeOf(check, reason), reason };
    }),
  );
}

/** The answer of a check, whatever it throws and however long it takes. */
async function withinTime(run: Run, limit: number): Promise<Awaited<ReturnType<Run>>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'timeout'>((done) => {
    timer = setTimeout(() => done('timeout'), limit);
  });
  const answer = Promise.resolve()
    .then(run)
    .catch((): 'checkFailed' => 'checkFailed');
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
