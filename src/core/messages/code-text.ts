import type { Translator } from '../i18n/translator';
import type { Branding } from './branding';

/** Text message with a one-time code. */
export const codeText = (translator: Translator, branding: Branding, code: string): string =>
  translator.t('messages.code', { code, controller: branding.controllerName });
