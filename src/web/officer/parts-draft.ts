import { noParts, type PartKind } from '../../core/subject/withheld-parts';
import type { Evidence } from './officer-api';

/** The parts that are withheld for the rights of others, as a form holds them. */
export interface Parts {
  kinds: readonly PartKind[];
  /** Ids of conversations, one a line. */
  conversations: string;
}

/** What is withheld so far. */
export function partsOf({ decision }: Pick<Evidence, 'decision'>): Parts {
  const { kinds, conversations } = decision?.rightsOfOthers ?? noParts;
  return { kinds, conversations: conversations.join('\n') };
}

/** Ids of conversations as a form has them. */
export const idsIn = (text: string): string[] => text.split(/\s+/).filter(Boolean);

/**
 * What a form has changed, over what another officer has withheld meanwhile.
 * @param form as it stands
 * @param before what was withheld when it began
 * @param now what is withheld since
 */
export function mergedParts(form: Parts, before: Parts, now: Parts): Parts {
  const merged = <T>(mine: readonly T[], was: readonly T[], is: readonly T[]): T[] => [
    ...is.filter((one) => mine.includes(one) || !was.includes(one)),
    ...mine.filter((one) => !is.includes(one) && !was.includes(one)),
  ];
  return {
    kinds: merged(form.kinds, before.kinds, now.kinds),
    conversations: merged(
      idsIn(form.conversations),
      idsIn(before.conversations),
      idsIn(now.conversations),
    ).join('\n'),
  };
}
