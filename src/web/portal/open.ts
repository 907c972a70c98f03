import { configure, Reader, ZipReader, type FileEntry } from '@zip.js/zip.js';
import { viewerValue } from '../../core/package/viewer-script';
import type { ViewerIndex } from '../../core/package/viewer-index';
import type { ViewerTexts } from '../../core/package/viewer-texts';
import { pickLocale, translator, type Locales } from '../../core/i18n/translator';
import { button, make } from '../shared/dom';
import { showPackage } from '../viewer/timeline';
import { ApiProblem } from '../shared/api';
import { call, loadLocales } from './portal-api';
import { RemotePackage } from './remote-package';

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

/** An open archive: its entries by name. */
class Archive {
  private constructor(private readonly entries: ReadonlyMap<string, FileEntry>) {}

  static async open(passphrase: string): Promise<Archive> {
    const reader = new ZipReader(new RemoteReader(new RemotePackage()), { password: passphrase });
    const entries = (await reader.getEntries()).flatMap((entry) =>
      entry.directory ? [] : [entry],
    );
    return new Archive(new Map(entries.map((entry) => [entry.filename, entry])));
  }

  get names(): string[] {
    return [...this.entries.keys()];
  }

  private entry(name: string): FileEntry {
    const entry = this.entries.get(name);
    if (!entry) throw new Error(`The package has no ${name}.`);
    return entry;
  }

  async text(name: string): Promise<string> {
    const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>>();
    const text = new Response(readable).text();
    await this.entry(name).getData(writable);
    return text;
  }

  /** A decrypted file in memory, to be played. */
  async blob(name: string): Promise<Blob> {
    const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>>();
    const blob = new Response(readable, { headers: { 'Content-Type': typeOf(name) } }).blob();
    await this.entry(name).getData(writable);
    return blob;
  }

  /** Decrypts a file into a stream. */
  async pipe(name: string, into: WritableStream): Promise<void> {
    await this.entry(name).getData(into);
  }
}

/** Address of the file that is being played. */
let playing: string | null = null;

async function openMedia(archive: Archive, file: string): Promise<string> {
  const blob = await archive.blob(file);
  if (playing) URL.revokeObjectURL(playing);
  playing = URL.createObjectURL(blob);
  return playing;
}

type FilePicker = (options: object) => Promise<FileSystemFileHandle>;
type FolderPicker = (options: object) => Promise<FileSystemDirectoryHandle>;
const pickers = globalThis as {
  showSaveFilePicker?: FilePicker;
  showDirectoryPicker?: FolderPicker;
};

/** Saves one file where the person chooses, or else as a download of the browser. */
async function saveFile(archive: Archive, file: string): Promise<void> {
  const name = file.split('/').at(-1) ?? file;
  if (pickers.showSaveFilePicker) {
    const handle = await pickers.showSaveFilePicker({ suggestedName: name });
    await archive.pipe(file, await handle.createWritable());
    return;
  }
  const href = URL.createObjectURL(await archive.blob(file));
  make('a', { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

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

function buildBar(archive: Archive, t: (key: string, values?: object) => string): void {
  const status = make('span', { role: 'status' });
  const all = button(t('viewerSaveAll'), () => {
    const choose = pickers.showDirectoryPicker;
    if (!choose) {
      status.textContent = t('viewerNoFolder');
      return;
    }
    all.disabled = true;
    choose({ mode: 'readwrite' })
      .then((folder) =>
        saveAll(archive, folder, (done, count) => {
          status.textContent = t('viewerSaving', { done, all: count });
        }),
      )
      .then(() => (status.textContent = t('viewerSaved')))
      .catch((error: unknown) => {
        const isClosed = error instanceof DOMException && error.name === 'AbortError';
        status.textContent = isClosed ? '' : t('problems.unknown');
      })
      .finally(() => (all.disabled = false));
  });
  document
    .getElementById('bar')
    ?.replaceChildren(make('a', { href: '/portal' }, t('viewerBack')), all, status);
}

/** Texts of at most so many parts are kept: all of them may be more than a phone has room for. */
const pagesKept = 20;

/** Reads the texts of parts from the archive, and keeps the latest ones. */
function textsOf(archive: Archive): (page: string) => Promise<ViewerTexts[]> {
  const pages = new Map<string, Promise<ViewerTexts[]>>();
  return (page) => {
    const known = pages.get(page) ?? (valueIn(archive, page, page) as Promise<ViewerTexts[]>);
    pages.delete(page);
    pages.set(page, known);
    const [oldest] = pages.keys();
    if (pages.size > pagesKept && oldest !== undefined) pages.delete(oldest);
    return known;
  };
}

/** The value that a script file of the viewer sets. */
const valueIn = async (archive: Archive, key: string, file: string): Promise<unknown> =>
  viewerValue(key, await archive.text(file));

async function start(app: HTMLElement): Promise<void> {
  const locales: Locales = await loadLocales();
  const { t, has } = translator(locales, pickLocale(navigator.languages, locales));
  const ofPortal = (key: string, values = {}): string => t(`portal.${key}`, values);
  app.replaceChildren(make('p', { role: 'status' }, t('viewer.loading')));
  try {
    const { passphrase } = await call<{ passphrase: string }>('POST', 'passphrase');
    const archive = await Archive.open(passphrase);
    const index = (await valueIn(archive, 'index', 'viewer/index.js')) as ViewerIndex;
    buildBar(archive, ofPortal);
    showPackage(app, {
      index,
      locales,
      texts: textsOf(archive),
      media: {
        kind: 'archive',
        open: (file) => openMedia(archive, file),
        save: (file) => saveFile(archive, file),
      },
    });
  } catch (error) {
    const code = error instanceof ApiProblem ? error.code : 'unknown';
    const known = has(`portal.problems.${code}`) ? code : 'unknown';
    app.replaceChildren(
      make('p', { role: 'alert' }, ofPortal(`problems.${known}`)),
      make('a', { href: '/portal' }, ofPortal('viewerBack')),
    );
  }
}

const app = document.getElementById('app');
if (app) void start(app);
