import { kindLabel, sentenceOf } from '../../core/availability';
import { itemKinds } from '../../core/items';
import type { StepUpMethod } from '../../core/step-up';
import { pickLanguage, speaker, type Languages, type Speaker } from '../../core/words';
import { languageChoice, labelled, make, button as plainButton } from '../../viewer/dom';
import { call, loadLanguages, Refusal, type View } from './api';
import { Download, downloadByBrowser, type DownloadProgress } from './download';
import { qrPicture } from './qr';
import { begunDownload, canResume } from './target';

/** The portal's page: one step at a time, as the server says. It keeps nothing but its cookie. */

const refreshEvery = 3000;
const main = document.getElementById('main') as HTMLElement;

const page = {
  languages: {} as Languages,
  language: 'en',
  isLanguageChosen: false,
  view: null as View | null,
  /** The step that is shown: a screen reader is told of a new one, and not of a refresh. */
  shown: '',
  method: null as StepUpMethod | null,
  download: null as Download | null,
};

const speaking = (): Speaker => speaker(page.languages, page.language);
const say = (key: string, values = {}): string => speaking().say(`portal.${key}`, values);

/** Where what went wrong is said. */
const problem = make('p', { class: 'problem', role: 'alert' });
/** Where it is said what happens. */
const notice = make('p', { class: 'notice', role: 'status' });

const problemText = (code: string): string => {
  const known = speaking().knows(`portal.problems.${code}`) ? code : 'unknown';
  return say(`problems.${known}`);
};

/** A button that does something, and is out of use meanwhile. */
function action(
  label: string,
  run: () => Promise<void>,
  attributes: Record<string, string> = {},
): HTMLButtonElement {
  const element = plainButton(label, () => void act(element, run), attributes);
  return element;
}

async function act(element: HTMLButtonElement, run: () => Promise<void>): Promise<void> {
  problem.textContent = '';
  notice.textContent = '';
  element.disabled = true;
  try {
    await run();
  } catch (error) {
    const code = error instanceof Refusal ? error.code : 'unknown';
    if (code === 'sessionEnded') closed(problemText(code));
    else if (code === 'stepUpNeeded') await refresh();
    else problem.textContent = problemText(code);
  } finally {
    element.disabled = false;
  }
}

function show(step: string, title: string, ...content: (Node | string)[]): void {
  const isNew = page.shown !== '' && page.shown !== step;
  page.shown = step;
  document.title = `${title} – ${say('title')}`;
  main.removeAttribute('aria-busy');
  main.replaceChildren(make('h1', {}, title), ...content, notice, problem);
  if (isNew) main.focus();
}

const paragraph = (text: string, attributes = {}): HTMLElement => make('p', attributes, text);

function closed(text: string): void {
  show('closed', say('closedTitle'), paragraph(text));
}

function render(view: View): void {
  page.view = view;
  if (!page.isLanguageChosen) {
    page.language = pickLanguage([view.locale ?? '', ...navigator.languages], page.languages);
  }
  renderFrame();
  switch (view.step) {
    case 'verify':
      renderVerify(view);
      return;
    case 'noFactor':
      show('noFactor', say('verifyTitle'), paragraph(problemText('noFactor')));
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
  const isInside = view !== null && view.step !== 'verify' && view.step !== 'noFactor';
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

// --- Who it is --------------------------------------------------------------------------------

function renderVerify(view: View): void {
  const methods = view.methods ?? [];
  const chosen = methods.find((one) => one === page.method) ?? methods[0] ?? 'sms';
  const others = methods.filter((one) => one !== chosen);
  show(
    `verify-${chosen}-${String(view.isSecond)}-${String(view.isAgain)}`,
    say('verifyTitle'),
    ...(view.isSecond ? [paragraph(say('verifyMore'))] : []),
    ...(view.isAgain && !view.isSecond ? [paragraph(say('again'))] : []),
    make('h2', {}, say(`${chosen}.title`)),
    paragraph(say(`${chosen}.text`, { digits: view.digits ?? '', controller: view.controller })),
    ...methodControls(chosen),
    ...(others.length === 0
      ? []
      : [
          make('h2', {}, say('otherWay')),
          make(
            'div',
            { class: 'ways' },
            ...others.map((method) =>
              plainButton(
                say(`${method}.title`),
                () => {
                  page.method = method;
                  problem.textContent = '';
                  renderVerify(view);
                },
                { class: 'quiet' },
              ),
            ),
          ),
        ]),
  );
}

function methodControls(method: StepUpMethod): Node[] {
  if (method === 'oidc') {
    return [
      action(say('oidc.label'), async () => {
        const { url } = await call<{ url: string }>('POST', 'login');
        globalThis.location.assign(url);
      }),
    ];
  }
  const form = codeForm(method);
  if (method !== 'sms') return [form];
  form.hidden = true;
  const send = async (): Promise<void> => {
    const { isQueued } = await call<{ isQueued: boolean }>('POST', 'code');
    first.hidden = true;
    form.hidden = false;
    notice.textContent = say(isQueued ? 'codeQueued' : 'codeSent');
    form.querySelector('input')?.focus();
  };
  const first = action(say('sendCode'), send);
  form.append(action(say('sendAgain'), send, { class: 'quiet' }));
  return [first, form];
}

function codeForm(method: Exclude<StepUpMethod, 'oidc'>): HTMLFormElement {
  const isApp = method === 'totp';
  const field = make('input', {
    name: 'code',
    autocomplete: 'one-time-code',
    spellcheck: 'false',
    required: '',
    'aria-describedby': 'code-hint',
    // A recovery code has letters in it.
    ...(isApp ? { maxlength: '20' } : { inputmode: 'numeric', maxlength: '9' }),
  });
  const confirm = make('button', { type: 'submit' }, say('confirm'));
  const form = make(
    'form',
    {},
    labelled(say(`${method}.label`), field),
    make('p', { id: 'code-hint', class: 'hint' }, say(`${method}.hint`)),
    confirm,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void act(confirm, async () => {
      const code = isApp ? field.value.trim() : field.value.replaceAll(/\D/g, '');
      field.value = '';
      field.focus();
      render(await call<View>('POST', 'verify', { method, code }));
    });
  });
  return form;
}

// --- While it is collected ----------------------------------------------------------------------

function estimate({ minutesLeft = null, state }: View): string {
  if (state !== 'collecting') return '';
  if (minutesLeft === null) return say('estimateUnknown');
  return minutesLeft < 90
    ? say('estimate', { count: minutesLeft })
    : say('estimateHours', { count: Math.round(minutesLeft / 60) });
}

function renderProgress(view: View): void {
  const rows = itemKinds.flatMap((kind) => {
    const { expected = 0, exported = 0 } = view.progress?.[kind] ?? {};
    if (expected === 0) return [];
    return [
      make('dt', {}, kindLabel(kind, speaking())),
      make('dd', {}, say('progressCount', { done: exported, all: expected })),
    ];
  });
  show(
    'progress',
    say('progressTitle'),
    paragraph(say(view.state === 'failed' ? 'progressFailed' : 'progressText')),
    paragraph(estimate(view)),
    make('dl', {}, ...rows),
    ...history(view),
  );
}

const history = ({ history: lines = [] }: View): Node[] =>
  lines.length === 0
    ? []
    : [
        make(
          'details',
          {},
          make('summary', {}, say('historyTitle')),
          make(
            'ul',
            {},
            ...lines.map(({ at, event }) =>
              make(
                'li',
                {},
                `${new Date(at).toLocaleString(page.language)}: ${say(`history.${event}`)}`,
              ),
            ),
          ),
        ),
      ];

// --- When it is ready -----------------------------------------------------------------------------

function size(bytes: number): string {
  const steps = [
    ['kilobyte', 1e3],
    ['megabyte', 1e6],
    ['gigabyte', 1e9],
  ] as const;
  const [unit, factor] = steps.findLast(([, least]) => bytes >= least) ?? steps[0];
  const options = {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumSignificantDigits: 3,
  } as const;
  return new Intl.NumberFormat(page.language, options).format(bytes / factor);
}

async function renderDownload(view: View): Promise<void> {
  const until = new Date(view.availableUntil ?? '');
  const when = until.toLocaleString(page.language, { dateStyle: 'long', timeStyle: 'short' });
  const sentences = (view.statements ?? []).map((one) =>
    make('li', {}, sentenceOf(one, speaking())),
  );
  const isResumable = canResume();
  const hasBegun = isResumable && (await begunDownload()) !== null;
  show(
    'download',
    say('readyTitle'),
    paragraph(view.isOver ? say('untilRunning') : say('until', { when })),
    make('h2', {}, say('openTitle')),
    paragraph(say('openText')),
    make('a', { class: 'button', href: '/portal/open' }, say('open')),
    make('h2', {}, say('downloadTitle')),
    paragraph(say('downloadText', { size: size(view.packageBytes ?? 0) })),
    paragraph(say(isResumable ? 'resumes' : 'plain'), { class: 'hint' }),
    isResumable
      ? downloadControls(hasBegun)
      : action(say('download'), downloadByBrowser, { id: 'download' }),
    make('h2', {}, say('passphrase')),
    paragraph(say('passphraseText')),
    passphraseControls(),
    make(
      'details',
      { open: '' },
      make('summary', {}, say('contents')),
      make('ul', {}, ...sentences),
    ),
    ...(view.canEnrol ? enrolment() : []),
    ...history(view),
  );
}

function downloadControls(hasBegun: boolean): HTMLElement {
  const bar = make('progress', { max: '1', value: '0', 'aria-label': say('download') });
  const text = make('p', { role: 'status' });
  const tell = ({ done, all, isWaiting }: DownloadProgress): void => {
    bar.hidden = false;
    bar.max = all;
    bar.value = done;
    const percent = all === 0 ? 0 : Math.floor((100 * done) / all);
    text.textContent = isWaiting
      ? say('waiting')
      : say('downloading', { done: size(done), all: size(all), percent });
  };
  bar.hidden = true;
  const box = make('div', { class: 'download' });
  const pause = plainButton(say('pause'), () => page.download?.pause(), { class: 'quiet' });
  pause.hidden = true;
  const run = async (): Promise<void> => {
    page.download = new Download(tell);
    pause.hidden = false;
    try {
      const end = await page.download.run();
      text.textContent = end.kind === 'done' ? say('downloaded') : '';
      if (end.kind === 'paused') {
        text.textContent = say('paused');
        start.textContent = say('goOn');
      }
      if (end.kind === 'refused') {
        start.textContent = say('goOn');
        throw new Refusal(403, end.code);
      }
      if (end.kind === 'done' && end.file) box.append(savedFile(end.file));
    } finally {
      pause.hidden = true;
      page.download = null;
    }
  };
  const start = action(say(hasBegun ? 'goOn' : 'download'), run, { id: 'download' });
  box.append(start, pause, bar, text);
  return box;
}

/** A file of the browser's private folder, to be saved where the person finds it. */
function savedFile(file: File): HTMLElement {
  const href = URL.createObjectURL(file);
  return make('a', { class: 'button', href, download: 'my-data.zip', id: 'save' }, say('saveFile'));
}

function passphraseControls(): HTMLElement {
  const output = make('output', { id: 'passphrase' });
  const copy = action(
    say('copyPassphrase'),
    async () => {
      await navigator.clipboard.writeText(output.textContent);
      notice.textContent = say('copied');
    },
    { class: 'quiet' },
  );
  copy.hidden = true;
  const reveal = action(
    say('showPassphrase'),
    async () => {
      const { passphrase } = await call<{ passphrase: string }>('POST', 'passphrase');
      output.textContent = passphrase;
      copy.hidden = false;
    },
    { class: 'quiet' },
  );
  return make('div', { class: 'passphrase' }, reveal, output, copy);
}

function enrolment(): Node[] {
  const box = make('div');
  const confirmed = (codes: string[]): void =>
    box.replaceChildren(
      paragraph(say('enrolled')),
      make('h3', {}, say('recoveryTitle')),
      paragraph(say('recoveryText')),
      make(
        'ul',
        { class: 'recovery' },
        ...codes.map((code) => make('li', {}, code.replace(/^(.{5})/, '$1-'))),
      ),
    );
  const begin = action(
    say('enrol'),
    async () => {
      const { secret, uri } = await call<{ secret: string; uri: string }>('POST', 'app');
      const field = make('input', {
        inputmode: 'numeric',
        maxlength: '6',
        autocomplete: 'one-time-code',
        required: '',
      });
      const confirm = action(say('confirm'), async () => {
        const { recoveryCodes } = await call<{ recoveryCodes: string[] }>('POST', 'app/confirm', {
          code: field.value.trim(),
        });
        confirmed(recoveryCodes);
      });
      box.replaceChildren(
        paragraph(say('enrolScan')),
        qrPicture(uri, say('enrolPicture')),
        paragraph(say('enrolKey', { key: secret.match(/.{4}/g)?.join(' ') ?? secret })),
        labelled(say('totp.label'), field),
        confirm,
      );
      field.focus();
    },
    { class: 'quiet' },
  );
  box.append(paragraph(say('enrolText')), begin);
  return [make('h2', {}, say('enrolTitle')), box];
}

// --- The page ---------------------------------------------------------------------------------

async function refresh(): Promise<void> {
  try {
    render(await call<View>('GET', 'request'));
  } catch (error) {
    failed(error);
  }
}

function failed(error: unknown): void {
  closed(error instanceof Refusal ? problemText(error.code) : say('unreachable'));
}

async function start(): Promise<void> {
  page.languages = await loadLanguages();
  page.language = pickLanguage(navigator.languages, page.languages);
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
