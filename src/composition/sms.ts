import { CommunicationTexter } from '../adapters/messaging/communication-services';
import { GatewayTexter, type Texter } from '../adapters/messaging/notifier';
import type { TextMessagesConfig } from '../config/text-messages';

export function texterOf(config: TextMessagesConfig): Texter {
  switch (config.kind) {
    case 'gateway':
      return new GatewayTexter(config.url);
    case 'communicationServices':
      return new CommunicationTexter(config.services, config.from);
  }
}
