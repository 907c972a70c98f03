import type { Locales } from '../../core/i18n/translator';
import { ApiProblem, request } from '../shared/api';
import { make } from '../shared/dom';
import { action, errors, paragraph, problem, showStep } from '../shared/page';
import type { Me, RequestPage, RequestRow } from './officer-api';
import { showRequest, time } from './request';
import { useWords } from './words';

/** The officers' page: the list of requests, and each request. It calls the same API as programs do. */

errors.handle = (error) => {
  if (error instanceof ApiProblem && error.status === 401) showSignIn();
  problem.textContent = problemText(error);
};

function problemText(error: unknown): string {
  if (!(error instanceof ApiProblem)) return 'Something went wrong.';
  const fields = error.errors.map(({ pointer, detail }) => `${pointer} ${detail}`);
  return [error.title, ...fields].join(' ');
}

function showSignIn(): void {
  showStep(
    'signIn',
    'Sign in',
    paragraph("This page is for the company's privacy officers."),
    action('Sign in', async () => {
      const { url } = await request<{ url: string }>('POST', '/portal/officer/sign-in');
      globalThis.location.assign(url);
    }),
  );
}

async function showList(me: Me): Promise<void> {
  const list = (view: string): Promise<RequestPage> => request('GET', `/api/requests?view=${view}`);
  const [waiting, open, done] = [await list('needsYou'), await list('open'), await list('done')];
  const { counts } = open;
  showStep(
    'list',
    'Data requests',
    paragraph(`Signed in as ${me.name}.`),
    make('h2', {}, `Waiting for you: ${counts.needsYou}`),
    ...(waiting.requests.length === 0 ? [] : [table(me, waiting.requests)]),
    make('h2', {}, `Open: ${counts.open}`),
    table(me, open.requests),
    make('h2', {}, `Done: ${counts.done}`),
    table(me, done.requests),
    action('Refresh', () => showList(me), { class: 'quiet' }),
    action(
      'Sign out',
      async () => {
        await request('POST', '/portal/officer/sign-out');
        showSignIn();
      },
      { class: 'quiet' },
    ),
  );
}

const openRequest = (me: Me, requestId: string): Promise<void> =>
  showRequest(me, requestId, () => showList(me));

function table(me: Me, rows: RequestRow[]): HTMLElement {
  const heads = ['Received', 'State', 'Request'].map((head) => make('th', { scope: 'col' }, head));
  const body = rows.map(({ requestId, state, reasonCode, receivedAt }) =>
    make(
      'tr',
      {},
      make('td', {}, time(receivedAt)),
      make('td', {}, [state, reasonCode].filter(Boolean).join(': ')),
      make(
        'td',
        {},
        action(requestId.slice(0, 8), () => openRequest(me, requestId), { class: 'quiet' }),
      ),
    ),
  );
  return make('table', {}, make('thead', {}, make('tr', {}, ...heads)), make('tbody', {}, ...body));
}

async function start(): Promise<void> {
  const refused = new URLSearchParams(globalThis.location.search).get('problem');
  const requestId = /^#([0-9a-f-]{36})$/.exec(globalThis.location.hash)?.[1];
  globalThis.history.replaceState(null, '', globalThis.location.pathname);
  useWords(await request<Locales>('GET', '/portal/officer/languages.json'));
  const me = await request<Me>('GET', '/portal/officer/me').catch(() => null);
  if (me === null) {
    showSignIn();
    if (refused !== null)
      problem.textContent = 'You have no role here, or the sign-in was refused.';
    return;
  }
  if (requestId === undefined) await showList(me);
  else await openRequest(me, requestId);
}

void start().catch((error: unknown) => {
  showStep('failed', 'Something went wrong', paragraph(problemText(error)));
});
