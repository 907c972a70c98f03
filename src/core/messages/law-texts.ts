import type { Translator } from '../i18n/translator';
import type { Law } from '../request/legal-clock';

/**
 * Words messages by a law: a text that cites articles or authorities has a variant below `laws` of the
 * language for each law but the GDPR, whose texts are the general ones.
 */
export function wordedBy(law: Law, general: Translator): Translator {
  const pathIn = (path: string): string => {
    const own = `laws.${law}.${path}`;
    return general.has(own) ? own : path;
  };
  return {
    tag: general.tag,
    has: (path) => general.has(path),
    t: (path, values) => general.t(pathIn(path), values),
  };
}
