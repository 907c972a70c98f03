import { partManifestsOf } from '../core/package/blob-names';
import type { Item } from '../core/package/items';
import type { PageConversation } from '../core/package/page';
import type { KnownPeople } from '../core/redaction/people/known';
import { ownNumbers } from '../core/redaction/own-numbers';
import {
  looksIntoSound,
  notExaminedPlan,
  wholePlan,
  type SoundPlan,
  type SoundPlans,
} from '../core/redaction/spoken';
import type { SubjectIdentifiers } from '../core/subject/contact';
import type { ScratchStore } from '../ports';
import { readScratch, type ScratchOwner } from '../services/scratch';
import { mediaOf } from './recordings';
import { sanitiserFor, type SanitiserServices } from './sanitiser';
import { plansSound } from './sound';
import { readSoundPlans, type TextServices } from './texts';

/** What finding the plans of recordings uses. */
export type SoundPlanServices = SanitiserServices &
  TextServices & { scratch: Pick<ScratchStore, 'list' | 'read'> };

interface WantedPlans {
  page: number;
  /** What the transcripts of this pass and of earlier ones have told. */
  known: SoundPlans;
  pending: readonly Item[];
  /** A conversation of the page by its number. */
  entryOf: (number: number) => Promise<PageConversation | undefined>;
  /** Everybody who is known from a conversation. */
  peopleOf: (entry: PageConversation) => Promise<KnownPeople>;
}

/**
 * What becomes of the sound of recordings, by what was masked in their transcripts. What is not known is
 * looked for in the manifests of the page, and read once more where none says it, as for a page that an
 * earlier version of the app has begun.
 */
export async function soundPlansOf(
  services: SoundPlanServices,
  owner: ScratchOwner & { subject: SubjectIdentifiers },
  { page, known, pending, entryOf, peopleOf }: WantedPlans,
): Promise<(item: Item) => SoundPlan> {
  const { policy } = services.settings.export;
  const calls = pending.filter((item) => mediaOf(item) === 'audio');
  const others = looksIntoSound(policy) ? notExaminedPlan : wholePlan;
  const plans = { ...known };
  const isMissing = ({ sourceId }: Item): boolean => !((sourceId ?? '') in plans);
  if (plansSound(policy)) {
    if (calls.some(isMissing)) Object.assign(plans, await storedPlans(services, owner, page));
    for (const number of new Set(calls.filter(isMissing).map((item) => item.conversation))) {
      const entry = await entryOf(number);
      if (entry === undefined) continue;
      const own = ownNumbers(owner.subject);
      const people = await peopleOf(entry);
      const sanitiser = sanitiserFor(services, owner.record.requestId, { own, people });
      Object.assign(plans, await readSoundPlans({ services, entry, recordings: [], sanitiser }));
    }
  }
  return (item) => {
    switch (mediaOf(item)) {
      case 'audio': {
        const plan = plansSound(policy) ? plans[item.sourceId ?? ''] : wholePlan;
        return plan === undefined || plan.kind === 'notExamined' ? others : plan;
      }
      case 'screen':
      case 'other':
        return others;
      default:
        return wholePlan;
    }
  };
}

/** What the parts of a page that are written say. */
async function storedPlans(
  services: SoundPlanServices,
  owner: ScratchOwner,
  page: number,
): Promise<SoundPlans> {
  const plans: SoundPlans = {};
  for (const ref of await services.scratch.list(owner.record.requestId, partManifestsOf(page)))
    Object.assign(plans, (await readScratch(services, owner, ref)).sound);
  return plans;
}
