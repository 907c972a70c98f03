import { ByteQueue, letters, view } from '../../src/core/sound/bytes';

const queueOf = (...chunks: number[][]): ByteQueue => {
  const queue = new ByteQueue();
  for (const chunk of chunks) queue.push(Uint8Array.from(chunk));
  return queue;
};
const listed = (bytes: Uint8Array): number[] => [...bytes];

describe('bytes that have come and are not read', () => {
  it('are none at first', () => {
    const queue = new ByteQueue();
    expect(queue).toHaveLength(0);
    expect(listed(queue.peek(3))).toEqual([]);
    expect(listed(queue.take(3))).toEqual([]);
  });

  it('come in the order in which they were given', () => {
    const queue = queueOf([1, 2], [3], [4, 5, 6]);
    expect(queue).toHaveLength(6);
    expect(listed(queue.take(6))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(queue).toHaveLength(0);
  });

  it('stay when they are only looked at', () => {
    const queue = queueOf([1, 2, 3]);
    expect(listed(queue.peek(2))).toEqual([1, 2]);
    expect(listed(queue.peek(2))).toEqual([1, 2]);
    expect(queue).toHaveLength(3);
  });

  it('are fewer than asked for where fewer have come', () => {
    const queue = queueOf([1, 2, 3]);
    expect(listed(queue.take(2))).toEqual([1, 2]);
    expect(listed(queue.peek(9))).toEqual([3]);
    expect(listed(queue.take(9))).toEqual([3]);
    expect(queue).toHaveLength(0);
  });

  it('are followed by those that come when some are read', () => {
    const queue = queueOf([1, 2, 3, 4]);
    expect(listed(queue.take(3))).toEqual([1, 2, 3]);
    queue.push(Uint8Array.of(5, 6));
    expect(queue).toHaveLength(3);
    expect(listed(queue.peek(2))).toEqual([4, 5]);
    expect(listed(queue.take(3))).toEqual([4, 5, 6]);
  });

  it('begin anew when all are read', () => {
    const queue = queueOf([1, 2, 3]);
    queue.take(3);
    queue.push(Uint8Array.of(7, 8));
    expect(queue).toHaveLength(2);
    expect(listed(queue.take(2))).toEqual([7, 8]);
  });

  it('are not copied where nothing waits before them', () => {
    const chunk = Uint8Array.of(1, 2, 3);
    const queue = new ByteQueue();
    queue.push(chunk);
    expect(queue.take(3).buffer).toBe(chunk.buffer);
  });
});

describe('numbers and letters in bytes', () => {
  it('are those of the given part of a buffer', () => {
    const part = Uint8Array.of(9, 9, 1, 2, 3, 9).subarray(2, 5);
    expect(view(part).byteLength).toBe(3);
    expect(view(part).getUint16(0, true)).toBe(0x0201);
    expect(view(part).getUint16(1)).toBe(0x0203);
  });

  it('are four letters from the start where nothing else is said', () => {
    const bytes = Buffer.from('RIFFxxxxWAVE');
    expect(letters(bytes)).toBe('RIFF');
    expect(letters(bytes, 8)).toBe('WAVE');
    expect(letters(bytes, 4, 6)).toBe('xxxxWA');
    expect(letters(bytes, 10)).toBe('VE');
    expect(letters(bytes, 12)).toBe('');
    expect(letters(Uint8Array.of(0xe4, 0xff), 0, 2)).toBe('\xe4\xff');
  });
});
