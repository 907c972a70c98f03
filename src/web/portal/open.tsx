import { configure, Reader, type FileEntry } from '@zip.js/zip.js';
import { viewerValue } from '../../core/package/viewer-script';
import { useSignal } from '@preact/signals';
import { render, type JSX } from 'preact';
import { indexFile, type ViewerIndex } from '../../core/package/viewer-index';
import { pickLocale, type Locales } from '../../core/i18n/translator';
import { Button } from '../shared/button';
import { Icon } from '../shared/icons';
import { Note } from '../shared/labels';
import { isNamed } from '../shared/dom-exceptions';
import { saveBlob } from '../shared/save-blob';
import { Loading } from '../shared/waiting';
import { useWords, WordsProvider } from '../shared/words';
import { showPackage } from '../viewer/app';
import { ApiProblem } from '../shared/api';
import { call, loadLocales } from './portal-api';
import { PackageDirectory } from './package-directory';
import { RemotePackage } from './remote-package';
import { inOne, saveWhereChosen, type Saving } from './save-where-chosen';
import { ShownFiles } from './shown-files';

/**
 * Opens the package in the browser: the archive is read from storage in ranges and decrypted on this
 * device. Only the ranges that are shown are fetched.
 */
configure({ useWebWorkers: false });

/** Short reads go through a cache of blocks: an entry's header and its content are read one by one. */
const blockLength = 256 * 1024;
const blocksKept = 16;

/** Reads the archive from storage. */
class RemoteReader extends Reader<RemotePackage> {
  private readonly blocks = new Map<number, Promise<Uint8Array<ArrayBuffer>>>();

  constructor(private readonly remote: RemotePackage) {
    super(remote);
  }

  override async init(): Promise<void> {
    await super.init?.();
    this.size = (await this.remote.describe()).bytes;
  }

  override async readUint8Array(index: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const count = Math.max(0, Math.min(length, this.size - index));
    // Long reads are not cached.
    if (count > blockLength) return this.remote.read(index, count);
    const result = new Uint8Array(count);
    for (let at = index; at < index + count;) {
      const start = Math.floor(at / blockLength) * blockLength;
      const block = await this.block(start);
      const part = block.subarray(at - start, Math.min(block.length, index + count - start));
      result.set(part, at - index);
      at += part.length;
    }
    return result;
  }

  private block(start: number): Promise<Uint8Array<ArrayBuffer>> {
    let block = this.blocks.get(start);
    if (block) return block;
    block = this.remote.read(start, Math.min(blockLength, this.size - start));
    block.catch(() => this.blocks.delete(start));
    this.blocks.set(start, block);
    const [oldest] = this.blocks.keys();
    if (this.blocks.size > blocksKept && oldest !== undefined) this.blocks.delete(oldest);
    return block;
  }
}

const types: Record<string, string> = {
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  webm: 'video/webm',
  mp4: 'video/mp4',
};
const typeOf = (file: string): string =>
  types[file.split('.').at(-1) ?? ''] ?? 'application/octet-stream';

/** An open archive. */
class Archive {
  private constructor(
    private readonly directory: PackageDirectory,
    private readonly passphrase: string,
  ) {}

  static async open(passphrase: string): Promise<Archive> {
    const reader = new RemoteReader(new RemotePackage());
    return new Archive(await PackageDirectory.of(reader), passphrase);
  }

  get names(): string[] {
    return this.directory.names;
  }

  private entry(name: string): Promise<FileEntry> {
    return this.directory.entry(name, this.passphrase);
  }

  async text(name: string): Promise<string> {
    const entry = await this.entry(name);
    const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>>();
    const text = new Response(readable).text();
    await entry.getData(writable);
    return text;
  }

  /** A decrypted file in memory, to be played. */
  async blob(name: string): Promise<Blob> {
    const entry = await this.entry(name);
    const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>>();
    const blob = new Response(readable, { headers: { 'Content-Type': typeOf(name) } }).blob();
    await entry.getData(writable);
    return blob;
  }

  /** Decrypts a file into a stream. */
  async pipe(name: string, into: WritableStream): Promise<void> {
    await (await this.entry(name)).getData(into);
  }
}

/** Decrypted files that pages show are kept up to this size in all, in bytes. */
const shownBytes = 256 * 1024 * 1024;

const saving = (): Saving => {
  const { showSaveFilePicker } = globalThis as { showSaveFilePicker?: Saving['choose'] };
  return { choose: showSaveFilePicker?.bind(globalThis), download: saveBlob };
};

/** Saves one file. @param known the file where it is decrypted already */
const saveFile = (archive: Archive, file: string, known: Blob | null): Promise<void> =>
  saveWhereChosen(
    file.split('/').at(-1) ?? file,
    known === null
      ? {
          pipe: async (open) => archive.pipe(file, await open()),
          whole: () => archive.blob(file),
        }
      : inOne(() => Promise.resolve(known)),
    saving(),
  );

/** Writes every file, decrypted, into a folder that the person chooses. */
async function saveAll(
  archive: Archive,
  folder: FileSystemDirectoryHandle,
  onFile: (done: number, all: number) => void,
): Promise<void> {
  const { names } = archive;
  for (const [i, name] of names.entries()) {
    onFile(i + 1, names.length);
    const path = name.split('/');
    let place = folder;
    for (const part of path.slice(0, -1))
      place = await place.getDirectoryHandle(part, { create: true });
    const handle = await place.getFileHandle(path.at(-1) ?? '', { create: true });
    await archive.pipe(name, await handle.createWritable());
  }
}

type FolderPicker = (options: object) => Promise<FileSystemDirectoryHandle>;
type SaveState = 'idle' | 'noFolder' | 'saved' | 'failed' | { done: number; all: number };

/** Above the package: the way back, and all of it decrypted in a folder. */
function Bar({ archive }: { archive: Archive }): JSX.Element {
  const { t } = useWords();
  const state = useSignal<SaveState>('idle');
  const save = async (): Promise<void> => {
    const { showDirectoryPicker: choose } = globalThis as { showDirectoryPicker?: FolderPicker };
    if (!choose) {
      state.value = 'noFolder';
      return;
    }
    try {
      const folder = await choose({ mode: 'readwrite' });
      await saveAll(archive, folder, (done, all) => (state.value = { done, all }));
      state.value = 'saved';
    } catch (error) {
      state.value = isNamed(error, 'AbortError') ? 'idle' : 'failed';
    }
  };
  const now = state.value;
  const said = {
    idle: '',
    noFolder: t('portal.viewerNoFolder'),
    saved: t('portal.viewerSaved'),
    failed: t('portal.problems.unknown'),
  };
  return (
    <nav class="package-bar" aria-label={t('viewer.portalBar')}>
      <a href="/portal">
        <Icon name="back" /> {t('portal.viewerBack')}
      </a>
      <Button run={save}>{t('portal.viewerSaveAll')}</Button>
      {/* Every file is seen; what is read out is the end alone. */}
      {typeof now === 'object' && (
        <span>{t('portal.viewerSaving', { done: now.done, all: now.all })}</span>
      )}
      <span role="status">{typeof now === 'object' ? '' : said[now]}</span>
    </nav>
  );
}

/** Why the package cannot be opened. */
function Problem({ code }: { code: string }): JSX.Element {
  const { t, has } = useWords();
  const path = `portal.problems.${code}`;
  return (
    <main class="check">
      <h1>{t('viewer.title')}</h1>
      <Note tone="bad" role="alert" title={t(has(path) ? path : 'portal.problems.unknown')} />
      <a href="/portal">{t('portal.viewerBack')}</a>
    </main>
  );
}

/** The value that a script file of the viewer sets. */
const valueIn = async (archive: Archive, key: string, file: string): Promise<unknown> =>
  viewerValue(key, await archive.text(file));

async function start(app: HTMLElement): Promise<void> {
  const locales: Locales = await loadLocales();
  const tag = pickLocale(navigator.languages, locales);
  const show = (content: JSX.Element): void =>
    render(
      <WordsProvider locales={locales} tag={tag}>
        {content}
      </WordsProvider>,
      app,
    );
  show(
    <main class="check">
      <Loading />
    </main>,
  );
  try {
    const { passphrase } = await call<{ passphrase: string }>('POST', 'passphrase');
    const archive = await Archive.open(passphrase);
    const shown = new ShownFiles((file) => archive.blob(file), shownBytes);
    const index = (await valueIn(archive, 'index', indexFile)) as ViewerIndex;
    app.classList.add('has-bar');
    showPackage(
      app,
      {
        index,
        locales,
        script: (file) => valueIn(archive, file, file),
        media: {
          kind: 'archive',
          open: (file) => shown.open(file),
          save: (file) => saveFile(archive, file, shown.blobOf(file)),
          read: (file) => archive.blob(file),
          saveAs: (name, content) => saveWhereChosen(name, inOne(content), saving()),
        },
      },
      <Bar archive={archive} />,
    );
  } catch (error) {
    show(<Problem code={error instanceof ApiProblem ? error.code : 'unknown'} />);
  }
}

const app = document.getElementById('app');
if (app) void start(app);
