import { alternatives } from './combine';
import { communicationServices } from './communication-services';
import { httpsOrLoopback, text } from './formats';
import { required, type ValueOf } from './setting';
import { topic } from './topic';

export const textMessages = topic(
  'Text messages',
  'How text messages are sent: by an HTTP gateway, or by Azure Communication Services.',
  alternatives({
    gateway: {
      url: required('SMS_GATEWAY_URL', httpsOrLoopback, {
        description:
          'Gateway that takes `POST {"to": "+49…", "text": "…"}` with an `Idempotency-Key`; 400 and 422 refuse a number permanently. https, except on loopback.',
        example: 'https://sms.shop.example/messages',
        local: 'http://127.0.0.1:8025/sms',
      }),
    },
    communicationServices: {
      from: required('SMS_FROM', text, {
        description: 'Number or name that text messages come from.',
        example: '+4930123456',
      }),
      services: communicationServices,
    },
  }),
);

export type TextMessagesConfig = ValueOf<typeof textMessages>;
