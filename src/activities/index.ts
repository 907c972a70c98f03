import type { Activities } from '../orchestrators/activity-types';
import { createBeginExportAttempt } from './begin-export-attempt';
import { createCleanUp } from './clean-up';
import { createSendWebhooks } from './send-webhooks';
import type { Environment } from '../services/environment';
import { createExportPage } from './export-page';
import { createExportPerson } from './export-person';
import { createCommitPackage, createRelease, createVerifyPackage } from './finish-package';
import { createAnnounce, createInvite, createRemindOfficer, createRemindPerson } from './invite';
import { createSendRefusalNotice } from '../services/statutory-notices';
import { createPlanPages } from './plan-pages';
import { createProbeSource } from './probe-source';
import { createMoveRequest, createReadRequest, createReconcile } from './request-state';
import { createResolveContact } from './resolve-contact';
import { createAdvanceSearches, createPlanSearches } from './searches';
import { createWritePackageMetadata } from './write-package-metadata';

/** Every activity, over the adapters that it is given. */
export const createActivities = (env: Environment): Activities => ({
  resolveContact: createResolveContact(env),
  invite: createInvite(env),
  remindPerson: createRemindPerson(env),
  sendRefusalNotice: createSendRefusalNotice(env),
  readRequest: createReadRequest(env),
  moveRequest: createMoveRequest(env),
  remindOfficer: createRemindOfficer(env),
  beginExportAttempt: createBeginExportAttempt(env),
  planSearches: createPlanSearches(env),
  advanceSearches: createAdvanceSearches(env),
  planPages: createPlanPages(env),
  exportPage: createExportPage(env),
  exportPerson: createExportPerson(env),
  probeSource: createProbeSource(env),
  reconcile: createReconcile(env),
  writePackageMetadata: createWritePackageMetadata(env),
  commitPackage: createCommitPackage(env),
  verifyPackage: createVerifyPackage(env),
  release: createRelease(env),
  announce: createAnnounce(env),
  cleanUp: createCleanUp(env),
  sendWebhooks: createSendWebhooks(env),
});
