import { CommunicationProbe, SmtpProbe } from '../adapters/messaging/mail-probe';
import { AzureStorageProbe } from '../adapters/storage/storage-probe';
import type { Config } from '../config/config';
import type { MailProbe } from '../ports/mail-probe';
import type { StorageProbe } from '../ports/storage-probe';
import { appIdentity } from './identity';
import { secretFactoryOf } from './keys';
import { storageConnectionOf } from './storage';

/** Examines the storage that the settings name. */
export const storageProbeOf = ({ storage }: Config): StorageProbe =>
  new AzureStorageProbe(storageConnectionOf(storage, appIdentity()));

/** Examines the transport of emails that the settings name. */
export function mailProbeOf({ mail: { transport }, keys }: Config): MailProbe {
  switch (transport.kind) {
    case 'smtp':
      return new SmtpProbe(secretFactoryOf(keys, appIdentity())('SMTP_URL', transport.url));
    case 'communicationServices':
      return new CommunicationProbe(transport.services);
  }
}
