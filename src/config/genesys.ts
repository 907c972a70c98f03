import { z } from 'zod';
import { amazonS3, mediaHostPattern } from '../core/genesys/media-hosts';
import { alternatives, group, where } from './combine';
import { flag, integer, list, loopbackUrl, text } from './formats';
import { required, withDefault, withFallback, type ValueOf } from './setting';
import { topic } from './topic';

const region = z
  .string()
  .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'must be a host name such as mypurecloud.de');

const organisationName = z
  .string()
  .regex(/^[\w -]{1,64}$/, 'must be letters, digits, spaces and hyphens, 64 at most');

/** `division=contact id`, separated by commas. */
const divisionContacts = z.string().transform((given, context): ReadonlyMap<string, string> => {
  const divisions = new Map<string, string>();
  for (const part of given.split(',')) {
    const [, name, id] = /^\s*([^=]+?)\s*=\s*([0-9a-fA-F-]{36})\s*$/.exec(part) ?? [];
    if (name === undefined || id === undefined) {
      context.addIssue({
        code: 'custom',
        message: 'must be `division=contact id`, separated by commas',
      });
      return z.NEVER;
    }
    divisions.set(name, id);
  }
  return divisions;
});

const mediaHosts = list.pipe(
  z
    .array(
      z.string().regex(mediaHostPattern, `must be hosts, \`*.\` and a host, or \`${amazonS3}\``),
    )
    .min(1),
);

const customerChannel = z.string().regex(/^[0-9]$/, 'must be the number of a channel');

/** How an organisation is reached: a region of Genesys Cloud, or a simulator on this machine. */
export type GenesysConnection =
  | { readonly kind: 'cloud'; readonly region: string }
  | { readonly kind: 'simulator'; readonly gatewayUrl: string };

export interface AdditionalOrganisation {
  readonly name: string;
  readonly connection: GenesysConnection;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Integration of the bulk export; null without one. */
  readonly exportIntegrationId: string | null;
  readonly divisionContacts: ReadonlyMap<string, string>;
  readonly declaresSensitiveData: boolean;
  /** Hosts that files come from; null for those of the region and Amazon S3. */
  readonly mediaHosts: readonly string[] | null;
  /** Channel of the customer in calls; null where transcripts tell. */
  readonly customerChannel: string | null;
}

const credentials = {
  name: organisationName,
  clientId: text,
  clientSecret: text,
  exportIntegrationId: text.nullable().default(null),
  divisionContacts: divisionContacts.default(() => new Map()),
  declaresSensitiveData: z.boolean().default(false),
  mediaHosts: mediaHosts.nullable().default(null),
  customerChannel: customerChannel.nullable().default(null),
};
const additionalOrganisation = z.union([
  z
    .strictObject({ ...credentials, region })
    .transform(({ region: host, ...rest }): AdditionalOrganisation => ({
      ...rest,
      connection: { kind: 'cloud', region: host },
    })),
  z
    .strictObject({ ...credentials, gatewayUrl: loopbackUrl })
    .transform(({ gatewayUrl, ...rest }): AdditionalOrganisation => ({
      ...rest,
      connection: { kind: 'simulator', gatewayUrl },
    })),
]);
const additionalOrganisations = z.string().transform((json, context) => {
  try {
    const result = z.array(additionalOrganisation).safeParse(JSON.parse(json));
    if (result.success) return result.data;
  } catch {
    // Not JSON: the same message as for JSON of another shape.
  }
  context.addIssue({
    code: 'custom',
    message: 'must be a JSON list of {name, region, clientId, clientSecret}',
  });
  return z.NEVER;
});

const connection = alternatives({
  cloud: {
    region: withDefault('GENESYS_REGION', region, {
      default: 'mypurecloud.com',
      description: 'Host name of the region of Genesys Cloud.',
      example: 'mypurecloud.de',
      local: 'mypurecloud.de',
    }),
  },
  simulator: {
    gatewayUrl: required('GENESYS_GATEWAY_URL', loopbackUrl, {
      description: 'Address of a simulator on loopback, instead of a region.',
      example: 'http://127.0.0.1:7100',
    }),
    rateWindowSeconds: withDefault('GENESYS_RATE_WINDOW_SECONDS', integer(1, 60), {
      default: '60',
      unit: 'seconds',
      description: 'Length of the minute in `GENESYS_CALLS_PER_MINUTE`; shorter for measurements.',
    }),
  },
});

const settings = group({
  connection,
  clientId: required('GENESYS_CLIENT_ID', text, {
    description: 'OAuth client with the client-credentials grant.',
    local: 'the id of your client-credentials OAuth client',
  }),
  clientSecret: required('GENESYS_CLIENT_SECRET', text, {
    description: 'Secret of that client.',
    local: 'its secret',
  }),
  organisation: withDefault('GENESYS_ORGANISATION', organisationName, {
    default: 'main',
    description: 'Name of this organisation in requests and reports.',
  }),
  divisionContacts: withFallback(
    'GENESYS_DIVISION_CONTACTS',
    divisionContacts,
    { value: new Map<string, string>(), text: 'none' },
    {
      description:
        'One contact in each division that the app must see, as `division=contact id`, separated by commas. A request stops where one of them is not visible.',
      example: 'Sales=3fbb8f3a-0000-4000-8000-000000000001',
    },
  ),
  declaresSensitiveData: withDefault('GENESYS_DECLARE_SENSITIVE_DATA', flag, {
    default: 'false',
    description:
      'Declares that the OAuth client has `recording:recording:viewSensitiveData`, where its role does not let it prove that. The report says that this was declared, not proven. Without the permission Genesys Cloud hands over redacted recordings, or none, and says nothing.',
  }),
  mediaHosts: withFallback(
    'GENESYS_MEDIA_HOSTS',
    mediaHosts,
    { value: null as string[] | null, text: `\`*.\` and the region, \`${amazonS3}\`` },
    {
      description: `Hosts that recordings, transcripts and attachments may be fetched from, separated by commas: a host, \`*.\` and a host for all below it, or \`${amazonS3}\`. A file at another host is not fetched: it counts as failed, and the report names the host.`,
      example: `*.mypurecloud.de,${amazonS3}`,
    },
  ),
  customerChannel: withFallback(
    'GENESYS_CUSTOMER_CHANNEL',
    customerChannel,
    { value: null as string | null, text: 'told from the transcript of each call' },
    {
      description:
        'Number of the channel in which the customer is heard, for a policy with `callAudio` `customerChannel`. Genesys Cloud does not document it: listen to a recording before you set it. Without it, the channel is the one that is heard while the transcript says that the customer speaks; where that is not clear, the recording is withheld.',
      example: '0',
    },
  ),
  additionalOrganisations: withFallback(
    'GENESYS_ADDITIONAL_ORGANISATIONS',
    additionalOrganisations,
    { value: [], text: 'none' },
    {
      description:
        'Further organisations, as a JSON list of `{name, region, clientId, clientSecret, exportIntegrationId?, divisionContacts?, declaresSensitiveData?, mediaHosts?, customerChannel?}`. A request names one in `organisation`.',
    },
  ),
  callsPerMinute: withDefault('GENESYS_CALLS_PER_MINUTE', integer(20, 100_000), {
    default: '300',
    unit: 'calls per minute',
    description: 'API calls of all instances together, to each organisation.',
  }),
  percentPerRequest: withDefault('GENESYS_PERCENT_PER_REQUEST', integer(1, 100), {
    default: '100',
    unit: 'percent',
    description:
      'Part of those calls that one request may use in a minute. Requests that need calls at the same time have equal shares in any case, and what others leave. With less than 100, some calls are left for a request that comes during the minute, but a request alone takes longer.',
  }),
});

export const genesys = topic(
  'Genesys Cloud',
  'The organisations that hold the data.',
  where(settings, ({ organisation, additionalOrganisations: additional }) =>
    new Set([organisation, ...additional.map(({ name }) => name)]).size === additional.length + 1
      ? null
      : 'GENESYS_ADDITIONAL_ORGANISATIONS must have a name of its own for each organisation',
  ),
);

export type GenesysConfig = ValueOf<typeof genesys>;
