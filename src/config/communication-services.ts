import { z } from 'zod';
import { required, shared } from './setting';

/** Azure Communication Services, for emails and text messages. */
export const communicationServices = shared(
  required('COMMUNICATION_SERVICES', z.string().min(8), {
    description:
      "Azure Communication Services: the endpoint, reached by the app's identity, or a connection string.",
    example: 'https://privacy-messages.europe.communication.azure.com',
  }),
);
