import { z } from 'zod';
import { searchPurposes } from '../core/genesys/search-purpose';
import { endStates, requestStates } from '../core/request/states';
import type { ActivityInput, ActivityName } from '../orchestrators/activity-types';

const requestId = z.string().min(1);
const number = z.int().min(1);
const purpose = z.enum(searchPurposes).exactOptional();
const ofRequest = z.strictObject({ requestId });

/** Inputs of all activities. They pass through the task hub, so they are decoded before they are used. */
export const activityInputs: { [N in ActivityName]: z.ZodType<ActivityInput<N>> } = {
  resolveContact: ofRequest,
  invite: ofRequest,
  remindPerson: ofRequest,
  sendEndNotice: z.strictObject({
    requestId,
    end: z.enum(endStates),
    mail: z.enum(['try', 'skip']),
  }),
  remindOfExpiry: ofRequest,
  readRequest: ofRequest,
  moveRequest: z.strictObject({
    requestId,
    to: z.enum(requestStates),
    reason: z.string().exactOptional(),
  }),
  remindOfficer: ofRequest,
  // An orchestration of a version before this one names no call.
  beginExportAttempt: z.strictObject({ requestId, call: z.string().exactOptional() }),
  planSearches: z.strictObject({ requestId, purpose }),
  advanceSearches: z.strictObject({ requestId, group: number, purpose }),
  gatherEvidence: ofRequest,
  findDoubtful: ofRequest,
  planPages: ofRequest,
  exportPage: z.strictObject({
    requestId,
    page: number,
    attempt: number,
    pass: number,
    isLast: z.boolean(),
  }),
  exportPerson: ofRequest,
  probeSource: ofRequest,
  reconcile: ofRequest,
  writePackageMetadata: ofRequest,
  commitPackage: ofRequest,
  verifyPackage: z.strictObject({ requestId, from: z.int().min(0) }),
  release: ofRequest,
  announce: ofRequest,
  cleanUp: ofRequest,
  sendWebhooks: ofRequest,
};
