import { pickLocale } from '../../core/i18n/translator';
import { labelled, languageChoice, make } from '../shared/dom';
import { action, isShown, paragraph, problem } from '../shared/page';
import { call, loadLocales, type View } from './portal-api';
import { renderProgress } from './progress';
import { renderDownload } from './ready';
import { page, problemText, refresh, show, showClosed, showFailure, t } from './state';
import { renderVerify } from './verification';

/** The portal's page shows one step at a time, as the server says. It stores nothing but its cookie. */

const refreshEvery = 3000;

function render(view: View): void {
  page.view = view;
  if (!page.isLocaleChosen) {
    page.locale = pickLocale([view.locale ?? '', ...navigator.languages], page.locales);
  }
  renderFrame();
  switch (view.step) {
    case 'verify':
      renderVerify(view);
      return;
    case 'noAuthenticationMethod':
      show(
        'noAuthenticationMethod',
        t('verifyTitle'),
        paragraph(problemText('noAuthenticationMethod')),
      );
      return;
    case 'progress':
      renderProgress(view);
      setTimeout(() => void (isShown('progress') && refresh()), refreshEvery);
      return;
    case 'download':
      void renderDownload(view);
      return;
    case 'ended':
      show('ended', t('endedTitle'), paragraph(t('endedText')));
  }
}

/** Header and footer of every step. */
function renderFrame(): void {
  const { view } = page;
  document.documentElement.lang = page.locale;
  const controller = document.getElementById('controller');
  if (controller && view) {
    if (controller.textContent !== view.controller) {
      const logo = view.hasLogo ? [make('img', { src: '/portal/logo', alt: '' })] : [];
      controller.replaceChildren(...logo, view.controller);
    }
  }
  const choice = languageChoice(page.locales, page.locale, (tag) => {
    Object.assign(page, { language: tag, isLocaleChosen: true });
    if (page.view) render(page.view);
  });
  const isInside =
    view !== null && view.step !== 'verify' && view.step !== 'noAuthenticationMethod';
  const signOut = action(
    t('signOut'),
    async () => {
      await call('POST', 'sign-out');
      page.view = null;
      showClosed(problemText('sessionEnded'));
    },
    { class: 'quiet' },
  );
  document
    .getElementById('footer')
    ?.replaceChildren(
      paragraph(view ? t('questions', { contact: view.contact }) : ''),
      labelled(t('language'), choice),
      ...(isInside ? [signOut] : []),
    );
}

async function start(): Promise<void> {
  page.render = render;
  page.locales = await loadLocales();
  page.locale = pickLocale(navigator.languages, page.locales);
  renderFrame();
  const token = globalThis.location.hash.slice(1);
  const refused = new URLSearchParams(globalThis.location.search).get('problem');
  // Neither the token nor the result of a sign-in stays in the address bar and in the history.
  globalThis.history.replaceState(null, '', globalThis.location.pathname);
  try {
    render(
      token === ''
        ? await call<View>('GET', 'request')
        : await call<View>('POST', 'open', { token }),
    );
    if (refused !== null) problem.textContent = problemText(refused);
  } catch (error) {
    showFailure(error);
  }
}

void start().catch(showFailure);
