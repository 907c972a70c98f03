import type { JSX } from 'preact';
import type { Verdict } from '../../core/subject/verdicts';
import { Segmented } from '../shared/choices';
import { useWords, type Words } from '../shared/words';
import type { Choice, VerdictOf } from './conversation-choices';
import type {
  Doubtful,
  DoubtfulConversation,
  Evidence,
  RequestCalls,
  Revealed,
} from './officer-api';
import type { RequestView } from './request-view';

/** Conversations that one call reads. */
const readAtOnce = 200;

/** What the groups, the table and the totals of doubtful conversations share. */
export interface Board {
  evidence: Evidence;
  doubtful: Doubtful;
  /** Names and numbers in clear; null while they are masked. */
  revealed: Revealed | null;
  view: RequestView;
  /** What is chosen and not saved; nothing where it cannot be saved. */
  choices: readonly Choice[];
  /** All conversations; null while they are not read, or where they are too many. */
  all: readonly DoubtfulConversation[] | null;
  /** By the choices, over what is saved. */
  verdict: VerdictOf;
  isOpen: boolean;
  choose: (choice: Choice) => void;
  /** Takes back the last choice, unless it is sent already. */
  undo: () => void;
  canUndo: boolean;
  words: Words;
}

/** Every conversation that a filter lets through. */
export async function readAll(
  calls: RequestCalls,
  filter: object,
): Promise<DoubtfulConversation[]> {
  const rows: DoubtfulConversation[] = [];
  let cursor: string | undefined;
  do {
    const page = await calls.conversations({ ...filter, cursor, limit: readAtOnce });
    rows.push(...page.conversations);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return rows;
}

/** Include or leave out; nothing chosen means undecided, or that rows differ. */
export function VerdictChoice({
  label,
  chosen,
  choose,
}: {
  label: string;
  chosen: Verdict | null;
  choose: (verdict: Verdict) => void;
}): JSX.Element {
  const { t } = useWords();
  return (
    <Segmented
      label={label}
      chosen={chosen}
      choose={choose}
      choices={[
        { value: 'include', label: t('officer.doubtful.include') },
        { value: 'withhold', label: t('officer.doubtful.withhold') },
      ]}
    />
  );
}
