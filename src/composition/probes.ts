import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { communicationSelectors, DnsMailDomain } from '../adapters/messaging/mail-domain';
import { CommunicationProbe, SmtpProbe } from '../adapters/messaging/mail-probe';
import { AzureQueueProbe, type TaskHub } from '../adapters/storage/queue-probe';
import { AzureStorageProbe } from '../adapters/storage/storage-probe';
import { appFolder } from '../app-folder';
import type { Config } from '../config/config';
import type { MailDomainProbe } from '../ports/mail-domain-probe';
import type { MailProbe } from '../ports/mail-probe';
import type { QueueProbe } from '../ports/queue-probe';
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

/** Looks up the records of a sender's domain. A mail server of one's own has keys under names that nobody tells the app. */
export const mailDomainProbeOf = ({ mail: { transport } }: Config): MailDomainProbe =>
  new DnsMailDomain(transport.kind === 'communicationServices' ? communicationSelectors : []);

/** Settings of the Functions host, by which it finds its task hub. */
type HostSettings = Readonly<Record<string, string | undefined>>;

/**
 * Examines the queues of the task hub, where it is reached by the app's identity. By a connection string it is one of this
 * machine, and the Durable Task Scheduler has no queues.
 */
export function queueProbeOf(settings: HostSettings): QueueProbe | null {
  const queueUrl = settings['AzureWebJobsStorage__queueServiceUri'];
  if (!queueUrl || settings['DURABLE_TASK_SCHEDULER_CONNECTION_STRING']) return null;
  return new AzureQueueProbe({ queueUrl, credential: appIdentity() }, () => taskHubOf(settings));
}

/** The task hub of host.json; its name may stand in a setting, as docs/disaster.md has it. */
export function taskHubOf(settings: HostSettings): TaskHub {
  const hostJson = JSON.parse(readFileSync(join(appFolder, '../host.json'), 'utf8')) as {
    extensions: {
      durableTask: { hubName: string; storageProvider: { partitionCount: number } };
    };
  };
  const { hubName, storageProvider } = hostJson.extensions.durableTask;
  const renamed = settings['AzureFunctionsJobHost__extensions__durableTask__hubName'];
  return { name: renamed || hubName, partitions: storageProvider.partitionCount };
}
