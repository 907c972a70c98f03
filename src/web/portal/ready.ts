import { sentenceOf } from '../../core/package/availability-sentences';
import { button, make } from '../shared/dom';
import { action, notice, paragraph } from '../shared/page';
import { processingPart } from '../shared/processing';
import { ApiProblem } from '../shared/api';
import { Download, downloadByBrowser, type DownloadProgress } from './download';
import { enrolment } from './enrolment';
import { call, type View } from './portal-api';
import { history } from './progress';
import { currentTranslator, page, show, t } from './state';
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
  return new Intl.NumberFormat(page.locale, options).format(bytes / factor);
}

/** The package is available: to open in the browser, or to download. */
export async function renderDownload(view: View): Promise<void> {
  const until = new Date(view.availableUntil ?? '');
  const when = until.toLocaleString(page.locale, { dateStyle: 'long', timeStyle: 'short' });
  const sentences = (view.statements ?? []).map((one) =>
    make('li', {}, sentenceOf(one, currentTranslator())),
  );
  const isResumable = canResume();
  const hasBegun = isResumable && (await begunDownload()) !== null;
  show(
    'download',
    t('readyTitle'),
    paragraph(view.isOver ? t('untilRunning') : t('until', { when })),
    make('h2', {}, t('openTitle')),
    paragraph(t('openText')),
    make('a', { class: 'button', href: '/portal/open' }, t('open')),
    make('h2', {}, t('downloadTitle')),
    paragraph(t('downloadText', { size: size(view.packageBytes ?? 0) })),
    paragraph(t(isResumable ? 'resumes' : 'plain'), { class: 'hint' }),
    isResumable
      ? downloadControls(hasBegun)
      : action(t('download'), downloadByBrowser, { id: 'download' }),
    make('h2', {}, t('passphrase')),
    paragraph(t('passphraseText')),
    passphraseControls(),
    make('details', { open: '' }, make('summary', {}, t('contents')), make('ul', {}, ...sentences)),
    ...processingPart(view.processing, currentTranslator()),
    ...(view.canEnrol ? enrolment() : []),
    ...history(view),
  );
}

function downloadControls(hasBegun: boolean): HTMLElement {
  const bar = make('progress', { max: '1', value: '0', 'aria-label': t('download') });
  const text = make('p', { role: 'status' });
  const report = ({ done, all, isWaiting }: DownloadProgress): void => {
    bar.hidden = false;
    bar.max = all;
    bar.value = done;
    const percent = all === 0 ? 0 : Math.floor((100 * done) / all);
    text.textContent = isWaiting
      ? t('waiting')
      : t('downloading', { done: size(done), all: size(all), percent });
  };
  bar.hidden = true;
  const box = make('div', { class: 'download' });
  const pause = button(t('pause'), () => page.download?.pause(), { class: 'quiet' });
  pause.hidden = true;
  const run = async (): Promise<void> => {
    page.download = new Download(report);
    pause.hidden = false;
    try {
      const end = await page.download.run();
      text.textContent = end.kind === 'done' ? t('downloaded') : '';
      if (end.kind === 'paused') {
        text.textContent = t('paused');
        start.textContent = t('goOn');
      }
      if (end.kind === 'refused') {
        start.textContent = t('goOn');
        throw new ApiProblem(403, end.code);
      }
      if (end.kind === 'done' && end.file) box.append(savedFile(end.file));
    } finally {
      pause.hidden = true;
      page.download = null;
    }
  };
  const start = action(t(hasBegun ? 'goOn' : 'download'), run, { id: 'download' });
  box.append(start, pause, bar, text);
  return box;
}

/** A link that saves a file of the browser's private folder where the person finds it. */
function savedFile(file: File): HTMLElement {
  const href = URL.createObjectURL(file);
  return make('a', { class: 'button', href, download: 'my-data.zip', id: 'save' }, t('saveFile'));
}

function passphraseControls(): HTMLElement {
  const output = make('output', { id: 'passphrase' });
  const copy = action(
    t('copyPassphrase'),
    async () => {
      await navigator.clipboard.writeText(output.textContent);
      notice.textContent = t('copied');
    },
    { class: 'quiet' },
  );
  copy.hidden = true;
  const reveal = action(
    t('showPassphrase'),
    async () => {
      const { passphrase } = await call<{ passphrase: string }>('POST', 'passphrase');
      output.textContent = passphrase;
      copy.hidden = false;
    },
    { class: 'quiet' },
  );
  return make('div', { class: 'passphrase' }, reveal, output, copy);
}
