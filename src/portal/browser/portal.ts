import { kindLabel, sentenceOf, type Statement } from '../../core/availability';
import { speaker } from '../../core/words';
import english from '../../languages/en.json';
import { itemKinds } from '../../core/items';

/** The portal's page: one step at a time, as the server says. It keeps nothing but its cookie. */

interface View {
  controller: string;
  contact: string;
  step: 'verify' | 'progress' | 'download' | 'ended';
  state?: string;
  phone?: string;
  conversations?: number | null;
  progress?: Record<string, { expected: number; exported: number }>;
  statements?: Statement[] | null;
  packageBytes?: number | null;
  availableUntil?: string | null;
}

class Refusal extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly code: string,
  ) {
    super(message);
  }
}

const speaking = speaker({ en: english }, 'en');

const refreshEvery = 3000;
const byId = <T extends HTMLElement = HTMLElement>(id: string): T => {
  const element = document.getElementById(id);
  if (!element) throw new Error(`No element ${id}`);
  return element as T;
};

async function call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
  const response = await fetch(`/portal/api/${path}`, {
    method,
    credentials: 'same-origin',
    ...(method === 'POST'
      ? { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body ?? {}) }
      : {}),
  });
  const answer = (await response.json()) as T & { title?: string; code?: string };
  if (response.ok) return answer;
  throw new Refusal(answer.title ?? 'Something went wrong.', response.status, answer.code ?? '');
}

let shown = '';
function show(step: string): void {
  for (const section of document.querySelectorAll<HTMLElement>('main > section')) {
    section.hidden = section.id !== `step-${step}`;
  }
  // A screen reader is told of the new step; a refresh of the same one does not move the focus.
  if (shown !== '' && shown !== step) byId('main').focus();
  shown = step;
}

const problem = (text: string): void => {
  byId('problem').textContent = text;
};

const element = (name: string, text: string): HTMLElement => {
  const node = document.createElement(name);
  node.textContent = text;
  return node;
};

function megabytes(bytes: number): string {
  const size = bytes / 1_000_000;
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} MB`;
}

function render(view: View): void {
  byId('controller').textContent = view.controller;
  byId('contact').textContent = `Questions? ${view.contact}`;
  if (view.step === 'verify') byId('phone').textContent = view.phone ?? '';
  if (view.step === 'progress') {
    byId('progress-text').textContent =
      view.state === 'failed'
        ? 'We could not finish this by ourselves. Somebody is looking into it, and nothing is lost.'
        : 'You can close this page. We send you an email when everything is ready.';
    byId('progress').replaceChildren(
      ...itemKinds.flatMap((kind) => {
        const { expected = 0, exported = 0 } = view.progress?.[kind] ?? {};
        const count = element('dd', `${exported} of ${expected}`);
        return expected === 0 ? [] : [element('dt', kindLabel(kind, speaking)), count];
      }),
    );
    setTimeout(() => void refresh(), refreshEvery);
  }
  if (view.step === 'download') {
    const until = new Date(view.availableUntil ?? '');
    byId('until').textContent = `You can download it until ${until.toLocaleString()}.`;
    byId('size').textContent = view.packageBytes ? ` of ${megabytes(view.packageBytes)}` : '';
    byId('availability').replaceChildren(
      ...(view.statements ?? []).map((one) => element('li', sentenceOf(one, speaking))),
    );
  }
  show(view.step);
}

function closed(error: unknown): void {
  byId('closed-text').textContent =
    error instanceof Refusal
      ? error.message
      : 'The page cannot be reached. Please try again later.';
  show('closed');
}

async function refresh(): Promise<void> {
  try {
    render(await call<View>('GET', 'request'));
  } catch (error) {
    closed(error);
  }
}

/** Runs what a button does, with the button out of use meanwhile. */
async function act(button: HTMLButtonElement, action: () => Promise<void>): Promise<void> {
  problem('');
  button.disabled = true;
  try {
    await action();
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) closed(error);
    else if (error instanceof Refusal && error.code === 'stepUpNeeded') await refresh();
    else problem(error instanceof Error ? error.message : 'Something went wrong.');
  } finally {
    button.disabled = false;
  }
}

async function sendCode(): Promise<void> {
  await call('POST', 'code');
  byId('send-code').hidden = true;
  byId('code-form').hidden = false;
  byId('code').focus();
}

async function confirmCode(): Promise<void> {
  const field = byId<HTMLInputElement>('code');
  const code = field.value.replaceAll(/\D/g, '');
  field.value = '';
  const view = await call<View>('POST', 'verify', { code });
  byId('send-code').hidden = false;
  byId('code-form').hidden = true;
  render(view);
}

async function showPassphrase(): Promise<void> {
  const { passphrase } = await call<{ passphrase: string }>('POST', 'passphrase');
  byId('passphrase').textContent = passphrase;
}

async function startDownload(): Promise<void> {
  const { url } = await call<{ url: string }>('POST', 'download');
  // The link lives for minutes; it goes to the browser's download and nowhere into the page.
  window.location.assign(url);
}

function wire(): void {
  const onClick = (id: string, action: () => Promise<void>): void => {
    const button = byId<HTMLButtonElement>(id);
    button.addEventListener('click', () => void act(button, action));
  };
  onClick('send-code', sendCode);
  onClick('send-again', sendCode);
  onClick('show-passphrase', showPassphrase);
  onClick('download', startDownload);
  byId('code-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const button = byId('code-form').querySelector<HTMLButtonElement>('[type=submit]');
    if (button) void act(button, confirmCode);
  });
}

async function start(): Promise<void> {
  wire();
  const token = window.location.hash.slice(1);
  // The token leaves the address bar, and with it the history.
  if (token !== '') window.history.replaceState(null, '', window.location.pathname);
  try {
    render(
      token === ''
        ? await call<View>('GET', 'request')
        : await call<View>('POST', 'open', { token }),
    );
  } catch (error) {
    closed(error);
  }
}

void start();

export {};
