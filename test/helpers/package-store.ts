import type { PackageStore } from '../../src/ports';

/** A block blob in memory: blocks wait until a list names them. */
export class MemoryPackageStore implements PackageStore {
  readonly staged = new Map<string, Buffer>();
  content: Buffer | null = null;
  stageBlock(_id: string, blockId: string, content: Buffer): Promise<void> {
    this.staged.set(blockId, Buffer.from(content));
    return Promise.resolve();
  }
  version(): Promise<string | null> {
    return Promise.resolve(null);
  }
  commit(_id: string, blockIds: string[]): Promise<void> {
    const blocks = blockIds.map((blockId) => this.staged.get(blockId));
    if (blocks.includes(undefined)) throw new Error('InvalidBlockList');
    expect(new Set(blockIds.map((blockId) => blockId.length)).size).toBe(1);
    this.content = Buffer.concat(blocks as Buffer[]);
    return Promise.resolve();
  }
  size(): Promise<number | null> {
    return Promise.resolve(this.content?.length ?? null);
  }
  read(_id: string, from: number, count: number): Promise<Buffer> {
    return Promise.resolve((this.content ?? Buffer.alloc(0)).subarray(from, from + count));
  }
  async *stream(id: string, from: number, count: number): AsyncGenerator<Buffer> {
    const bytes = await this.read(id, from, count);
    for (let i = 0; i < bytes.length; i += 100_003)
      yield bytes.subarray(i, Math.min(i + 100_003, bytes.length));
  }
  delete(): Promise<void> {
    this.content = null;
    return Promise.resolve();
  }
  link(): Promise<null> {
    return Promise.reject(new Error('not here'));
  }
}
