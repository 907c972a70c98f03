import { CallLimit } from '../adapters/genesys/call-limit';
import { GenesysClient } from '../adapters/genesys/client';
import { genesysSource } from '../adapters/genesys/source';
import { Secret } from '../adapters/keys/secret';
import { guardedFetch, type NetworkGuard } from '../adapters/network/guarded-fetch';
import type { Config } from '../config/config';
import type { GenesysConnection } from '../config/genesys';
import { defaultMediaHosts, isMediaHost } from '../core/genesys/media-hosts';
import { lazy } from '../core/lazy';
import type { Organisation, RateLimiter } from '../ports';
import type { SecretFactory } from './keys';

export interface Organisations {
  /** The organisation of requests that name none. */
  main: Organisation;
  /** All of them by name, the main one first. */
  byName: ReadonlyMap<string, Organisation>;
}

/** What the source is given where recordings are not exported in bulk. */
const noIntegration = '';

type OrganisationsConfig = Pick<Config, 'genesys' | 'recordingExporter' | 'export'>;

interface OrganisationOptions {
  name: string;
  connection: GenesysConnection;
  clientId: string;
  clientSecret: Secret;
  exportIntegrationId: string;
  divisionContacts: ReadonlyMap<string, string>;
  declaresSensitiveData: boolean;
  mediaHosts: readonly string[] | null;
  customerChannel: string | null;
}

export function organisationsOf(
  { genesys: config, recordingExporter: exporter, export: exporting }: OrganisationsConfig,
  limiter: Pick<RateLimiter, 'lease'>,
  secretOf: SecretFactory,
): Organisations {
  const { connection } = config;
  const { summaries, sentiment, secureAttributes, evaluations } = exporting;
  const { deletionHold, restoreArchived } = exporting;
  const allowance = {
    calls: config.callsPerMinute,
    windowSeconds: connection.kind === 'simulator' ? connection.rateWindowSeconds : 60,
    percentPerRequest: config.percentPerRequest,
  };
  const organisationOf = (options: OrganisationOptions): Organisation => {
    // Its SDK is the largest of all; what officers and people call does without.
    const source = lazy(() => {
      const client = new GenesysClient({
        ...addressOf(options.connection),
        clientId: options.clientId,
        clientSecret: options.clientSecret,
        budget: new CallLimit(limiter, options.name, allowance),
      });
      return genesysSource(client, options.exportIntegrationId, guardedFetch(guardOf(options)));
    });
    return {
      get source() {
        return source();
      },
      divisionContacts: options.divisionContacts,
      customerChannel: options.customerChannel,
      permissionNeeds: {
        recordingExporter: exporter.kind,
        ...{ summaries, sentiment, secureAttributes, evaluations, deletionHold, restoreArchived },
        declaresSensitiveData: options.declaresSensitiveData,
      },
    };
  };
  const main = organisationOf({
    name: config.organisation,
    connection,
    clientId: config.clientId,
    clientSecret: secretOf('GENESYS_CLIENT_SECRET', config.clientSecret),
    exportIntegrationId: exporter.kind === 'bulkS3' ? exporter.integrationId : noIntegration,
    divisionContacts: config.divisionContacts,
    declaresSensitiveData: config.declaresSensitiveData,
    mediaHosts: config.mediaHosts,
    customerChannel: config.customerChannel,
  });
  const additional = config.additionalOrganisations.map(
    (one) =>
      [
        one.name,
        organisationOf({
          ...one,
          clientSecret: new Secret(one.clientSecret),
          exportIntegrationId:
            one.exportIntegrationId === null ? noIntegration : one.exportIntegrationId,
        }),
      ] as const,
  );
  return { main, byName: new Map([[config.organisation, main], ...additional]) };
}

/** A simulator serves its files over plain http on this machine. */
function guardOf({ connection, mediaHosts }: OrganisationOptions): NetworkGuard {
  const hosts =
    mediaHosts ?? (connection.kind === 'cloud' ? defaultMediaHosts(connection.region) : []);
  return {
    isAllowed: (host) => isMediaHost(host, hosts),
    allowsLoopback: connection.kind === 'simulator',
  };
}

/** The client uses the region only without a gateway. */
const addressOf = (
  connection: GenesysConnection,
): Pick<ConstructorParameters<typeof GenesysClient>[0], 'region' | 'gatewayUrl'> =>
  connection.kind === 'cloud'
    ? { region: connection.region, gatewayUrl: null }
    : { region: 'unused.invalid', gatewayUrl: connection.gatewayUrl };
