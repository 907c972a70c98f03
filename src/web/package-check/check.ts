import {
  ERR_ENTRY_DATA_OUT_OF_BOUNDS,
  ERR_INVALID_AUTHENTICATION_CODE,
  ERR_INVALID_COMPRESSED_DATA,
  ERR_INVALID_CRC32,
  ERR_INVALID_PASSWORD,
  ERR_INVALID_UNCOMPRESSED_SIZE,
  ERR_LOCAL_FILE_HEADER_NOT_FOUND,
  ZipReader,
  type Reader,
} from '@zip.js/zip.js';
import { flattenedVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';

/** Hashes of one file, made while it is read. */
export type Hasher = () => { stream: WritableStream<Uint8Array>; hex: () => Promise<string> };

/** Something that is wrong with a package, and the file that it is about; '' for the package. */
export interface Finding {
  code: keyof typeof sentences;
  name: string;
}

const sentences = {
  twice: (name: string) => `${name} stands in the package twice.`,
  manifestMissing: (name: string) => `${name} is missing.`,
  missing: (name: string) => `${name} is listed and is not in the package.`,
  changed: (name: string) => `${name} is not what was written.`,
  unlisted: (name: string) => `${name} is in the package and is not listed.`,
  badLine: (name: string) => `${name} has a line of another form.`,
  signature: (_name: string) => 'The signature is not by any of the keys given, or is missing.',
};

export interface PackageCheck {
  /** What is wrong; empty when everything is as it was written. */
  findings: Finding[];
  /** The same in English sentences. */
  problems: string[];
  files: number;
  bytes: number;
  /** `unchecked` when no public key was given. */
  signer: 'valid' | 'invalid' | 'unchecked';
}

const manifests = ['manifest-sha256.txt', 'tagmanifest-sha256.txt'] as const;
const signatureName = 'tagmanifest-sha256.txt.jws';
/** In the place of the hash of a file that cannot be read whole. */
const noHash = '';
/** What is thrown where a file differs from what was written. */
const signsOfChange: readonly string[] = [
  ERR_ENTRY_DATA_OUT_OF_BOUNDS,
  ERR_INVALID_AUTHENTICATION_CODE,
  ERR_INVALID_COMPRESSED_DATA,
  ERR_INVALID_CRC32,
  ERR_INVALID_UNCOMPRESSED_SIZE,
  ERR_LOCAL_FILE_HEADER_NOT_FOUND,
];
/** A file of the package that is read whole: manifests, and nothing that holds media. */
const longestText = 512 * 1024 * 1024;

/**
 * Checks a package without whoever made it: that every file is there, that none is there beside
 * them, that every hash of the manifests holds (RFC 8493), and that the tag manifest was signed by
 * one of the keys given. Runs in Node and in a browser.
 * @param onFile hears of each file before it is read
 * @throws Error when the file is no ZIP file, or the passphrase is another one
 */
export async function checkPackage<T>(
  source: Reader<T>,
  passphrase: string,
  keys: JSONWebKeySet | null,
  hasher: Hasher,
  onFile: (done: number, all: number) => void = () => undefined,
): Promise<PackageCheck> {
  const reader = new ZipReader(source, { password: passphrase, checkSignature: true });
  const findings: Finding[] = [];
  const found = (code: Finding['code'], name = ''): void => void findings.push({ code, name });
  const hashes = new Map<string, string>();
  const texts = new Map<string, Uint8Array>();
  let bytes = 0;
  try {
    let all = 0;
    let done = 0;
    const onprogress = (_: number, total: number): undefined => void (all = total);
    // One after the other: an entry takes 6 KB, and there may be 100,000 of them.
    for await (const entry of reader.getEntriesGenerator({ onprogress })) {
      if (entry.directory) continue;
      onFile(done, all);
      done += 1;
      const name = entry.filename;
      if (hashes.has(name)) found('twice', name);
      const isText = name === signatureName || (manifests as readonly string[]).includes(name);
      const chunks: Uint8Array[] = [];
      const { stream, hex } = hasher();
      const writer = stream.getWriter();
      let size = 0;
      const tee = new WritableStream<Uint8Array>({
        write: async (chunk) => {
          size += chunk.length;
          if (isText && size <= longestText) chunks.push(chunk.slice());
          await writer.write(chunk);
        },
        close: () => writer.close(),
      });
      const isWhole = await entry.getData(tee).then(
        () => true,
        (error: unknown) => {
          if (isChange(error, hashes.size > 0)) return false;
          throw error;
        },
      );
      hashes.set(name, isWhole ? await hex() : noHash);
      bytes += size;
      if (isWhole && isText) texts.set(name, joined(chunks));
    }
  } finally {
    await reader.close();
  }
  const decoder = new TextDecoder();
  const [payload, tags] = manifests.map((name) => {
    const content = texts.get(name);
    if (!content) found('manifestMissing', name);
    return parseManifest(content ? decoder.decode(content) : '', () => found('badLine', name));
  });
  for (const listed of [payload, tags]) {
    for (const [name, expected] of listed ?? []) {
      const hash = hashes.get(name);
      if (hash === undefined) found('missing', name);
      else if (hash !== expected) found('changed', name);
    }
  }
  const known = new Set([...(payload?.keys() ?? []), ...(tags?.keys() ?? [])]);
  const unlisted = [...hashes.keys()].filter(
    (name) => !known.has(name) && name !== 'tagmanifest-sha256.txt' && name !== signatureName,
  );
  for (const name of unlisted) found('unlisted', name);
  const signer = await checkSignature(texts, keys);
  if (signer === 'invalid') found('signature');
  const problems = findings.map(({ code, name }) => sentences[code](name));
  return { findings, problems, files: hashes.size, bytes, signer };
}

/** @param wasOpened whether the passphrase has opened a file before: then it is the right one */
function isChange(error: unknown, wasOpened: boolean): boolean {
  const { message } = error instanceof Error ? error : { message: '' };
  return signsOfChange.includes(message) || (wasOpened && message === ERR_INVALID_PASSWORD);
}

const joined = (chunks: Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const whole = new Uint8Array(chunks.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
};

/** Hashes by file name. @param refuse hears of each line of another form */
function parseManifest(text: string, refuse: () => void): Map<string, string> {
  const listed = new Map<string, string>();
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const [, hash, file] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    if (hash === undefined || file === undefined) refuse();
    else listed.set(file, hash);
  }
  return listed;
}

async function checkSignature(
  texts: ReadonlyMap<string, Uint8Array>,
  keys: JSONWebKeySet | null,
): Promise<PackageCheck['signer']> {
  if (keys === null) return 'unchecked';
  const jws = new TextDecoder().decode(texts.get(signatureName) ?? new Uint8Array()).trim();
  const payload = texts.get('tagmanifest-sha256.txt');
  const [header, middle, signature] = jws.split('.');
  if (!payload || !header || middle !== '' || !signature) return 'invalid';
  try {
    await flattenedVerify(
      { protected: header, payload: base64url(payload), signature },
      createLocalJWKSet(keys),
      { algorithms: ['ES256'] },
    );
    return 'valid';
  } catch {
    return 'invalid';
  }
}

/** Base64url (RFC 4648 section 5), in the browser, too. */
function base64url(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 8192)
    binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
