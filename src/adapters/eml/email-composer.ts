import type { EmailComposer } from '../../ports/email-composer';
import { composeEml } from './compose-eml';
import { maskEml } from './mask-eml';

/** Composes and masks message files in memory. */
export const emlComposer: EmailComposer = { compose: composeEml, mask: maskEml };
