import { pickLocale } from '../../core/i18n/translator';
import { labelled, languageChoice, make } from '../viewer/dom';
import { call, loadLocales, type View } from '../shared/api';
import {
  action,
  closed,
  failed,
  page,
  paragraph,
  problem,
  problemText,
  refresh,
  say,
  show,
} from '../shared/page';
import { renderProgress } from './progress';
import { renderVerify } from './verification';
import { renderDownload } from './ready';

/** The portal's page: one step at a time, as the server says. It keeps nothing but its cookie. */

const refreshEvery = 3000;

function render(view: View): void {
  page.view = view;
  if (!page.isLanguageChosen) {
    page.language = pickLocale([view.locale ?? '', ...navigator.languages], page.languages);
  }
  renderFrame();
  switch (view.step) {
    case 'verify':
      renderVerify(view);
      return;
    case 'noAuthenticationMethod':
      show(
        'noAuthenticationMethod',
        say('verifyTitle'),
        paragraph(problemText('noAuthenticationMethod')),
      );
      return;
    case 'progress':
      renderProgress(view);
      setTimeout(() => void (page.shown === 'progress' && refresh()), refreshEvery);
      return;
    case 'download':
      void renderDownload(view);
      return;
    case 'ended':
      show('ended', say('endedTitle'), paragraph(say('endedText')));
  }
}

/** What stands around every step. */
function renderFrame(): void {
  const { view } = page;
  document.documentElement.lang = page.language;
  const controller = document.getElementById('controller');
  if (controller && view) {
    if (controller.textContent !== view.controller) {
      const logo = view.hasLogo ? [make('img', { src: '/portal/logo', alt: '' })] : [];
      controller.replaceChildren(...logo, view.controller);
    }
  }
  const choice = languageChoice(page.languages, page.language, (tag) => {
    Object.assign(page, { language: tag, isLanguageChosen: true });
    if (page.view) render(page.view);
  });
  const isInside =
    view !== null && view.step !== 'verify' && view.step !== 'noAuthenticationMethod';
  const signOut = action(
    say('signOut'),
    async () => {
      await call('POST', 'sign-out');
      page.view = null;
      closed(problemText('sessionEnded'));
    },
    { class: 'quiet' },
  );
  document
    .getElementById('footer')
    ?.replaceChildren(
      paragraph(view ? say('questions', { contact: view.contact }) : ''),
      labelled(say('language'), choice),
      ...(isInside ? [signOut] : []),
    );
}

async function start(): Promise<void> {
  page.render = render;
  page.languages = await loadLocales();
  page.language = pickLocale(navigator.languages, page.languages);
  renderFrame();
  const token = globalThis.location.hash.slice(1);
  const refused = new URLSearchParams(globalThis.location.search).get('problem');
  // Neither the token nor what a sign-in said stays in the address bar, and with it in the history.
  globalThis.history.replaceState(null, '', globalThis.location.pathname);
  try {
    render(
      token === ''
        ? await call<View>('GET', 'request')
        : await call<View>('POST', 'open', { token }),
    );
    if (refused !== null) problem.textContent = problemText(refused);
  } catch (error) {
    failed(error);
  }
}

void start().catch(failed);
