import { isNamed } from '../shared/dom-exceptions';

/** The file that a download is written to. It can be resumed after the page was closed. */
export interface Target {
  kind: 'file' | 'private';
  /** Bytes that are written: a download resumes after them. */
  readonly written: number;
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Flushes what was written so far. */
  flush(): Promise<void>;
  /** Returns the whole file if the person still has to save it; null if they chose its place. */
  finish(): Promise<File | null>;
  discard(): Promise<void>;
}

/** A download that was begun, as the browser's database stores it. */
export interface Begun {
  etag: string;
  bytes: number;
  written: number;
  /** Handle of the file that the person chose; none for the browser's private folder. */
  handle?: FileSystemFileHandle;
}

const fileName = 'my-data.zip';
const databaseName = 'downloads';
const key = 'package';

function database(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const opening = indexedDB.open(databaseName, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('begun');
    opening.onsuccess = () => done(opening.result);
    opening.onerror = () => fail(opening.error ?? new Error('no database'));
  });
}

async function inStore<T>(
  mode: IDBTransactionMode,
  use: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const opened = await database();
  try {
    return await new Promise((done, fail) => {
      const request = use(opened.transaction('begun', mode).objectStore('begun'));
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error ?? new Error('no entry'));
    });
  } finally {
    opened.close();
  }
}

const remember = (begun: Begun): Promise<unknown> =>
  inStore('readwrite', (store) => store.put(begun, key));

/** Gives up the download that was begun. */
export const forgetBegun = (): Promise<unknown> =>
  inStore('readwrite', (store) => store.delete(key));

/** The download that was begun on this device; null without one. */
export const begunDownload = (): Promise<Begun | null> =>
  inStore(
    'readonly',
    (store): IDBRequest<Begun | undefined> => store.get(key) as IDBRequest<Begun | undefined>,
  ).then(
    (found) => found ?? null,
    () => null,
  );

type Picker = (options: object) => Promise<FileSystemFileHandle>;
const picker = (): Picker | undefined =>
  (globalThis as { showSaveFilePicker?: Picker }).showSaveFilePicker?.bind(globalThis);

/** Whether a browser looks as if it had a private folder that a page can write files of. */
const hasPrivateFolder = (): boolean =>
  'storage' in navigator &&
  'getDirectory' in navigator.storage &&
  // Older versions of Safari write them in workers alone.
  'createWritable' in FileSystemFileHandle.prototype;

/** The browser's private folder; null where it has none, or refuses it, as Firefox does in private windows. */
const privateFolder = async (): Promise<FileSystemDirectoryHandle | null> => {
  if (!hasPrivateFolder()) return null;
  return navigator.storage.getDirectory().catch(() => null);
};

/** Whether this browser looks as if it could resume a download: all that can be said at once. */
export const seemsToResume = (): boolean =>
  'indexedDB' in globalThis && (picker() !== undefined || hasPrivateFolder());

/** Whether this browser can resume a download. */
export const canResume = async (): Promise<boolean> =>
  seemsToResume() && (picker() !== undefined || (await privateFolder()) !== null);

/**
 * Asks where to write the package: a file that the person chooses, or the browser's private folder if it
 * has no file dialog. Must be called from a click.
 * @throws AbortError if the person closes the dialog
 */
export async function chooseTarget(): Promise<Begun> {
  const none = { etag: '', bytes: 0, written: 0 };
  const choose = picker();
  if (!choose) return none;
  const types = [{ accept: { 'application/zip': ['.zip'] } }];
  return { ...none, handle: await choose({ suggestedName: fileName, types }) };
}

/** Bytes that may be lost if the page is closed; more as the file grows, because a flush copies it. */
const unflushedShare = 0.5;
const unflushedLeast = 64 * 1024 * 1024;

/** The size of a file; 0 for one that was moved or deleted, which is written anew in its place. */
async function sizeOf(file: FileSystemFileHandle): Promise<number> {
  try {
    return (await file.getFile()).size;
  } catch (error) {
    if (isNamed(error, 'NotFoundError')) return 0;
    throw error;
  }
}

/**
 * Opens the file that was chosen, to resume after what is written. Must be called from a click: the
 * browser may ask for permission to write there.
 * @returns what throws a `NotFoundError` where the file cannot be written any more
 */
export async function openTarget(begun: Begun): Promise<Target> {
  const asking = begun.handle as
    { requestPermission?: (options: object) => Promise<PermissionState> } | undefined;
  await asking?.requestPermission?.({ mode: 'readwrite' });
  const folder = begun.handle ? null : await privateFolder();
  const file = begun.handle ?? (await folder?.getFileHandle(fileName, { create: true }));
  if (!file) throw new Error('There is nowhere to write to.');
  let { written } = begun;
  // The file may be shorter than the browser's database says.
  written = Math.min(written, await sizeOf(file));
  let writable: FileSystemWritableFileStream | null = null;
  let unflushed = 0;
  const flush = async (): Promise<void> => {
    if (!writable) return;
    await writable.close();
    writable = null;
    written += unflushed;
    unflushed = 0;
    await remember({ ...begun, written });
  };
  await remember({ ...begun, written });
  return {
    kind: begun.handle ? 'file' : 'private',
    get written() {
      return written + unflushed;
    },
    async write(bytes) {
      if (!writable) {
        writable = await file.createWritable({ keepExistingData: written > 0 });
        await writable.seek(written);
      }
      await writable.write(bytes);
      unflushed += bytes.length;
      if (unflushed >= Math.max(unflushedLeast, written * unflushedShare)) await flush();
    },
    flush,
    async finish() {
      await flush();
      await forgetBegun();
      return begun.handle ? null : file.getFile();
    },
    async discard() {
      await writable?.abort().catch(() => undefined);
      await forgetBegun();
      await folder?.removeEntry(fileName).catch(() => undefined);
    },
  };
}
