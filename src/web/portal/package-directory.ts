import { Reader, ZipReader, type FileEntry } from '@zip.js/zip.js';
import { endRecords, longestEnd, parseEnd, shortestEnd } from '../../core/package/zip-end';

/** A header of the directory without name and extra fields (APPNOTE.TXT 6.3.10 section 4.3.12). */
const headerLength = 46;
const headerSignature = 0x02014b50;

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * The directory of a package as it was read, and the place of each header in it. The entries of zip.js take
 * 6 KB each, which is more than a phone has for a package of 100,000 files: one is made when it is read.
 */
export class PackageDirectory {
  private constructor(
    private readonly archive: Reader<unknown>,
    private readonly bytes: Bytes,
    /** Where the directory begins in the archive. */
    private readonly start: number,
    private readonly places: ReadonlyMap<string, number>,
  ) {}

  /** @throws Error when the archive is no package */
  static async of(archive: Reader<unknown>): Promise<PackageDirectory> {
    await archive.init?.();
    const { size } = archive;
    const tailLength = Math.min(size, longestEnd);
    const end = parseEnd(await archive.readUint8Array(size - tailLength, tailLength));
    if (end === null || end.offset + end.size + end.length !== size) throw new NoPackage();
    const bytes = (await archive.readUint8Array(end.offset, end.size)) as Bytes;
    return new PackageDirectory(archive, bytes, end.offset, placesIn(bytes));
  }

  /** Names of the files, in the order of the package. */
  get names(): string[] {
    return [...this.places.keys()];
  }

  /** @throws Error when there is no such file */
  async entry(name: string, password: string): Promise<FileEntry> {
    const at = this.places.get(name);
    if (at === undefined) throw new Error(`The package has no ${name}.`);
    const header = this.bytes.subarray(at, at + lengthAt(viewOf(this.bytes), at));
    const archive = new OneEntry(this.archive, this.start, header);
    const [entry] = await new ZipReader(archive, { password }).getEntries();
    if (entry === undefined || entry.directory) throw new NoPackage();
    return entry;
  }
}

class NoPackage extends Error {
  constructor() {
    super('This is no package.');
  }
}

const viewOf = ({ buffer, byteOffset, length }: Bytes): DataView =>
  new DataView(buffer, byteOffset, length);

/** Length of the header at a place, with name, extra fields and comment. */
const lengthAt = (view: DataView, at: number): number =>
  headerLength +
  view.getUint16(at + 28, true) +
  view.getUint16(at + 30, true) +
  view.getUint16(at + 32, true);

/** The places of all files in a directory. */
function placesIn(bytes: Bytes): Map<string, number> {
  const view = viewOf(bytes);
  const decoder = new TextDecoder();
  const places = new Map<string, number>();
  for (let at = 0; at < bytes.length; at += lengthAt(view, at)) {
    const isHeader =
      at + headerLength <= bytes.length && view.getUint32(at, true) === headerSignature;
    if (!isHeader) throw new NoPackage();
    const from = at + headerLength;
    const name = decoder.decode(bytes.subarray(from, from + view.getUint16(at + 28, true)));
    if (!name.endsWith('/')) places.set(name, at);
  }
  return places;
}

/** zip.js looks for the end of an archive in as many of its last bytes, which would be read from storage. */
const searched = 0xffff + shortestEnd;

/** An archive as if it had one entry: its files are those of another archive, its directory is one header. */
class OneEntry extends Reader<Reader<unknown>> {
  private readonly tail: Bytes;

  constructor(
    private readonly archive: Reader<unknown>,
    private readonly start: number,
    header: Bytes,
  ) {
    super(archive);
    const end = endRecords(1, start + searched, header.length);
    this.tail = new Uint8Array(searched + header.length + end.length);
    this.tail.set(header, searched);
    this.tail.set(end, searched + header.length);
    this.size = start + this.tail.length;
  }

  override async readUint8Array(index: number, length: number): Promise<Uint8Array> {
    const { archive, start, tail } = this;
    if (index + length <= start) return archive.readUint8Array(index, length);
    if (index >= start) return tail.slice(index - start, index - start + length);
    const before = await archive.readUint8Array(index, start - index);
    const whole = new Uint8Array(length);
    whole.set(before);
    whole.set(tail.subarray(0, length - before.length), before.length);
    return whole;
  }
}
