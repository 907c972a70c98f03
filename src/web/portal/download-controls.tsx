import { signal, useSignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks';
import { Bar } from '../shared/bars';
import { Button } from '../shared/button';
import { say } from '../shared/live';
import { useWords, type Words } from '../shared/words';
import { Download, downloadByBrowser, type DownloadEnd, type DownloadProgress } from './download';
import { Pace } from './pace';
import { Refused } from './refused';
import { attempt } from './state';
import { begunDownload, canResume, seemsToResume } from './target';

type Stage = 'idle' | 'begun' | 'running' | 'paused' | 'done';

/** A download, as the page shows it. */
class Transfer {
  readonly stage = signal<Stage>('idle');
  readonly progress = signal<DownloadProgress | null>(null);
  /** Bytes a second; null while that cannot be said. */
  readonly rate = signal<number | null>(null);
  /** The file that the person still has to save; null where they have chosen its place. */
  readonly file = signal<File | null>(null);
  private readonly pace = new Pace();
  private current: Download | null = null;
  private quarter = 0;

  /** @param words of the language that the page speaks now */
  constructor(public words: Words) {}

  /** Looks whether a download was begun before. */
  async look(): Promise<void> {
    if ((await canResume()) && (await begunDownload()) !== null && this.stage.value === 'idle')
      this.stage.value = 'begun';
  }

  pause(): void {
    this.current?.pause();
  }

  /** Must be called from a click. */
  async run(): Promise<void> {
    if (!(await canResume())) return downloadByBrowser();
    const { value: before } = this.stage;
    this.current = new Download((progress) => this.report(progress));
    this.pace.reset();
    this.stage.value = 'running';
    try {
      this.show(await this.current.run(), before);
    } catch (error) {
      if (this.stage.value === 'running') this.stage.value = this.standing(before);
      throw error;
    } finally {
      this.current = null;
    }
  }

  /** @throws Refused for what the person has to be told */
  private show(end: DownloadEnd, before: Stage): void {
    switch (end.kind) {
      case 'done':
        this.file.value = end.file;
        this.stage.value = 'done';
        say(this.words.t('portal.ready.download.done'));
        return;
      case 'paused':
        this.stage.value = 'paused';
        return;
      case 'notBegun':
        this.stage.value = before;
        return;
      case 'refused':
        if (end.isLost) this.progress.value = null;
        this.stage.value = end.isLost ? 'idle' : this.standing(before);
        throw new Refused(end.code);
    }
  }

  /** What can be resumed is paused; nothing else has begun. */
  private standing = (before: Stage): Stage => (this.progress.value === null ? before : 'paused');

  private report(progress: DownloadProgress): void {
    this.progress.value = progress;
    if (progress.isWaiting) this.pace.reset();
    this.rate.value = this.pace.add(performance.now(), progress.done);
    // Screen readers hear of each quarter, and of nothing between.
    const quarter = Math.floor((4 * progress.done) / Math.max(1, progress.all));
    if (quarter > this.quarter && quarter < 4) say(this.words.percent(quarter / 4));
    this.quarter = quarter;
  }
}

/** Whether this browser can resume a download: what seems so at first, until the browser has answered. */
export function useResuming(): boolean {
  const resumes = useSignal(seemsToResume());
  useEffect(() => {
    void canResume().then((can) => (resumes.value = can));
  }, []);
  return resumes.value;
}

/**
 * The download, which can be paused and goes on where it stopped.
 * @param resumes whether this browser can do so; without it, the browser downloads by itself
 */
export function DownloadControls({
  isDone,
  resumes,
}: {
  isDone: Signal<boolean>;
  resumes: boolean;
}): JSX.Element {
  const words = useWords();
  const { t } = words;
  const transfer = useMemo(() => new Transfer(words), []);
  transfer.words = words;
  useEffect(() => {
    void transfer.look();
  }, [transfer]);
  // It ends with its page, and can be resumed on the next one: also with one that was left before it was drawn.
  useLayoutEffect(() => () => transfer.pause(), [transfer]);
  useEffect(() => {
    if (transfer.stage.value === 'done') isDone.value = true;
  }, [transfer.stage.value]);
  if (!resumes)
    return (
      <Button icon="download" id="download" run={() => attempt(downloadByBrowser)}>
        {t('portal.ready.download.action')}
      </Button>
    );
  const stage = transfer.stage.value;
  const start = (): Promise<void> => attempt(() => transfer.run());
  return (
    <div class="download">
      {stage === 'running' ? (
        <Button icon="pause" id="pause" run={() => transfer.pause()}>
          {t('portal.ready.download.pause')}
        </Button>
      ) : (
        stage !== 'done' && (
          <Button icon="download" id="download" run={() => void start()}>
            {t(stage === 'idle' ? 'portal.ready.download.action' : 'portal.ready.download.resume')}
          </Button>
        )
      )}
      <Advance transfer={transfer} />
      {stage === 'done' && <p class="ok">{t('portal.ready.download.done')}</p>}
      <SavedFile file={transfer.file.value} />
    </div>
  );
}

/** How much of it is there, how fast it comes, and how long the rest takes. */
function Advance({ transfer }: { transfer: Transfer }): JSX.Element | null {
  const words = useWords();
  const { t } = words;
  const progress = transfer.progress.value;
  if (progress === null || transfer.stage.value === 'done') return null;
  const { done, all, isWaiting } = progress;
  const rate = transfer.rate.value;
  const doneOf = t('portal.progress.doneOf', { done: words.bytes(done), all: words.bytes(all) });
  const parts = [
    transfer.stage.value === 'paused' ? t('portal.ready.download.paused') : '',
    doneOf,
    rate === null ? '' : t('portal.ready.download.rate', { rate: words.bytes(rate) }),
    rate === null
      ? ''
      : t('portal.ready.download.left', { duration: words.duration((all - done) / rate) }),
  ];
  return (
    <>
      <Bar share={all === 0 ? 0 : done / all} />
      <p class="secondary">
        {isWaiting && transfer.stage.value === 'running'
          ? t('portal.ready.download.waiting')
          : parts.filter((one) => one !== '').join(' · ')}
      </p>
    </>
  );
}

/** A link that saves a file of the browser's private folder where the person finds it. */
function SavedFile({ file }: { file: File | null }): JSX.Element | null {
  const { t } = useWords();
  const href = useMemo(() => (file === null ? '' : URL.createObjectURL(file)), [file]);
  useEffect(() => () => URL.revokeObjectURL(href), [href]);
  if (file === null) return null;
  return (
    <p>
      <a class="button plain" id="save" href={href} download="my-data.zip">
        {t('portal.ready.download.save')}
      </a>
    </p>
  );
}
