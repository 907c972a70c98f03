import { render, type JSX } from 'preact';
import { Button } from '../shared/button';
import { Loading } from '../shared/waiting';
import { useWords, WordsProvider } from '../shared/words';
import { ClosedPage, Ending } from './endings';
import { Contact, Frame, Screen } from './frame';
import { language, locales, startLanguage } from './language';
import { call, type View } from './portal-api';
import { Progress } from './progress';
import { Ready } from './ready';
import { Sentence } from './sentence';
import { attempt, close, closed, handle, problem, refresh, show, view } from './state';
import { Verify } from './verify';

/** The portal's page shows one step at a time, as the server says. It stores nothing but its cookie. */
function Portal(): JSX.Element {
  const shown = view.value;
  const zone = shown?.timeZone;
  return (
    <WordsProvider
      locales={locales.value}
      tag={language.value}
      {...(zone === undefined ? {} : { timeZone: zone })}
    >
      <Frame action={isInside(shown) && <SignOut />}>
        <Shown view={shown} />
      </Frame>
    </WordsProvider>
  );
}

/** Whether somebody is signed in who can sign out. */
const isInside = (shown: View | null): boolean =>
  shown !== null && (shown.step === 'progress' || shown.step === 'download');

function Shown({ view: shown }: { view: View | null }): JSX.Element {
  if (closed.value !== null) return <ClosedPage reason={closed.value} again={start} />;
  if (shown === null) return <Loading />;
  switch (shown.step) {
    case 'verify':
      return <Verify view={shown} />;
    case 'noAuthenticationMethod':
      return <NoMethod />;
    case 'progress':
      return <Progress view={shown} />;
    case 'download':
      return <Ready view={shown} />;
    case 'ended':
      return shown.state === undefined ? (
        <ClosedPage reason="linkEnded" again={start} />
      ) : (
        <Ending view={shown} />
      );
  }
}

function NoMethod(): JSX.Element {
  const { t } = useWords();
  return (
    <Screen name="noAuthenticationMethod" title={t('portal.none.title')}>
      <p>{t('portal.none.text')}</p>
      <p>
        <Sentence of="portal.none.write" parts={{ contact: <Contact /> }} />
      </p>
    </Screen>
  );
}

function SignOut(): JSX.Element {
  const { t } = useWords();
  const signOut = async (): Promise<void> => {
    await call('POST', 'sign-out');
    close('signedOut');
  };
  return (
    <Button kind="quiet" class="link" run={() => attempt(signOut)}>
      {t('portal.signOut')}
    </Button>
  );
}

/** The token of the invitation's link; '' without one. It is in no address from here on. */
const token = globalThis.location.hash.slice(1);
const refused = new URLSearchParams(globalThis.location.search).get('problem');

async function start(): Promise<void> {
  if (token === '') await refresh();
  else await call<View>('POST', 'open', { token }).then(show).catch(handle);
  if (refused !== null && view.value !== null) problem.value = refused;
}

// Neither the token nor the result of a sign-in stays in the address bar and in the history.
globalThis.history.replaceState(null, '', globalThis.location.pathname);
void Promise.all([startLanguage(), start()]).then(
  () => render(<Portal />, document.getElementById('app') as HTMLElement),
  () => document.getElementById('unreachable')?.removeAttribute('hidden'),
);
