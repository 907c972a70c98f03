import { inOne, saveWhereChosen, type Saving } from '../../src/web/portal/save-where-chosen';

describe('a file that is saved where the person chooses', () => {
  const done: string[] = [];
  const file = (remove?: () => Promise<void>) => ({
    createWritable: () => {
      done.push('opened');
      const write = (): void => void done.push('written');
      return Promise.resolve(new WritableStream<Uint8Array<ArrayBuffer>>({ write }));
    },
    ...(remove ? { remove } : {}),
  });
  const words = inOne(() => {
    done.push('read');
    return Promise.resolve(new Blob(['Words']));
  });
  const unreadable = inOne(() => Promise.reject(new Error('It cannot be read.')));
  const download = (_: Blob, name: string): void => void done.push(`downloaded ${name}`);
  const asking = (given: ReturnType<typeof file>): Saving => ({
    choose: () => {
      done.push('asked');
      return Promise.resolve(given);
    },
    download,
  });
  const remove = (): Promise<void> => {
    done.push('removed');
    return Promise.resolve();
  };
  beforeEach(() => done.splice(0));

  it('is asked for before its content is read', async () => {
    await saveWhereChosen('words.txt', words, asking(file(remove)));
    expect(done).toEqual(['asked', 'read', 'opened', 'written']);
  });

  it.each([
    ['removed where the browser can', remove, ['asked', 'removed']],
    ['left where the browser cannot', undefined, ['asked']],
    ['left where it cannot be', () => Promise.reject(new Error('It is open.')), ['asked']],
  ])('and is empty, because it cannot be read, is %s', async (_, removing, order) => {
    const saved = saveWhereChosen('words.txt', unreadable, asking(file(removing)));
    await expect(saved).rejects.toThrow('It cannot be read.');
    expect(done).toEqual(order);
  });

  it('is not read where the dialog is closed', async () => {
    const choose = () => Promise.reject(new DOMException('', 'AbortError'));
    const saved = saveWhereChosen('words.txt', words, { choose, download });
    await expect(saved).rejects.toMatchObject({ name: 'AbortError' });
    expect(done).toEqual([]);
  });

  it('is a download of the browser where that has no such dialog', async () => {
    await saveWhereChosen('words.txt', words, { choose: undefined, download });
    expect(done).toEqual(['read', 'downloaded words.txt']);
  });
});
