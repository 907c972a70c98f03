import type { Generated } from '../../local/genesys/generate';
import type { OrgConversation } from '../../local/genesys/organisation';
import { outside } from './outside-jest';

/** Seconds of the longest recording: media of minutes passes the same code for longer. */
const longestRecording = 12;

/** Makes long recordings short, with the times of their transcripts in proportion. */
export function withShortRecordings(generated: Generated, longest = longestRecording): Generated {
  for (const { recordings } of generated.organisation.conversations)
    for (const recording of recordings) {
      const share = longest / recording.seconds;
      if (share >= 1) continue;
      recording.seconds = longest;
      for (const turn of recording.transcript ?? [])
        turn.at = Math.round(turn.at * share * 10) / 10;
    }
  return generated;
}

/** An organisation whose conversations are spread over as many years as can be searched. */
export const organisationOf = (conversations: number, seed = 7, years = 1): Generated =>
  withShortRecordings(
    outside.generate.generateOrganisation({
      seed,
      conversations,
      now: new Date(),
      years: Math.min(years, 5),
    }),
  );

/** The subject's conversations that the source can find today. */
export function foundOf({ organisation, subject }: Generated): OrgConversation[] {
  const { isWithinReach } = outside.organisation;
  return organisation.conversations.filter(
    (conversation) =>
      conversation.ownerId === subject.id && isWithinReach(conversation, new Date()),
  );
}
