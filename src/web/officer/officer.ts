import { extensionReasons, refusalReasons } from '../../core/messages/statutory-notices';
import { button, labelled, make } from '../viewer/dom';

/**
 * The officers' page: what waits for a decision, the evidence for it, and what an officer may do. It
 * asks the same API as programs do.
 */
const main = document.getElementById('main') as HTMLElement;
const problem = make('p', { class: 'problem', role: 'alert' });

interface Me {
  name: string;
  roles: string[];
}
interface Row {
  requestId: string;
  state: string;
  reason: string | null;
  createdAt: string;
  receivedAt: string;
}
interface Evidence {
  isNeeded: boolean;
  reason: string | null;
  candidates: Record<string, unknown>[];
  status: { state: string; availability: string[] | null; legalClock: { dueAt: string } };
}
interface CustodyLine {
  sequence: number;
  at: string;
  event: string;
  from?: string;
  to?: string;
  reason?: string | null;
  detail?: Record<string, unknown>;
  act: { displayName: string; justification: string } | null;
}

class Refusal extends Error {}

async function call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
  const response = await fetch(path, {
    method,
    credentials: 'same-origin',
    ...(method === 'POST'
      ? { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body ?? {}) }
      : {}),
  });
  const answer = (await response.json().catch(() => ({}))) as T & {
    title?: string;
    errors?: { pointer: string; detail: string }[];
  };
  if (response.ok) return answer;
  if (response.status === 401) signInStep();
  const errors = (answer.errors ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`);
  throw new Refusal([answer.title ?? 'Something went wrong.', ...errors].join(' '));
}

function show(title: string, ...content: (Node | string)[]): void {
  problem.textContent = '';
  main.replaceChildren(make('h1', {}, title), ...content, problem);
}

/** A button that does something, and says what went wrong. */
function action(
  label: string,
  run: () => Promise<unknown>,
  attributes: Record<string, string> = {},
): HTMLButtonElement {
  const element = button(
    label,
    () => {
      problem.textContent = '';
      element.disabled = true;
      run()
        .catch((error: unknown) => {
          problem.textContent = error instanceof Error ? error.message : 'Something went wrong.';
        })
        .finally(() => (element.disabled = false));
    },
    attributes,
  );
  return element;
}

function signInStep(): void {
  show(
    'Sign in',
    make('p', {}, 'This page is for the privacy officers of the company.'),
    action('Sign in', async () => {
      const { url } = await call<{ url: string }>('POST', '/portal/officer/sign-in');
      globalThis.location.assign(url);
    }),
  );
}

const time = (iso: string): string => new Date(iso).toLocaleString();

async function listStep(me: Me): Promise<void> {
  const { requests } = await call<{ requests: Row[] }>('GET', '/api/requests');
  const waiting = requests.filter(({ state }) => state === 'needsDecision' || state === 'failed');
  const table = (rows: Row[]): HTMLElement =>
    make(
      'table',
      {},
      make(
        'thead',
        {},
        make(
          'tr',
          {},
          ...['Received', 'State', 'Request'].map((head) => make('th', { scope: 'col' }, head)),
        ),
      ),
      make(
        'tbody',
        {},
        ...rows.map(({ requestId, state, reason, receivedAt }) =>
          make(
            'tr',
            {},
            make('td', {}, time(receivedAt)),
            make('td', {}, [state, reason].filter(Boolean).join(': ')),
            make(
              'td',
              {},
              action(requestId.slice(0, 8), () => requestStep(me, requestId), { class: 'quiet' }),
            ),
          ),
        ),
      ),
    );
  show(
    'Data requests',
    make('p', {}, `Signed in as ${me.name}.`),
    make('h2', {}, `Waiting for you: ${waiting.length}`),
    ...(waiting.length === 0 ? [] : [table(waiting)]),
    make('h2', {}, `All: ${requests.length}`),
    table(requests),
    action('Refresh', () => listStep(me), { class: 'quiet' }),
    action(
      'Sign out',
      async () => {
        await call('POST', '/portal/officer/sign-out');
        signInStep();
      },
      { class: 'quiet' },
    ),
  );
}

const facts = (values: Record<string, unknown>): HTMLElement =>
  make(
    'dl',
    {},
    ...Object.entries(values).flatMap(([name, value]) => [
      make('dt', {}, name),
      make('dd', {}, typeof value === 'string' ? value : JSON.stringify(value)),
    ]),
  );

async function requestStep(me: Me, requestId: string): Promise<void> {
  const path = `/api/requests/${requestId}`;
  const evidence = await call<Evidence>('GET', `${path}/decision`).catch(() => null);
  const { custody, isIntact } = await call<{ custody: CustodyLine[]; isIntact: boolean }>(
    'GET',
    `${path}/custody`,
  );
  const may = (role: string): boolean => me.roles.includes(role);
  const justification = make('textarea', { rows: '3', maxlength: '2000', required: '' });
  const result = make('div', { role: 'status' });
  const again = (): Promise<void> => requestStep(me, requestId);
  const post = (to: string, body: object): Promise<unknown> =>
    call('POST', `${path}/${to}`, { justification: justification.value, ...body });
  const choice = (label: string, ...values: string[]): HTMLSelectElement =>
    make('select', { 'aria-label': label }, ...values.map((one) => make('option', {}, one)));
  const shared = choice('Numbers and mailboxes that others have, too', 'exclude', 'include');
  const doubtful = choice('Conversations that may be of somebody else', 'withhold', 'include');
  const method = choice('How they prove who they are', 'as on file', 'oidc', 'officer');
  const extension = choice('Why it takes longer', ...extensionReasons);
  const refusal = choice('Why it is refused', ...refusalReasons);
  const explanation = make('textarea', { rows: '3', maxlength: '2000' });
  const told = (): object => ({ explanation: explanation.value.trim() || null });
  const how = choice('How their identity was checked', 'inPerson', 'byVideo', 'byPost');
  const decide = (candidate: number): Promise<unknown> =>
    post('decision', {
      candidate,
      sharedIdentifiers: shared.value,
      doubtfulConversations: doubtful.value,
      method: method.value === 'as on file' ? null : method.value,
    }).then(again);
  const candidates = evidence?.candidates ?? [];
  show(
    `Request ${requestId.slice(0, 8)}`,
    action('Back to all requests', () => listStep(me), { class: 'quiet' }),
    facts({
      state: evidence?.status.state ?? custody.findLast(({ to }) => to)?.to ?? '',
      reason: evidence?.reason ?? '',
      ...(evidence ? { due: time(evidence.status.legalClock.dueAt) } : {}),
      record: isIntact ? 'the custody record is intact' : 'THE CUSTODY RECORD WAS CHANGED',
    }),
    make('h2', {}, 'Why you do what you do'),
    labelled('It stays in the custody record: write nothing of the person into it', justification),
    ...(may('Requests.Decide') && candidates.length > 0
      ? [
          make('h2', {}, 'Who is meant'),
          make('p', {}, 'Look the contacts up in Genesys Cloud by their ids, then choose.'),
          labelled('Numbers and mailboxes that others have, too', shared),
          labelled('Conversations that may be of somebody else', doubtful),
          labelled('How they prove who they are', method),
          ...candidates.flatMap((candidate) => [
            facts(candidate),
            action(`Choose candidate ${String(candidate['candidate'])}`, () =>
              decide(Number(candidate['candidate'])),
            ),
          ]),
        ]
      : []),
    make('h2', {}, 'What you can do'),
    make(
      'div',
      { class: 'ways' },
      ...(may('Requests.Decide')
        ? [
            labelled('How their identity was checked', how),
            action('Confirm identity', () => post('identity', { how: how.value }).then(again)),
            action('Take up again', () => post('retry', {}).then(again)),
            action('Cancel', () => post('cancel', {}).then(again), { class: 'quiet' }),
            labelled('What the person is told beside the reason, in their language', explanation),
            labelled('Why it takes longer', extension),
            action(
              'Extend by two months',
              () => post('extend', { reason: extension.value, ...told() }).then(again),
              { class: 'quiet' },
            ),
            labelled('Why it is refused', refusal),
            action(
              'Refuse',
              () => post('refuse', { reason: refusal.value, ...told() }).then(again),
              { class: 'quiet' },
            ),
          ]
        : []),
      ...(may('Requests.Deliver')
        ? [
            action('Code to give out', async () => {
              const { code } = (await post('code', {})) as { code: string };
              result.replaceChildren(make('p', {}, `Code: ${code} (good for an hour, once)`));
            }),
            action('Hand over', async () => {
              const { url, passphrase } = (await post('deliver', {})) as {
                url: string;
                passphrase: string;
              };
              result.replaceChildren(
                make('p', {}, make('a', { href: url }, 'Download the package')),
                make('p', {}, `Passphrase: ${passphrase}`),
              );
            }),
          ]
        : []),
      ...(may('Requests.Recall')
        ? [
            action(
              'Recall the package',
              async () => {
                const { downloads } = (await post('recall', {})) as { downloads: object };
                await again();
                main.append(
                  make('h2', {}, 'Downloaded before the recall'),
                  facts({ ...downloads }),
                );
              },
              { class: 'danger' },
            ),
          ]
        : []),
    ),
    result,
    make('h2', {}, 'Custody record'),
    make(
      'ol',
      { class: 'custody' },
      ...custody.map(({ at, event, from, to, reason, detail, act }) =>
        make(
          'li',
          {},
          [
            time(at),
            event,
            to ? `${from ?? ''} → ${to}` : '',
            reason ?? '',
            detail ? JSON.stringify(detail) : '',
            act ? `by ${act.displayName}: ${act.justification}` : '',
          ]
            .filter(Boolean)
            .join(' · '),
        ),
      ),
    ),
  );
}

async function start(): Promise<void> {
  const refused = new URLSearchParams(globalThis.location.search).get('problem');
  const requestId = /^#([0-9a-f-]{36})$/.exec(globalThis.location.hash)?.[1];
  globalThis.history.replaceState(null, '', globalThis.location.pathname);
  const me = await call<Me>('GET', '/portal/officer/me').catch(() => null);
  if (me === null) {
    signInStep();
    if (refused !== null)
      problem.textContent = 'You have no role here, or the sign-in was refused.';
    return;
  }
  if (requestId === undefined) await listStep(me);
  else await requestStep(me, requestId);
}

void start().catch((error: unknown) => {
  show('Something went wrong', make('p', {}, error instanceof Error ? error.message : ''));
});
