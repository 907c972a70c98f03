import type { Activities } from '../orchestrators/activity-types';
import { createAdvanceSearches, type AdvanceSearchesServices } from './advance-searches';
import { createAnnounce, type AnnounceServices } from './announce';
import { createBeginExportAttempt, type BeginExportAttemptServices } from './begin-export-attempt';
import { createCleanUp, type CleanUpServices } from './clean-up';
import { createCommitPackage, type CommitPackageServices } from './commit-package';
import { createExportPage, type ExportPageServices } from './export-page';
import { createExportPerson, type ExportPersonServices } from './export-person';
import { createFindDoubtful, type FindDoubtfulServices } from './find-doubtful';
import { createGatherEvidence, type GatherEvidenceServices } from './gather-evidence';
import { createInvite, type InviteServices } from './invite';
import { createMoveRequest, type MoveRequestServices } from './move-request';
import { createPlanPages, type PlanPagesServices } from './plan-pages';
import { createPlanSearches, type PlanSearchesServices } from './plan-searches';
import { createProbeSource, type ProbeSourceServices } from './probe-source';
import { createReadRequest, type ReadRequestServices } from './read-request';
import { createReconcile, type ReconcileServices } from './reconcile';
import { createRelease, type ReleaseServices } from './release';
import { createRemindOfExpiry, type RemindOfExpiryServices } from './remind-of-expiry';
import { createRemindOfficer, type RemindOfficerServices } from './remind-officer';
import { createRemindPerson, type RemindPersonServices } from './remind-person';
import { createResolveContact, type ResolveContactServices } from './resolve-contact';
import { createSendEndNotice, type SendEndNoticeServices } from './send-end-notice';
import { createSendWebhooks, type SendWebhooksServices } from './send-webhooks';
import { createVerifyPackage, type VerifyPackageServices } from './verify-package';
import {
  createWritePackageMetadata,
  type WritePackageMetadataServices,
} from './write-package-metadata';

/** What all activities use. */
export type ActivitiesServices = ResolveContactServices &
  InviteServices &
  RemindPersonServices &
  SendEndNoticeServices &
  ReadRequestServices &
  MoveRequestServices &
  RemindOfficerServices &
  RemindOfExpiryServices &
  BeginExportAttemptServices &
  PlanSearchesServices &
  AdvanceSearchesServices &
  GatherEvidenceServices &
  ProbeSourceServices &
  FindDoubtfulServices &
  PlanPagesServices &
  ExportPageServices &
  ExportPersonServices &
  WritePackageMetadataServices &
  ReconcileServices &
  CommitPackageServices &
  VerifyPackageServices &
  ReleaseServices &
  AnnounceServices &
  CleanUpServices &
  SendWebhooksServices;

/** Every activity, over the adapters that it is given. */
export const createActivities = (services: ActivitiesServices): Activities => ({
  resolveContact: createResolveContact(services),
  invite: createInvite(services),
  remindPerson: createRemindPerson(services),
  sendEndNotice: createSendEndNotice(services),
  remindOfExpiry: createRemindOfExpiry(services),
  readRequest: createReadRequest(services),
  moveRequest: createMoveRequest(services),
  remindOfficer: createRemindOfficer(services),
  beginExportAttempt: createBeginExportAttempt(services),
  planSearches: createPlanSearches(services),
  advanceSearches: createAdvanceSearches(services),
  findDoubtful: createFindDoubtful(services),
  gatherEvidence: createGatherEvidence(services),
  planPages: createPlanPages(services),
  exportPage: createExportPage(services),
  exportPerson: createExportPerson(services),
  probeSource: createProbeSource(services),
  reconcile: createReconcile(services),
  writePackageMetadata: createWritePackageMetadata(services),
  commitPackage: createCommitPackage(services),
  verifyPackage: createVerifyPackage(services),
  release: createRelease(services),
  announce: createAnnounce(services),
  cleanUp: createCleanUp(services),
  sendWebhooks: createSendWebhooks(services),
});
