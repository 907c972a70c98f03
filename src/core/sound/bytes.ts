/** Bytes that have come and are not read yet. */
export class ByteQueue {
  private bytes: Uint8Array = new Uint8Array();
  private at = 0;

  get length(): number {
    return this.bytes.length - this.at;
  }

  push(chunk: Uint8Array): void {
    if (this.length === 0) {
      this.bytes = chunk;
      this.at = 0;
      return;
    }
    const joined = new Uint8Array(this.length + chunk.length);
    joined.set(this.bytes.subarray(this.at));
    joined.set(chunk, this.length);
    this.bytes = joined;
    this.at = 0;
  }

  /** The next bytes, which stay; fewer when there are fewer. */
  peek(count: number): Uint8Array {
    return this.bytes.subarray(this.at, this.at + count);
  }

  /** The next bytes, which go; fewer when there are fewer. */
  take(count: number): Uint8Array {
    const taken = this.peek(count);
    this.at += taken.length;
    return taken;
  }
}

/** Numbers in bytes, little endian where nothing else is said. */
export const view = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Four letters that say what follows. */
export const letters = (bytes: Uint8Array, at = 0, count = 4): string =>
  String.fromCharCode(...bytes.subarray(at, at + count));
