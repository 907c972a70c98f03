import { controller } from './controller';
import { customerLogin } from './customer-login';
import { decisions } from './decisions';
import { delivery } from './delivery';
import { exporting } from './export';
import { genesys } from './genesys';
import { intake } from './intake';
import { keys } from './keys';
import { legalClock } from './legal-clock';
import { limits } from './limits';
import { mail } from './mail';
import { officers } from './officers';
import { portal } from './portal';
import { recordingExporter } from './recording-exporter';
import { redaction } from './redaction';
import { clock } from './rehearsal';
import { retention } from './retention';
import { search } from './search';
import type { ValueOf } from './setting';
import { stepUp } from './step-up';
import { storage } from './storage';
import { telemetry } from './telemetry';
import { textMessages } from './text-messages';
import { webhooks } from './webhooks';

/** Every topic of the configuration, in the order of docs/settings.md. */
export const topics = {
  genesys,
  storage,
  keys,
  portal,
  controller,
  legalClock,
  decisions,
  mail,
  textMessages,
  limits,
  stepUp,
  customerLogin,
  officers,
  webhooks,
  intake,
  search,
  recordingExporter,
  export: exporting,
  redaction,
  delivery,
  retention,
  telemetry,
  clock,
} as const;

/** The settings of the app by topic. What cannot be set together cannot be written together. */
export type Config = { readonly [K in keyof typeof topics]: ValueOf<(typeof topics)[K]> };
