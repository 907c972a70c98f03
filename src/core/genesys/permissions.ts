/** What an export calls for: the permissions that it needs follow from it. */
export interface PermissionNeeds {
  recordingExporter: 'formatted' | 'batch' | 'bulkS3';
  summaries: boolean;
  sentiment: boolean;
  secureAttributes: boolean;
  evaluations: boolean;
  deletionHold: boolean;
  restoreArchived: boolean;
  /** Whether the operator declares that the client may see sensitive data, which it may not be able to prove. */
  declaresSensitiveData: boolean;
}

/** Permissions that belong together, and when an export needs them. */
interface NeededPermissions {
  permissions: readonly string[];
  isNeeded: (needs: PermissionNeeds) => boolean;
}

/** Permissions that a call of the API proves, because nothing else opens it. */
interface ProvenByCall extends NeededPermissions {
  /** Operation of the API document. */
  operation: string;
  /** Others that open the call as well: the export can do with any of them. */
  alternatives?: readonly string[];
}

const always = (): boolean => true;
const inBulk = ({ recordingExporter }: PermissionNeeds): boolean => recordingExporter === 'bulkS3';
const withHold = ({ deletionHold }: PermissionNeeds): boolean => deletionHold;

/**
 * Every permission that a call proves (API document, `x-inin-requires-permissions`);
 * `docs/genesys-cloud.md` has the same table.
 */
export const provenByCall = [
  {
    permissions: ['externalContacts:contact:view'],
    operation: 'POST /api/v2/externalcontacts/identifierlookup/contacts',
    isNeeded: always,
  },
  {
    permissions: ['externalContacts:session:view'],
    operation: 'GET /api/v2/externalcontacts/contacts/{contactId}/journey/sessions',
    isNeeded: always,
  },
  {
    permissions: ['gdpr:subject:view'],
    operation: 'GET /api/v2/gdpr/subjects',
    isNeeded: always,
  },
  {
    permissions: ['outbound:contact:view'],
    operation: 'GET /api/v2/outbound/contactlists/{contactListId}/contacts/{contactId}',
    isNeeded: always,
  },
  {
    permissions: ['audits:audit:view'],
    operation: 'GET /api/v2/audits/query/{transactionId}',
    isNeeded: always,
  },
  {
    // The calls for jobs are opened by a permission for an agent's own conversations, too.
    permissions: ['analytics:conversationDetail:view'],
    operation: 'GET /api/v2/analytics/conversations/details/jobs/availability',
    isNeeded: always,
  },
  {
    permissions: ['analytics:dataRetention:view'],
    operation: 'GET /api/v2/analytics/dataretention/settings',
    isNeeded: always,
  },
  {
    permissions: ['conversation:communication:view'],
    operation: 'GET /api/v2/conversations/{conversationId}',
    isNeeded: always,
  },
  {
    permissions: ['conversation:message:view'],
    alternatives: ['conversation:webmessaging:view'],
    operation: 'POST /api/v2/conversations/messages/{conversationId}/messages/bulk',
    isNeeded: always,
  },
  {
    permissions: ['quality:survey:view'],
    operation: 'GET /api/v2/quality/conversations/{conversationId}/surveys',
    isNeeded: always,
  },
  {
    // The calls for recordings are opened by the permissions for other media, too.
    permissions: ['recording:recording:view'],
    operation: 'GET /api/v2/recordings/retention/query',
    isNeeded: always,
  },
  {
    permissions: ['conversation:summary:view'],
    operation: 'GET /api/v2/conversations/{conversationId}/summaries',
    isNeeded: ({ summaries }) => summaries,
  },
  {
    permissions: ['speechAndTextAnalytics:data:view'],
    operation: 'GET /api/v2/speechandtextanalytics/conversations/{conversationId}/categories',
    isNeeded: ({ sentiment }) => sentiment,
  },
  {
    permissions: ['conversation:participant:attributesview'],
    operation: 'GET /api/v2/conversations/{conversationId}/secureattributes',
    isNeeded: ({ secureAttributes }) => secureAttributes,
  },
  {
    permissions: ['quality:evaluation:view'],
    operation: 'GET /api/v2/quality/evaluations/query',
    isNeeded: ({ evaluations }) => evaluations,
  },
  // Either of the next two opens the call, and each action requires its own.
  {
    permissions: ['recording:deletionProtection:apply'],
    operation: 'PUT /api/v2/recordings/deletionprotection?protect=true',
    isNeeded: withHold,
  },
  {
    permissions: ['recording:deletionProtection:revoke'],
    operation: 'PUT /api/v2/recordings/deletionprotection?protect=false',
    isNeeded: withHold,
  },
  {
    permissions: ['recording:job:view'],
    operation: 'GET /api/v2/recording/jobs/{jobId}',
    isNeeded: inBulk,
  },
  {
    permissions: [
      'recording:job:edit',
      'recording:recording:editRetention',
      'recording:screenRecording:editRetention',
      'recording:snippetRecording:editRetention',
    ],
    operation: 'PUT /api/v2/recording/jobs/{jobId}',
    isNeeded: inBulk,
  },
] as const satisfies readonly ProvenByCall[];
export type ProvingOperation = (typeof provenByCall)[number]['operation'];

/** Permissions that the making of a job proves, where the client may also delete jobs. */
export const viewSensitiveData = 'recording:recording:viewSensitiveData';
export const addJob = { permissions: ['recording:job:add'], isNeeded: inBulk };

/** Permissions that an export needs and no call proves. */
export const unprovable: readonly NeededPermissions[] = [
  {
    permissions: ['recording:screenRecording:view', 'recording:snippetRecording:view'],
    isNeeded: always,
  },
  {
    permissions: ['recording:recording:restore'],
    isNeeded: ({ restoreArchived }) => restoreArchived,
  },
];

/** Those of several permissions that an export needs. */
export const neededOf = (
  all: readonly NeededPermissions[],
  needs: PermissionNeeds,
): readonly string[] =>
  all.filter(({ isNeeded }) => isNeeded(needs)).flatMap(({ permissions }) => permissions);
