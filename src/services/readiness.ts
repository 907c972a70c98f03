import type { ReadinessName, ReadinessOutcome, ReadinessReason } from '../core/api/readiness';
import type { Clock, KeyStore, Organisation } from '../ports';
import type { MailProbe } from '../ports/mail-probe';
import type { StorageProbe } from '../ports/storage-probe';
import {
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
  keys: Pick<KeyStore, 'createSecret' | 'unwrap' | 'sign' | 'publicKeys'>;
  organisations: ReadonlyMap<string, Pick<Organisation, 'source' | 'permissionNeeds'>>;
  mail: MailProbe;
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
    keyWrap: () => tryWrapping(keys).then(nothing, () => 'keyNotUsable'),
    keySign: () => trySigning(keys).then(nothing, () => 'keyNotUsable'),
    genesys: () => checkSource(services),
    mail: () => checkMail(services),
    clock: async () => {
      const { date } = await blobs();
      return skewOf(date, services.machineClock.now()) === null ? null : 'clockDiffers';
    },
    controllerFiles: () => Promise.resolve(controllerFiles()),
  };
}

const nothing = (): null => null;

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
      return { check, code: reason === null ? 'ok' : 'failed', reason };
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
