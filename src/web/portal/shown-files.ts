interface ShownFile {
  address: string;
  blob: Blob;
}

/**
 * Addresses of decrypted files within a page: each is decrypted once, and those that were asked for longest ago
 * are given up when all of them take too much room.
 */
export class ShownFiles {
  private readonly files = new Map<string, Promise<ShownFile>>();
  /** Those that are there, from the one that was asked for longest ago on. */
  private readonly there = new Map<string, ShownFile>();

  /**
   * @param read decrypts a file
   * @param most bytes of all that are kept; the file that was asked for last stays in any case
   */
  constructor(
    private readonly read: (file: string) => Promise<Blob>,
    private readonly most: number,
  ) {}

  /** @throws whatever `read` throws; the file can be asked for again then */
  async open(file: string): Promise<string> {
    let shown = this.files.get(file);
    if (shown === undefined) {
      shown = this.load(file);
      this.files.set(file, shown);
      shown.catch(() => this.files.delete(file));
    }
    const { address } = await shown;
    this.touch(file);
    this.makeRoom();
    return address;
  }

  /** A file that was decrypted before and is still there. */
  blobOf(file: string): Blob | null {
    return this.there.get(file)?.blob ?? null;
  }

  private async load(file: string): Promise<ShownFile> {
    const blob = await this.read(file);
    const shown = { address: URL.createObjectURL(blob), blob };
    this.there.set(file, shown);
    return shown;
  }

  private touch(file: string): void {
    const shown = this.there.get(file);
    if (shown === undefined) return;
    this.there.delete(file);
    this.there.set(file, shown);
  }

  private makeRoom(): void {
    let total = [...this.there.values()].reduce((sum, { blob }) => sum + blob.size, 0);
    for (const [file, { address, blob }] of this.there) {
      if (total <= this.most || this.there.size === 1) return;
      URL.revokeObjectURL(address);
      this.there.delete(file);
      this.files.delete(file);
      total -= blob.size;
    }
  }
}
