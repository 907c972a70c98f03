import { configure, Reader, ZipReader, type FileEntry } from '@zip.js/zip.js';
import { viewerValue, type ViewerIndex, type ViewerTexts } from '../../core/package/viewer-data';
import { pickLocale, translator, type Locales } from '../../core/i18n/translator';
import { button, make } from '../viewer/dom';
import { showPackage } from '../viewer/timeline';
import { call, loadLocales, Refusal } from '../shared/api';
import { RemotePackage } from './remote-package';

/**
 * The person's data, opened in the browser: the archive is read in pieces where it lies, decrypted on
 * this device, and nothing of it is fetched that is not looked at.
 */
configure({ useWebWorkers: false });

/** Bytes around what is read that are kept: an entry's head and its content are read one by one. */
const blockLength = 256 * 1024;
const blocksKept = 16;

/** Reads the archive where it lies. */
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
    // What is long is read through, and not kept.
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

/** The archive, opened: its entries by name. */
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

  /** A file in memory, for what is played. */
  async blob(name: string): Promise<Blob> {
    const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>>();
    const blob = new Response(readable, { headers: { 'Content-Type': typeOf(name) } }).blob();
    await this.entry(name).getData(writable);
    return blob;
  }

  /** Decrypts a file into a stream, without holding it. */
  async pipe(name: string, into: WritableStream): Promise<void> {
    await this.entry(name).getData(into);
  }
}

/** The last address that was made for a file to play; the one before is let go. */
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

/** Saves one file: where the person says, or by the browser's own way. */
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

function buildBar(archive: Archive, say: (key: string, values?: object) => string): void {
  const status = make('span', { role: 'status' });
  const all = button(say('viewerSaveAll'), () => {
    const choose = pickers.showDirectoryPicker;
    if (!choose) {
      status.textContent = say('viewerNoFolder');
      return;
    }
    all.disabled = true;
    choose({ mode: 'readwrite' })
      .then((folder) =>
        saveAll(archive, folder, (done, count) => {
          status.textContent = say('viewerSaving', { done, all: count });
        }),
      )
      .then(() => (status.textContent = say('viewerSaved')))
      .catch((error: unknown) => {
        const isClosed = error instanceof DOMException && error.name === 'AbortError';
        status.textContent = isClosed ? '' : say('problems.unknown');
      })
      .finally(() => (all.disabled = false));
  });
  document
    .getElementById('bar')
    ?.replaceChildren(make('a', { href: '/portal' }, say('viewerBack')), all, status);
}

async function start(app: HTMLElement): Promise<void> {
  const languages: Locales = await loadLocales();
  const language = pickLocale(navigator.languages, languages);
  const { t: say } = translator(languages, language);
  const ofPortal = (key: string, values = {}): string => say(`portal.${key}`, values);
  app.replaceChildren(make('p', { role: 'status' }, say('viewer.loading')));
  try {
    const { passphrase } = await call<{ passphrase: string }>('POST', 'passphrase');
    const archive = await Archive.open(passphrase);
    const script = async (key: string, file: string): Promise<unknown> =>
      viewerValue(key, await archive.text(file));
    const index = (await script('index', 'viewer/index.js')) as ViewerIndex;
    const pages = new Map<string, Promise<ViewerTexts[]>>();
    const texts = (page: string): Promise<ViewerTexts[]> => {
      const known = pages.get(page) ?? (script(page, page) as Promise<ViewerTexts[]>);
      // Texts of a few parts are kept; all of them may be more than a phone has room for.
      pages.delete(page);
      pages.set(page, known);
      const [oldest] = pages.keys();
      if (pages.size > 20 && oldest !== undefined) pages.delete(oldest);
      return known;
    };
    buildBar(archive, ofPortal);
    showPackage(app, {
      index,
      languages,
      texts,
      media: {
        kind: 'archive',
        open: (file) => openMedia(archive, file),
        save: (file) => saveFile(archive, file),
      },
    });
  } catch (error) {
    const code = error instanceof Refusal ? error.code : 'unknown';
    const text = ofPortal(`problems.${code}`);
    app.replaceChildren(
      make(
        'p',
        { role: 'alert' },
        text.startsWith('portal.') ? ofPortal('problems.unknown') : text,
      ),
      make('a', { href: '/portal' }, ofPortal('viewerBack')),
    );
  }
}

const app = document.getElementById('app');
if (app) void start(app);
