import { useSignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { ApiProblem } from '../shared/api';
import { Button } from '../shared/button';
import { Facts } from '../shared/facts';
import { Note } from '../shared/labels';
import { useWords } from '../shared/words';
import { Contact, Screen } from './frame';
import {
  refusedFields,
  nothingEntered,
  identifiersOf,
  type Entries,
  type FieldError,
} from './intake-entry';
import { IntakeForm } from './intake-form';
import { language } from './language';
import { call } from './portal-api';
import { useProblem } from './problem';
import { PuzzleSolver } from './puzzle-solver';
import { problemCodeOf, Refused } from './refused';
import { Sentence } from './sentence';

/** What the page holds while somebody asks. */
interface Asking {
  entries: Signal<Entries>;
  errors: Signal<FieldError[]>;
  puzzle: PuzzleSolver;
}

/** From the form to its answers to the reference. */
export function Intake(): JSX.Element {
  const stage = useSignal<'form' | 'check' | 'sent'>('form');
  const entries = useSignal<Entries>(nothingEntered);
  const errors = useSignal<FieldError[]>([]);
  const reference = useSignal('');
  const puzzle = useMemo(() => new PuzzleSolver(), []);
  const asking = { entries, errors, puzzle };
  switch (stage.value) {
    case 'form':
      return <IntakeForm {...asking} done={() => (stage.value = 'check')} />;
    case 'check':
      return (
        <CheckAnswers
          asking={asking}
          change={() => (stage.value = 'form')}
          done={(given) => {
            reference.value = given;
            entries.value = nothingEntered;
            stage.value = 'sent';
          }}
        />
      );
    case 'sent':
      return <Sent reference={reference.value} />;
  }
}

interface CheckProps {
  asking: Asking;
  change: () => void;
  done: (reference: string) => void;
}

/** What was written, before it is sent. */
function CheckAnswers({ asking, change, done }: CheckProps): JSX.Element {
  const { t } = useWords();
  const problem = useSignal('');
  const { entries, errors } = asking;
  const { name } = entries.value;
  const send = async (): Promise<void> => {
    problem.value = '';
    try {
      done(await sent(asking));
    } catch (error) {
      const code = problemCodeOf(error);
      const refused =
        error instanceof ApiProblem && code === 'invalidBody'
          ? refusedFields(
              entries.value,
              error.errors.map(({ pointer }) => pointer),
            )
          : [];
      errors.value = refused;
      if (refused.length > 0) change();
      else problem.value = code;
    }
  };
  return (
    <Screen name="intake-check" title={t('portal.intake.check.title')}>
      <Facts
        look="answers"
        facts={[
          { name: t('portal.intake.name'), values: [name.trim()] },
          ...identifiersOf(entries.value).map(({ identifier: { type, value } }) => ({
            name: t(`portal.intake.check.${type}`),
            values: [value],
          })),
        ]}
      />
      <p>
        <Button kind="quiet" class="link" run={change}>
          {t('portal.intake.check.change')}
        </Button>
      </p>
      <p>{t('portal.intake.check.use')}</p>
      <Button kind="primary" class="wide" run={send}>
        {t('portal.intake.check.send')}
      </Button>
      <NotSent code={problem.value} />
    </Screen>
  );
}

function NotSent({ code }: { code: string }): JSX.Element | null {
  const text = useProblem(code);
  if (code === '') return null;
  return (
    <Note tone="bad" role="alert" title={text}>
      <Sentence of="portal.intake.orWrite" parts={{ contact: <Contact /> }} />
    </Note>
  );
}

/**
 * Sends what was written. A puzzle that is too old by now is solved again, once.
 * @returns the reference
 */
async function sent({ entries, puzzle }: Asking): Promise<string> {
  const first = await puzzle.solution();
  try {
    return await post(entries.value, first);
  } catch (error) {
    const isOld = error instanceof ApiProblem && error.code === 'puzzleExpired';
    if (!isOld) throw error;
    return post(entries.value, await puzzle.again());
  }
}

async function post(entries: Entries, solution: string | null): Promise<string> {
  if (solution === null) throw new Refused('puzzleWrong');
  const { reference } = await call<{ reference: string }>('POST', 'intake', {
    name: entries.name.trim(),
    identifiers: identifiersOf(entries).map(({ identifier }) => identifier),
    locale: language.value,
    timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    solution,
  });
  return reference;
}

/** What happens next, and the reference. */
function Sent({ reference }: { reference: string }): JSX.Element {
  const { t } = useWords();
  return (
    <Screen name="intake-sent" title={t('portal.intake.sent.title')}>
      <p>{t('portal.intake.sent.reference')}</p>
      <p class="reference-box">
        <output>{reference}</output>
      </p>
      <h2>{t('portal.intake.sent.nextTitle')}</h2>
      <p>{t('portal.intake.sent.next')}</p>
      <p>{t('portal.intake.sent.same')}</p>
      <p>
        <Sentence of="portal.intake.sent.write" parts={{ contact: <Contact /> }} />
      </p>
    </Screen>
  );
}
