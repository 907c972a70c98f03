import { isAllowedCallback } from '../core/api/webhooks';
import { isLoopback } from '../core/loopback';
import type { OfficersConfig } from './officers';
import type { SettingsSource } from './source';
import type { Config } from './topics';

/**
 * A rule between topics. Topics that could not be read are absent: a rule about them is kept.
 * @returns the problem, which names settings and no values; null when the rule is kept
 */
export type Rule = (config: Partial<Config>, source: SettingsSource) => string | null;

/** Whether the portal is known to be reachable from other machines. */
const isPublic = ({ portal }: Partial<Config>): boolean =>
  portal !== undefined && !isLoopback(portal.origin);

/** Whether officers need more than one factor, or the operator has said why they do not. */
const asksForStrength = ({
  acr,
  amr,
  context,
  oneFactorReason,
}: Extract<OfficersConfig, { kind: 'directory' }>): boolean =>
  acr.length + amr.length > 0 || context !== null || oneFactorReason !== null;

export const rules: readonly Rule[] = [
  (_config, source) =>
    source.isSet('FORGET_AFTER_DAYS')
      ? 'FORGET_AFTER_DAYS is no setting any more: set PROOF_RETENTION_YEARS, in years, and remove it'
      : null,

  ({ legalClock, retention }) =>
    legalClock?.law === 'ccpa' && retention !== undefined && retention.proofYears < 2
      ? 'PROOF_RETENTION_YEARS must be at least 2 where PRIVACY_LAW is ccpa'
      : null,

  (config) =>
    config.keys?.kind === 'file' && isPublic(config)
      ? 'LOCAL_KEY_FILE is for a portal on loopback only: set KEY_VAULT_URL'
      : null,

  (config) =>
    config.clock?.kind === 'moved' && isPublic(config)
      ? 'CLOCK_OFFSET_FILE is for rehearsals on loopback only'
      : null,

  (config) =>
    config.storage?.kind === 'emulator' && config.storage.logFile !== null && isPublic(config)
      ? 'STORAGE_LOG_FILE is for the emulator on loopback only'
      : null,

  (config) =>
    config.controller?.processing === null && isPublic(config)
      ? 'PROCESSING_FILE is not set, which a portal that is not on loopback needs (Art. 15(1) and (2) GDPR)'
      : null,

  ...[
    'PARTICIPANT_ATTRIBUTES',
    'PARTICIPANT_ATTRIBUTES_GROUND',
    'SECURE_ATTRIBUTES_GROUND',
    'EVALUATIONS_GROUND',
  ].map(
    (name): Rule =>
      (config, source) =>
        isPublic(config) && !source.isSet(name)
          ? `${name} is not set, which a portal that is not on loopback needs: say what is left out, and why`
          : null,
  ),

  (config) =>
    config.officers?.kind === 'directory' && isPublic(config) && !asksForStrength(config.officers)
      ? 'OFFICER_AUTHENTICATION_CONTEXT is not set, nor is OFFICER_ACR or OFFICER_AMR: one of them says how strong a sign-in of officers must be, or OFFICER_ONE_FACTOR_REASON why one factor is enough'
      : null,

  (config) =>
    config.delivery?.handOver === 'oneOfficer' &&
    config.delivery.oneOfficerReason === null &&
    isPublic(config)
      ? 'HAND_OVER_BY_ONE_REASON is not set: it says why HAND_OVER_BY is oneOfficer'
      : null,

  ({ mail, textMessages }, source) =>
    source.isSet('COMMUNICATION_SERVICES') &&
    mail?.transport.kind === 'smtp' &&
    textMessages?.kind === 'gateway'
      ? 'COMMUNICATION_SERVICES has no effect beside SMTP_URL and SMS_GATEWAY_URL'
      : null,

  ({ stepUp, customerLogin }) =>
    stepUp?.methods.includes('oidc') === true && customerLogin?.kind === 'none'
      ? 'CUSTOMER_LOGIN_ISSUER is not set, which STEP_UP_METHODS with oidc needs'
      : null,

  ({ intake, webhooks }) =>
    intake?.kind === 'true' &&
    webhooks !== undefined &&
    !(webhooks.kind === 'signed' && isAllowedCallback(intake.webhook, webhooks.hosts))
      ? 'INTAKE_WEBHOOK_URL must be at a host of WEBHOOK_HOSTS, and WEBHOOK_SECRET be set'
      : null,

  ({ redaction, recordingExporter }) =>
    redaction?.policy.callAudio === 'customerChannel' &&
    recordingExporter !== undefined &&
    recordingExporter.kind !== 'formatted'
      ? 'RECORDING_EXPORTER must be formatted where REDACTION_POLICY_FILE asks for the customer channel'
      : null,

  ({ genesys, recordingExporter }) =>
    recordingExporter?.kind === 'bulkS3' &&
    genesys?.additionalOrganisations.some((one) => one.exportIntegrationId === null) === true
      ? 'GENESYS_ADDITIONAL_ORGANISATIONS must have an exportIntegrationId for each organisation where RECORDING_EXPORTER is bulkS3'
      : null,
];
