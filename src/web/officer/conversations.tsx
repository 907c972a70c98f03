import { useSignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Answers } from '../../core/api/bodies';
import type { Verdict } from '../../core/subject/verdicts';
import { PartsBar } from '../shared/bars';
import { Button } from '../shared/button';
import { say } from '../shared/live';
import { useWords } from '../shared/words';
import {
  callsOf,
  changedIn,
  commonVerdict,
  differingRows,
  lastChoice,
  rowsByGroup,
  savedAnswersOf,
  savedTally,
  tallyOf,
  verdictBy,
  type Choice,
  type Tally,
} from './conversation-choices';
import { readAll, VerdictChoice, type Board } from './conversation-board';
import { ConversationTable } from './conversation-table';
import { KeepButton, SaveBar, useSaving } from './decision-bar';
import { identifierLabel, otherContactName } from './evidence-words';
import type { Doubtful, DoubtfulConversation, Evidence, Revealed } from './officer-api';
import { useResource } from './resource';
import type { RequestView } from './request-view';
import { sentence } from './request-words';
import { saveAnswers } from './save-decision';
import { missingFrom, type Missing } from './save-problem';

/** Conversations that are read besides those on the page, so that every total can be said exactly. */
const countedExactly = 2000;

interface Props {
  evidence: Evidence;
  doubtful: Doubtful;
  view: RequestView;
  isOpen: boolean;
  savedAt: string | null;
  /** Shows what is decided, once it is saved. */
  saved: () => Promise<void>;
  /** Leaves everything as it was decided; null where a decision is waited for. */
  keep: (() => void) | null;
  revealed: Revealed | null;
}

/** Decides on conversations that may be somebody else's: by identifier, by contact, by selection and by row. */
export function Conversations({
  evidence,
  doubtful,
  view,
  isOpen,
  savedAt,
  saved,
  keep,
  revealed,
}: Props): JSX.Element {
  const words = useWords();
  const { t } = words;
  const { choices: chosen } = view.begun;
  // Choices that a save has sent, until the page shows what is saved.
  const sent = useSignal<readonly Choice[]>([]);
  const canUndo = (): boolean => {
    const last = chosen.value.at(-1);
    return last !== undefined && !sent.value.includes(last);
  };
  const all = useAll(view, doubtful);
  const savedAnswers = savedAnswersOf(evidence);
  // What is not saved counts only where it can be.
  const choices = isOpen ? chosen.value : [];
  const board: Board = {
    ...{ evidence, doubtful, revealed, view, choices, all, words, isOpen },
    verdict: verdictBy(choices, savedAnswers),
    choose: (choice) => {
      const rows = all ?? [];
      const before = { rows, verdict: verdictBy(chosen.value, savedAnswers) };
      chosen.value = [...chosen.value, choice];
      const verdict = verdictBy(chosen.value, savedAnswers);
      const changed = changedIn(before, verdict);
      const differing = differingRows(choice, chosen.value, { rows, verdict }).length;
      say(
        [
          changed > 0
            ? t('officer.doubtful.overruled', { count: changed })
            : t(`officer.doubtful.chosen.${choice.verdict}`),
          ...(differing > 0 ? [sentence(t('officer.doubtful.differ', { count: differing }))] : []),
        ].join(' '),
      );
    },
    canUndo: canUndo(),
    undo: () => {
      if (!canUndo()) return;
      chosen.value = chosen.value.slice(0, -1);
      say(t('officer.doubtful.undone'));
    },
  };
  return (
    <section class="doubtful" aria-labelledby="doubtful">
      <Head board={board} />
      <div class="columns groups-first">
        <Groups board={board} />
        <ConversationTable board={board} />
      </div>
      {board.isOpen && <Save {...{ board, sent, savedAt, saved, keep }} />}
    </section>
  );
}

/** Reads all conversations, where they are not too many. */
function useAll(
  { calls, again }: RequestView,
  { total }: Doubtful,
): readonly DoubtfulConversation[] | null {
  const isCounted = total <= countedExactly;
  const { data, problem } = useResource<readonly DoubtfulConversation[] | null>(
    String(isCounted),
    () => (isCounted ? readAll(calls, {}) : Promise.resolve(null)),
    again,
  );
  // The totals that are saved are shown where not all can be read.
  return problem === null ? data : null;
}

/** How all are decided, with what is chosen and not saved where that can be counted. */
function tallyOfAll({ doubtful, all, verdict }: Board): Tally {
  return all === null ? savedTally(doubtful) : tallyOf({ rows: all, verdict });
}

function Head({ board }: { board: Board }): JSX.Element {
  const { doubtful, all, choices, view, words } = board;
  const { t, number } = words;
  const { included, withheld, undecided } = tallyOfAll(board);
  const { foundConversations } = view.summary;
  const title = isSettled(board)
    ? 'settledTitle'
    : foundConversations === null
      ? 'title'
      : 'titleOf';
  const legend = [
    { tone: 'accent', count: included, key: 'included' },
    { tone: 'edge', count: withheld, key: 'withheld' },
    { tone: 'warn', count: undecided, key: 'undecided' },
  ] as const;
  return (
    <header class="part-head">
      <div>
        <h2 id="doubtful" tabIndex={-1}>
          {t(`officer.doubtful.${title}`, {
            count: doubtful.total,
            all: foundConversations ?? 0,
          })}
        </h2>
        <p class="lead">{t('officer.doubtful.lead')}</p>
      </div>
      <div class="totals">
        <PartsBar parts={legend.map(({ tone, count }) => ({ tone, value: count }))} />
        <ul class="legend">
          {legend.map(({ tone, count, key }) => (
            <li key={key}>
              <span class={`swatch ${tone}`} />
              <strong>{number(count)}</strong> {t(`officer.doubtful.totals.${key}`, { count })}
            </li>
          ))}
        </ul>
        {all === null && choices.length > 0 && (
          <p class="secondary">{t('officer.doubtful.countedLater')}</p>
        )}
      </div>
    </header>
  );
}

/** Whether nobody has to decide any more: on none of them, or on none that is left. */
const isSettled = ({ isOpen, doubtful, evidence }: Board): boolean =>
  !isOpen && (doubtful.undecided === 0 || evidence.decision?.undecided === 'withhold');

/** Groups of conversations that one choice decides on. */
function Groups({ board }: { board: Board }): JSX.Element {
  const { evidence, doubtful, revealed, words } = board;
  const { t } = words;
  const heads = board.isOpen ? 'decideBy' : 'by';
  const rowsOf = useMemo(() => rowsByGroup(board.all ?? []), [board.all]);
  const byIdentifier = doubtful.byIdentifier.filter(({ total }) => total > 0);
  const nameOf = (number: number): string => {
    const found = evidence.identifiers.find((one) => one.number === number);
    return found ? identifierLabel(found, { evidence, words, revealed }) : String(number);
  };
  return (
    <div class="groups">
      {byIdentifier.length > 0 && (
        <section class="card" aria-labelledby="by-identifier">
          <h3 id="by-identifier">{t(`officer.doubtful.${heads}.identifier`)}</h3>
          <p class="secondary">{t('officer.doubtful.byIdentifierHint')}</p>
          {byIdentifier.map(({ identifier, total, undecided }) => (
            <Group
              key={identifier}
              {...{ board, rowsOf, total, undecided }}
              name={nameOf(identifier)}
              choiceOf={(verdict) => ({ by: 'identifier', identifier, verdict })}
            />
          ))}
        </section>
      )}
      {doubtful.byContact.length > 0 && (
        <section class="card" aria-labelledby="by-contact">
          <h3 id="by-contact">{t(`officer.doubtful.${heads}.contact`)}</h3>
          <p class="secondary">{t('officer.doubtful.byContactHint')}</p>
          {doubtful.byContact.map(({ contactId, total, undecided }) => (
            <Group
              key={contactId}
              {...{ board, rowsOf, total, undecided }}
              name={otherContactName(board, contactId)}
              choiceOf={(verdict) => ({ by: 'contact', contactId, verdict })}
            />
          ))}
        </section>
      )}
    </div>
  );
}

interface GroupProps {
  board: Board;
  /** Of all conversations, those of a group. */
  rowsOf: ReturnType<typeof rowsByGroup>;
  name: string;
  total: number;
  undecided: number;
  choiceOf: (verdict: Verdict) => Choice;
}

function Group({ board, rowsOf, name, total, undecided, choiceOf }: GroupProps): JSX.Element {
  const { all, choices, verdict, isOpen, choose, words } = board;
  const { t, number } = words;
  const probe = choiceOf('include');
  const rows = all && rowsOf(probe);
  const tally = rows === null ? null : tallyOf({ rows, verdict });
  const common = tally && commonVerdict(tally);
  const last = lastChoice(probe, choices);
  const chosen = tally === null ? last : common;
  // Rows that were decided one by one, which a choice for the group leaves as they are.
  const differing = differingRows(probe, choices, { rows: rows ?? [], verdict });
  return (
    <div class="group-of">
      <p>
        <strong>{name}</strong> <span class="number">{number(total)}</span>
      </p>
      {tally !== null && (
        <PartsBar
          parts={[
            { tone: 'accent', value: tally.included },
            { tone: 'edge', value: tally.withheld },
            { tone: 'warn', value: tally.undecided },
          ]}
        />
      )}
      <p class="secondary">
        {differing.length > 0
          ? t('officer.doubtful.differ', { count: differing.length })
          : t('officer.doubtful.undecidedOf', { count: tally?.undecided ?? undecided })}
        {isOpen && last !== null && differing.length > 0 && (
          <Button kind="quiet" run={() => choose({ by: 'rows', rows: differing, verdict: last })}>
            {t('officer.doubtful.changeThese', { count: differing.length })}
          </Button>
        )}
      </p>
      {isOpen && (
        <VerdictChoice
          label={t('officer.doubtful.decideGroup', { group: name })}
          chosen={chosen}
          choose={(value) => choose(choiceOf(value))}
        />
      )}
    </div>
  );
}

/** What becomes of those that are still undecided: they wait, or are left out. */
type Aim = 'later' | 'now';

interface SaveProps {
  board: Board;
  /** Choices that are sent, while a save is under way. */
  sent: Signal<readonly Choice[]>;
  savedAt: string | null;
  saved: () => Promise<void>;
  keep: (() => void) | null;
}

/** Saves what was chosen, and goes on or waits. */
function Save({ board, sent, savedAt, saved, keep }: SaveProps): JSX.Element {
  const { evidence, view, words } = board;
  const { t } = words;
  const { choices: chosen, choicesReason: reason, isSaving } = view.begun;
  const { undecided, included } = tallyOfAll(board);
  const goesOn = evidence.decision?.undecided === 'withhold';
  const why = reason.value.trim();
  const ruleOf = (aim: Aim): 'wait' | 'withhold' | null =>
    undecidedRule({ aim, undecided, goesOn });
  const missingFor = (aim: Aim): Missing | null => {
    const isChanged = chosen.value.length > 0 || ruleOf(aim) !== null;
    return missingFrom({ isChanged, isChosen: true, wasChosen: true, reason: why });
  };
  const sends = JSON.stringify([chosen.value, why]);
  const pressed = useSignal<Aim>('now');
  const { problem, field, save } = useSaving(missingFor(pressed.value), sends);
  const send = async (aim: Aim): Promise<void> => {
    sent.value = chosen.value;
    const calls = withRule(callsOf(sent.value), ruleOf(aim));
    const then = async (): Promise<void> => {
      if (reason.value.trim() === why) reason.value = '';
      say(t('officer.save.saved'));
      await saved();
      // Until then they are what the totals are made of; what was chosen meanwhile is not saved.
      chosen.value = chosen.value.filter((choice) => !sent.value.includes(choice));
    };
    try {
      await saveAnswers(view, { calls, why, shown: evidence.decisionVersion, then });
    } finally {
      sent.value = [];
    }
  };
  const { foundConversations: found } = view.summary;
  const collected = found === null ? null : found - board.doubtful.total + included;
  const press = (aim: Aim): Promise<void> => {
    pressed.value = aim;
    return save(missingFor(aim), () => send(aim));
  };
  return (
    <SaveBar
      {...{ reason, problem, field }}
      label={t('officer.save.conversations')}
      savedAt={chosen.value.length > 0 ? null : savedAt}
      consequence={<Consequence board={board} undecided={undecided} />}
    >
      {keep && <KeepButton keep={keep} isSaving={isSaving.value} />}
      {undecided > 0 && (
        <Button run={() => press('later')} isBusy={isSaving.value}>
          {t('officer.doubtful.saveLater')}
        </Button>
      )}
      <Button kind="primary" run={() => press('now')} isBusy={isSaving.value}>
        {collected === null || board.all === null
          ? t('officer.doubtful.saveAndGo')
          : t('officer.doubtful.saveAndCollect', { count: collected })}
      </Button>
    </SaveBar>
  );
}

/** What becomes of the undecided, and the way back from the last choice. */
function Consequence({ board, undecided }: { board: Board; undecided: number }): JSX.Element {
  const { canUndo, undo, choices, words } = board;
  const { t } = words;
  return (
    <>
      {undecided > 0 ? (
        <>
          <strong class="warn">{t('officer.doubtful.still', { count: undecided })}</strong>{' '}
          {t('officer.doubtful.stillText')}
        </>
      ) : (
        <strong>{t(`officer.doubtful.${choices.length > 0 ? 'allChosen' : 'allDecided'}`)}</strong>
      )}{' '}
      {canUndo && (
        <Button kind="quiet" icon="undo" run={undo}>
          {t('officer.doubtful.undo')}
        </Button>
      )}
    </>
  );
}

/** What the decision says of the undecided; null where it stays as it is. */
function undecidedRule({
  aim,
  undecided,
  goesOn,
}: {
  aim: Aim;
  undecided: number;
  goesOn: boolean;
}): 'wait' | 'withhold' | null {
  if (aim === 'now') return undecided > 0 && !goesOn ? 'withhold' : null;
  return goesOn ? 'wait' : null;
}

/** The calls, the last of which says what becomes of the undecided. */
function withRule(calls: readonly Answers[], rule: Answers['undecided'] | null): Answers[] {
  if (rule === null || rule === undefined) return [...calls];
  return [...calls.slice(0, -1), { ...calls.at(-1), undecided: rule }];
}
