import type { Item, ItemKind, ItemReason } from './items';
import { patternName } from '../redaction/redactions';

/** On which ground something of a person's data is withheld or masked. */
export const grounds = [
  'rightsOfOthers',
  'paymentCards',
  'secrets',
  'sourceSecurity',
  'notProven',
  'notPersonal',
  'onRequest',
] as const;
export type Ground = (typeof grounds)[number];

/**
 * Grounds that a company can choose for what it leaves out altogether. `onRequest` is none to refuse: the
 * person gets it when they ask.
 */
export const chosenGrounds = [
  'rightsOfOthers',
  'secrets',
  'sourceSecurity',
  'notPersonal',
  'onRequest',
] as const satisfies readonly Ground[];
export type ChosenGround = (typeof chosenGrounds)[number];

/** The ground of each reason for which an item is withheld. */
const ofReasons: Partial<Record<ItemReason, Ground>> = {
  otherContact: 'rightsOfOthers',
  beforeContact: 'rightsOfOthers',
  sharedIdentifier: 'rightsOfOthers',
  notDecided: 'rightsOfOthers',
  notDecidedInTime: 'rightsOfOthers',
  transcriptInstead: 'rightsOfOthers',
  voicesInOneChannel: 'rightsOfOthers',
  attachmentWithheld: 'rightsOfOthers',
  maskedInSound: 'rightsOfOthers',
  soundNotMutable: 'rightsOfOthers',
  passageNotFound: 'rightsOfOthers',
  customerChannelUnknown: 'rightsOfOthers',
  rightsOfOthers: 'rightsOfOthers',
  notVerified: 'notProven',
  voicemailNotReadable: 'sourceSecurity',
};

/** The ground for which an item is withheld; null for one that is missing for another reason. */
export const groundOf = ({
  status,
  reason,
}: Pick<Item, 'status'> & { reason: string | null }): Ground | null =>
  status === 'withheld' ? (ofReasons[reason as ItemReason] ?? 'rightsOfOthers') : null;

/** The ground for which a text was masked. @param reason code of the redaction */
export function groundOfMasking(reason: string): Ground {
  if (reason === 'cardNumber') return 'paymentCards';
  return patternName(reason) === null ? 'rightsOfOthers' : 'secrets';
}

/** Data that a company leaves out altogether, whatever the request. */
export const leftOutData = ['summaries', 'sentiment', 'secureAttributes', 'evaluations'] as const;
export type LeftOut = (typeof leftOutData)[number];

/** What is withheld or masked: items of a kind, passages of texts, attributes, or data left out. */
export type Grounded = ItemKind | 'texts' | 'attributes' | LeftOut;

/** Collects what is withheld or masked by its ground, in the order of the grounds, each once. */
export class GroundList {
  private readonly things = new Map<Ground, Set<Grounded>>();

  add(ground: Ground | null, thing: Grounded): void {
    if (ground === null) return;
    this.things.set(ground, (this.things.get(ground) ?? new Set()).add(thing));
  }

  get all(): { ground: Ground; what: Grounded[] }[] {
    return grounds.flatMap((ground) => {
      const what = this.things.get(ground);
      return what === undefined ? [] : [{ ground, what: [...what] }];
    });
  }
}
