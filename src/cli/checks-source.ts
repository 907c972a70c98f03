import type { Organisation, RecordingBucket } from '../ports';
import { skewOf, sourceFailure } from '../services/trials';
import {
  notChecked,
  ok,
  problem,
  tryOut,
  warning,
  type Check,
  type Diagnostic,
  type Examined,
} from './diagnostics';

/** Calls per minute that Genesys Cloud allows a client by default (its documentation of rate limits). */
const defaultAllowance = 300;

/** Credentials, permissions, divisions, retention and clock of every organisation. */
export const checkGenesys: Check = async (examined) => {
  const diagnostics: Diagnostic[] = [];
  for (const [name, organisation] of examined.app.organisations)
    diagnostics.push(...(await checkOrganisation(examined, name, organisation)));
  return [...diagnostics, ...checkAllowance(examined), ...(await checkBucket(examined))];
};

async function checkOrganisation(
  examined: Examined,
  name: string,
  organisation: Organisation,
): Promise<Diagnostic[]> {
  const suffix = name === 'main' ? '' : ` (${name})`;
  const diagnostics: Diagnostic[] = [];
  try {
    const { missing, found } = await checkPermissions(organisation);
    diagnostics.push(...found, ...(await checkDivisions(organisation)));
    if (!missing.includes('analytics:dataRetention:view'))
      diagnostics.push(...(await checkRetention(examined, organisation)));
  } catch (error) {
    diagnostics.push(failureOf(error));
  }
  return diagnostics.map((one) => ({ ...one, check: `${one.check}${suffix}` }));
}

async function checkPermissions({
  source,
  permissionNeeds,
}: Organisation): Promise<{ missing: string[]; found: Diagnostic[] }> {
  const check = 'genesys.permissions';
  const { missing, undeclared, declared, unproven } =
    await source.provePermissions(permissionNeeds);
  const found = [
    ...missing.map((permission) =>
      problem(
        check,
        `The client lacks ${permission}.`,
        'Give its role this permission in every division, then wait a few minutes.',
      ),
    ),
    ...undeclared.map((permission) =>
      problem(
        check,
        `Nothing shows whether the client has ${permission}; no request is exported before.`,
        'Give its role recording:job:add and recording:job:delete, by which it proves the permission, or set GENESYS_DECLARE_SENSITIVE_DATA=true once you have looked at the role.',
      ),
    ),
  ];
  if (found.length === 0) found.push(ok(check, 'No permission is missing.'));
  for (const permission of declared)
    found.push(
      warning(
        check,
        `${permission} is declared, not proven; the report says so.`,
        'Nothing, or give the role recording:job:add and recording:job:delete, by which the client proves it.',
      ),
    );
  if (unproven.length > 0)
    found.push(
      warning(
        check,
        `No call proves these permissions, which the export needs: ${unproven.join(', ')}.`,
        'Look at the role of the client: without them Genesys Cloud leaves recordings out and says nothing.',
      ),
    );
  return { missing, found };
}

async function checkDivisions({ source, divisionContacts }: Organisation): Promise<Diagnostic[]> {
  const diagnostics: Diagnostic[] = [];
  for (const [division, contactId] of divisionContacts) {
    if ((await source.contactRecord(contactId)) !== null) continue;
    diagnostics.push(
      problem(
        'genesys.divisions',
        `The client cannot see the contact of the division ${division}.`,
        'Give the client its role in this division. If the contact was deleted, name another in GENESYS_DIVISION_CONTACTS.',
      ),
    );
  }
  if (divisionContacts.size === 0) {
    diagnostics.push(
      warning(
        'genesys.divisions',
        'No contacts are declared by division: the app cannot notice a division that it does not see.',
        'Set GENESYS_DIVISION_CONTACTS to one contact of each division.',
      ),
    );
  }
  return diagnostics;
}

async function checkRetention(
  { config }: Examined,
  { source }: Organisation,
): Promise<Diagnostic[]> {
  const { days, now } = await source.retention();
  const { years } = config.search;
  const kept =
    days < years * 365
      ? warning(
          'genesys.retention',
          `The organisation keeps conversations for ${days} days; the report will say so.`,
          `Nothing, or set its retention to ${years} years.`,
        )
      : ok('genesys.retention', `The organisation keeps conversations for ${days} days.`);
  const skew = skewOf(now, new Date());
  if (skew === null) return [kept];
  return [
    kept,
    warning(
      'genesys.clock',
      `This machine's clock is ${Math.abs(skew)} s ${skew > 0 ? 'fast' : 'slow'} compared with Genesys Cloud.`,
      'Synchronise it with a time server.',
    ),
  ];
}

function failureOf(error: unknown): Diagnostic {
  return sourceFailure(error) === 'credentialsRefused'
    ? problem(
        'genesys.credentials',
        'Genesys Cloud refuses the credentials.',
        'Check GENESYS_CLIENT_ID, GENESYS_CLIENT_SECRET and GENESYS_REGION: a client belongs to one region.',
      )
    : problem(
        'genesys.reach',
        'Genesys Cloud does not answer as expected.',
        'Check GENESYS_REGION and the network path to it: api.REGION and login.REGION over https.',
      );
}

function checkAllowance({ config: { genesys } }: Examined): Diagnostic[] {
  const { connection, callsPerMinute } = genesys;
  if (connection.kind === 'simulator' || callsPerMinute <= defaultAllowance) return [];
  return [
    warning(
      'genesys.allowance',
      `The app may make ${callsPerMinute} calls per minute; Genesys Cloud allows ${defaultAllowance} unless the limit was raised.`,
      'Lower GENESYS_CALLS_PER_MINUTE, or have the limit raised.',
    ),
  ];
}

/** The lifecycle rule that deletes what an interrupted job has left. */
async function expiryOf(bucket: Pick<RecordingBucket, 'hasExpiry'>): Promise<Diagnostic> {
  const check = 'genesys.bucketExpiry';
  const fix =
    'Give the bucket a lifecycle rule that lets objects, and versions that are not current, expire after days.';
  const hasExpiry = await bucket.hasExpiry();
  if (hasExpiry === null)
    return notChecked(
      check,
      'The lifecycle rules of the bucket may not be read (s3:GetLifecycleConfiguration).',
    );
  return hasExpiry
    ? ok(check, 'Objects of the bucket expire.')
    : warning(check, 'No lifecycle rule lets objects of the bucket expire.', fix);
}

async function checkBucket({ app: { bucket } }: Examined): Promise<Diagnostic[]> {
  if (bucket === null) return [];
  const missing = 'doctor-finds-nothing-here/nothing';
  return [
    await tryOut(
      'genesys.bucketDeletion',
      () => bucket.delete({ key: missing, stamp: '', versionId: null }),
      {
        good: 'Objects of the bucket can be deleted.',
        bad: () =>
          'The app may not delete what its jobs put into the bucket: recordings would stay there.',
        fix: 'Let the AWS role that the app assumes delete (s3:DeleteObject; in a bucket with versions also s3:DeleteObjectVersion and s3:GetObjectVersion).',
      },
    ),
    await expiryOf(bucket),
    await tryOut('genesys.bucket', () => bucket.list('doctor-finds-nothing-here/'), {
      good: 'The bucket can be listed.',
      bad: () => 'The bucket of the bulk export cannot be read.',
      fix: 'Check S3_BUCKET, S3_REGION and the AWS role that the app assumes (s3:ListBucket, s3:GetObject).',
    }),
  ];
}
