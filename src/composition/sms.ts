import { CommunicationTexter } from '../adapters/messaging/communication-services';
import { GatewayTexter, type Texter } from '../adapters/messaging/notifier';
import type { TextMessagesConfig } from '../config/text-messages';
import type { AppIdentity } from './identity';

/** @param identity of the app, where the settings name no secret */
export function texterOf(config: TextMessagesConfig, identity: AppIdentity): Texter {
  switch (config.kind) {
    case 'gateway':
      return new GatewayTexter(config.url);
    case 'communicationServices':
      return new CommunicationTexter({ services: config.services, identity }, config.from);
  }
}
