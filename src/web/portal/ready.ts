import { sentenceOf } from '../../core/package/availability-report';
import { button, make } from '../viewer/dom';
import { call, Refusal, type View } from '../shared/api';
import { Download, downloadByBrowser, type DownloadProgress } from './download';
import { enrolment } from './enrolment';
import { action, notice, page, paragraph, say, show, speaking } from '../shared/page';
import { history } from './progress';
import { begunDownload, canResume } from './target';

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

/** When it is ready: to be opened here, or downloaded. */
export async function renderDownload(view: View): Promise<void> {
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
  const pause = button(say('pause'), () => page.download?.pause(), { class: 'quiet' });
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
