import { signal, useSignal } from '@preact/signals';
import { render, type JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../shared/button';
import { Icon } from '../shared/icons';
import { Count, Note } from '../shared/labels';
import { LanguageChoice } from '../shared/choices';
import { LiveRegion } from '../shared/live';
import { route } from '../shared/route';
import { Loading } from '../shared/waiting';
import { useWords, WordsProvider } from '../shared/words';
import { forgetBegun, isAnythingBegun } from './begun-decision';
import { CheckPage } from './check';
import { countNeedsYou } from './needs-you';
import { beginSignIn, readMe, signOut } from './officer-api';
import { place, queueAddress, type Place } from './place';
import { Queue } from './queue';
import { explain, isSignedOut, useEvery, useExplanation } from './resource';
import { RequestPage } from './request-page';
import {
  chooseLanguage,
  keepPlace,
  language,
  locales,
  me,
  needsYou,
  startLanguage,
  takePlace,
} from './session';
import { StatisticsPage } from './statistics';

/** The officers' console. It calls the same API as programs do. */

/** Seconds after which the requests that wait for an officer are counted again. */
const countSeconds = 30;

/** Why the sign-in was refused, as the address says after it. */
let refused = false;

function Console(): JSX.Element {
  const timeZone = me.value?.timeZone;
  return (
    <WordsProvider
      locales={locales.value}
      tag={language.value}
      {...(timeZone === undefined ? {} : { timeZone })}
    >
      <Page />
      <LiveRegion />
    </WordsProvider>
  );
}

function Page(): JSX.Element {
  const { t } = useWords();
  const at = place();
  useEffect(() => {
    document.title = [titleOf(at), 'officer.title'].map((key) => t(key)).join(' – ');
  });
  if (me.value === undefined)
    return (
      <main id="main" tabIndex={-1}>
        <Starting />
      </main>
    );
  if (me.value === null) return <SignIn />;
  return (
    <>
      <Header at={at} />
      <main id="main" tabIndex={-1}>
        <Shown at={at} />
      </main>
    </>
  );
}

/** Until it is known who is signed in; a failure of that call says nothing of it. */
function Starting(): JSX.Element {
  const words = useWords();
  const { t } = words;
  if (startProblem.value === null) return <Loading />;
  return (
    <>
      <h1>{t('officer.title')}</h1>
      <Note tone="bad" role="alert" title={t('officer.cannotLoad')}>
        {explain(startProblem.value, words)}{' '}
        <Button kind="quiet" icon="retry" run={findMe}>
          {t('officer.tryAgain')}
        </Button>
      </Note>
    </>
  );
}

/** Why it is not known who is signed in; null while that is asked for. */
const startProblem = signal<unknown>(null);

/** Who was signed in last. */
let lastId = '';

/** Finds out who is signed in, which may be nobody. */
async function findMe(): Promise<void> {
  startProblem.value = null;
  try {
    const found = await readMe();
    if (found.id !== lastId) forgetBegun();
    lastId = found.id;
    me.value = found;
  } catch (problem) {
    if (isSignedOut(problem)) me.value = null;
    else startProblem.value = problem;
  }
}

const titleOf = ({ kind }: Place): string =>
  kind === 'request' ? 'officer.aRequest' : `officer.nav.${kind}`;

function Shown({ at }: { at: Place }): JSX.Element {
  useFocusOnHeading(at.kind === 'request' ? at.requestId : at.kind);
  switch (at.kind) {
    case 'queue':
      return <Queue choice={at.choice} from={at.from} />;
    case 'request':
      return <RequestPage key={at.requestId} requestId={at.requestId} tab={at.tab} />;
    case 'statistics':
      return <StatisticsPage />;
    case 'check':
      return <CheckPage />;
  }
}

/** Screen readers announce another page, but neither the first one nor a refresh. */
function useFocusOnHeading(key: string): void {
  const shown = useRef(key);
  useEffect(() => {
    if (shown.current === key) return;
    shown.current = key;
    globalThis.scrollTo(0, 0);
    document.getElementById('main')?.focus();
  }, [key]);
}

function Header({ at }: { at: Place }): JSX.Element {
  const { t, number } = useWords();
  const count = needsYou.value;
  // The list of requests brings the count with it.
  const isCounted = at.kind !== 'queue';
  useEffect(() => {
    if (isCounted) void countNeedsYou();
  }, [at.kind]);
  useEvery(isCounted ? countSeconds : undefined, countNeedsYou);
  const link = (kind: 'queue' | 'statistics' | 'check', href: string): JSX.Element => (
    <a
      href={href}
      {...(at.kind === kind || (kind === 'queue' && at.kind === 'request')
        ? { 'aria-current': 'page' as const }
        : {})}
    >
      {t(`officer.nav.${kind}`)}
      {kind === 'queue' && count !== null && count > 0 && (
        <Count of={number(count)} needsYou="yes" />
      )}
    </a>
  );
  return (
    <header class="console-head">
      <a class="brand" href={queueAddress('open')}>
        <span class="logo">
          <Icon name="shield" />
        </span>
        {t('officer.title')}
      </a>
      <nav class="scrolls" aria-label={t('officer.nav.label')}>
        {link('queue', queueAddress('open'))}
        {link('statistics', '#/statistics')}
        {link('check', '#/check')}
      </nav>
      <Account />
    </header>
  );
}

/** Who is signed in, what they may do, their language, and the way out. */
function Account(): JSX.Element {
  const { t, list } = useWords();
  const { name = '', roles = [] } = me.value ?? {};
  const initials = name
    .split(/\s+/)
    .map((part) => [...part][0] ?? '')
    .slice(0, 2)
    .join('');
  const known = roles
    .filter(
      (role) => role.startsWith('Requests.') && (role !== 'Requests.Read' || roles.length === 1),
    )
    .map((role) => t(`officer.roles.${role.replace('Requests.', '')}`));
  const mayDo = t('officer.youMay', { roles: list(known) });
  return (
    <details class="account">
      <summary>
        <span class="visually-hidden">{t('officer.account')}</span>
        <span class="who-is">
          {name}
          <span>{mayDo}</span>
        </span>
        <span class="initials" aria-hidden="true">
          {initials.toUpperCase()}
        </span>
      </summary>
      <div class="account-menu">
        <p>
          {t('officer.signedIn', { name })}
          <span class="secondary">{mayDo}</span>
        </p>
        <Languages />
        <Button
          explain={useExplanation()}
          run={async () => {
            await signOut();
            forgetBegun();
            me.value = null;
          }}
        >
          {t('officer.signOut')}
        </Button>
      </div>
    </details>
  );
}

function Languages(): JSX.Element {
  const words = useWords();
  const { t } = words;
  const problem = useSignal<unknown>(null);
  const choose = async (tag: string): Promise<void> => {
    problem.value = null;
    await chooseLanguage(tag).catch((error: unknown) => (problem.value = error));
  };
  return (
    <>
      <label class="filter">
        <span>{t('officer.language')}</span>
        <LanguageChoice
          locales={locales.value}
          chosen={language.value}
          choose={(tag) => void choose(tag)}
        />
      </label>
      {problem.value !== null && (
        <p class="error" role="alert">
          {explain(problem.value, words)}
        </p>
      )}
    </>
  );
}

function SignIn(): JSX.Element {
  const words = useWords();
  const { t } = words;
  const problem = useSignal(refused ? t('officer.signInRefused') : '');
  // A session has ended amid something: the page that has it must not be left.
  const isKept = isAnythingBegun();
  useEvery(isKept ? countSeconds : undefined, findMe);
  const signInElsewhere = (): void => {
    globalThis.open(globalThis.location.pathname, '_blank', 'noopener');
  };
  const signIn = async (): Promise<void> => {
    try {
      const { url } = await beginSignIn();
      keepPlace();
      globalThis.location.assign(url);
    } catch (error) {
      problem.value = explain(error, words);
    }
  };
  return (
    <main id="main" class="sign-in" tabIndex={-1}>
      <div class="card">
        <span class="logo">
          <Icon name="shield" />
        </span>
        <h1>{t('officer.title')}</h1>
        <p>{t('officer.forOfficers')}</p>
        {problem.value !== '' && <Note tone="bad" role="alert" title={problem.value} />}
        {isKept && (
          <Note title={t('officer.problems.signInRequired')}>{t('officer.signInKept')}</Note>
        )}
        <Button kind="primary" run={isKept ? signInElsewhere : signIn}>
          {t(isKept ? 'officer.signInElsewhere' : 'officer.signIn')}
        </Button>
        <Languages />
      </div>
    </main>
  );
}

async function start(root: HTMLElement): Promise<void> {
  const { location, history } = globalThis;
  refused = new URLSearchParams(location.search).has('problem');
  // Links in emails name the request alone.
  const hash = location.hash === '' ? takePlace() : location.hash.replace(/^#(?!\/|$)/, '#/');
  history.replaceState(null, '', `${location.pathname}${hash}`);
  route.value = hash.slice(1);
  await startLanguage();
  root.replaceChildren();
  render(<Console />, root);
  await findMe();
}

const root = document.getElementById('app');
if (root)
  start(root).catch(() => {
    document.getElementById('unreachable')?.removeAttribute('hidden');
  });
