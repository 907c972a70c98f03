import { SourceError } from '../core/errors';
import { ok, problem, skewOf, tryOut, warning, type Check, type Diagnostic } from './diagnostics';

/** Calls a minute that Genesys Cloud allows a client at first (its documentation of rate limits). */
const usualAllowance = 300;

/** Credentials, permissions, divisions, retention and clock of every organisation. */
export const checkGenesys: Check = async ({ environment, config }) => {
  const diagnostics: Diagnostic[] = [];
  const { summaries, deletionHold: protection } = environment.settings.export;
  for (const [name, { source, divisionContacts }] of environment.organisations) {
    const of = (what: string): string => `genesys.${what}${name === 'main' ? '' : ` (${name})`}`;
    try {
      const missing = await source.missingPermissions({ summaries, protection });
      for (const permission of missing) {
        diagnostics.push(
          problem(
            of('permissions'),
            `The client lacks ${permission}.`,
            'Give its role this permission in every division, then wait a few minutes.',
          ),
        );
      }
      if (missing.length === 0) diagnostics.push(ok(of('permissions'), 'Nothing is missing.'));
      for (const [division, contactId] of divisionContacts) {
        if ((await source.contactRecord(contactId, false)) === null) {
          diagnostics.push(
            problem(
              of('divisions'),
              `The division ${division} does not show its contact to the client.`,
              'Give the client its role in this division; or the contact was deleted: name another in GENESYS_DIVISION_CONTACTS.',
            ),
          );
        }
      }
      if (divisionContacts.size === 0) {
        diagnostics.push(
          warning(
            of('divisions'),
            'No contacts are declared by division: what a division hides cannot be noticed.',
            'Set GENESYS_DIVISION_CONTACTS to one contact of each division.',
          ),
        );
      }
      if (missing.includes('analytics:dataRetention:view')) continue;
      const { days, now } = await source.retention();
      const wanted = config.SEARCH_YEARS * 365;
      diagnostics.push(
        days < wanted
          ? warning(
              of('retention'),
              `The organisation keeps conversations for ${days} days; the report will say so.`,
              `Nothing, or set its retention to ${config.SEARCH_YEARS} years.`,
            )
          : ok(of('retention'), `Conversations are kept for ${days} days.`),
      );
      const skew = skewOf(now);
      if (skew !== null) {
        diagnostics.push(
          warning(
            of('clock'),
            `This machine's clock is ${Math.abs(skew)} s ${skew > 0 ? 'fast' : 'slow'} by that of Genesys Cloud.`,
            'Let it follow a time server.',
          ),
        );
      }
    } catch (error) {
      const outcome = error instanceof SourceError ? error.outcome : null;
      const isRefused = outcome?.kind === 'failed' && outcome.code === 'sourceCredentialsRefused';
      diagnostics.push(
        isRefused
          ? problem(
              of('credentials'),
              'Genesys Cloud refuses the credentials.',
              'Check GENESYS_CLIENT_ID, GENESYS_CLIENT_SECRET and the region in GENESYS_REGION: a client is of one region.',
            )
          : problem(
              of('reach'),
              'Genesys Cloud does not answer as it should.',
              'Check GENESYS_REGION and the way to it: api.REGION and login.REGION over https.',
            ),
      );
    }
  }
  if (
    config.GENESYS_GATEWAY_URL === undefined &&
    config.GENESYS_CALLS_PER_MINUTE > usualAllowance
  ) {
    diagnostics.push(
      warning(
        'genesys.allowance',
        `The app may make ${config.GENESYS_CALLS_PER_MINUTE} calls a minute; Genesys Cloud allows ${usualAllowance} unless it was raised.`,
        'Lower GENESYS_CALLS_PER_MINUTE, or have the limit raised.',
      ),
    );
  }
  const { bucket } = environment;
  if (bucket !== null) {
    diagnostics.push(
      await tryOut('genesys.bucket', () => bucket.list('doctor-finds-nothing-here/'), {
        good: 'The bucket can be listed.',
        bad: () => 'The bucket of the bulk export cannot be read.',
        fix: 'Check S3_BUCKET, S3_REGION and the role that the app takes on in AWS (s3:ListBucket, s3:GetObject).',
      }),
    );
  }
  return diagnostics;
};
