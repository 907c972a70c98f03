import { extname } from 'node:path';
import type { Config } from '../config/config';
import { handOverOf } from '../config/delivery';
import type { IntakeConfig } from '../config/intake';
import type { MonitorLimits } from '../core/request/alerts';
import type { PurgeLimits } from '../functions/timers/nightly';
import type { OrchestrationLimits } from '../orchestrators/activity-types';
import type {
  AuthenticationSettings,
  ExportSettings,
  IntakeSettings,
  PrivacyNotice,
  Settings,
} from '../ports/settings';
import { loginClaimOf } from './login';

/** The settings that services, export and functions work with, by topic. */
export const settingsOf = (config: Config): Settings => ({
  search: {
    years: config.search.years,
    windowDays: config.search.windowDays,
    mailboxOwners: config.search.mailboxOwners,
  },
  export: exportSettingsOf(config),
  completeness: { failuresAllowed: config.export.failuresAllowed },
  delivery: {
    ...config.delivery,
    handOver: handOverOf(config),
  },
  proof: { retentionYears: config.retention.proofYears },
  authentication: authenticationSettingsOf(config),
  portal: { callsPerMinute: config.portal.callsPerMinute },
  callbacks: { hosts: config.webhooks.kind === 'none' ? [] : config.webhooks.hosts },
  intake: intakeSettingsOf(config.intake),
  branding: {
    controllerName: config.controller.name,
    controllerContact: config.controller.contact,
    supervisoryAuthority: config.controller.supervisoryAuthority,
    portalOrigin: config.portal.origin,
    colour: config.controller.colour,
    hasLogo: config.controller.logoFile !== null,
  },
  officerLocale: config.controller.officerLocale,
  estates: config.decisions.estates,
  law: config.legalClock.law,
  legalClock: {
    timeZone: config.legalClock.timeZone,
    ...config.legalClock.holidays,
    isSuspendedByVerification: config.legalClock.isSuspendedByVerification,
  },
  decisions: {
    doubtful: config.decisions.doubtful,
    atDeadline: config.decisions.atDeadline,
    warningDays: config.legalClock.warningDays,
  },
  processing: config.controller.processing,
  notice: noticeOf(config.controller.privacyNoticeFile),
});

const intakeSettingsOf = (config: IntakeConfig): IntakeSettings | null => {
  if (config.kind === 'false') return null;
  const { kind: _chosen, ...settings } = config;
  return settings;
};

const exportSettingsOf = ({
  export: exporting,
  recordingExporter,
  redaction,
}: Config): ExportSettings => ({
  isPaused: exporting.isPaused,
  conversationsPerPage: exporting.conversationsPerPage,
  recordingExporter: recordingExporter.kind,
  audioFormat: exporting.audioFormat,
  restoreArchived: exporting.restoreArchived,
  summaries: exporting.summaries,
  sentiment: exporting.sentiment,
  secureAttributes: exporting.secureAttributes,
  evaluations: exporting.evaluations,
  deletionHold: exporting.deletionHold,
  attributes: redaction.attributes,
  grounds: {
    attributes: redaction.attributesGround,
    secureAttributes: redaction.secureAttributesGround,
    evaluations: redaction.evaluationsGround,
  },
  policy: redaction.policy,
});

const authenticationSettingsOf = ({
  stepUp,
  customerLogin,
  limits,
}: Config): AuthenticationSettings => ({
  stepUp: { offered: stepUp.methods, isSmsSufficient: stepUp.isSmsSufficient },
  loginClaim: loginClaimOf(customerLogin),
  codeLimits: {
    perNumberPerDay: limits.codesPerNumberPerDay,
    perCountryPerDay: limits.codesPerCountryPerDay,
    countries: limits.countries,
  },
});

const noticeOf = (path: string | null): PrivacyNotice | null =>
  path === null ? null : { name: `privacy-notice${extname(path).toLowerCase()}`, path };

/** Periods and widths that orchestrations work with. */
export const orchestrationLimitsOf = ({
  stepUp,
  export: exporting,
}: Config): OrchestrationLimits => ({
  verificationDays: stepUp.verificationDays,
  reminderDays: stepUp.reminderDays,
  pollSeconds: exporting.pollSeconds,
  recordingWaitMinutes: exporting.recordingWaitMinutes,
  sourceWaitHours: exporting.sourceWaitHours,
  exportConcurrency: exporting.concurrency,
});

export const monitorLimitsOf = ({ legalClock, retention }: Config): MonitorLimits => ({
  warningDays: legalClock.warningDays,
  stalledHours: retention.stalledHours,
  failedDays: retention.failedRequestDays,
});

export const purgeLimitsOf = ({ retention }: Config): PurgeLimits => ({
  failedDays: retention.failedRequestDays,
  historyDays: retention.historyDays,
  annotationRetentionDays: retention.annotationDays,
  proofRetentionYears: retention.proofYears,
});
