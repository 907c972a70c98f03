/** Waits. */
export const pause = (milliseconds: number): Promise<void> =>
  new Promise((done) => setTimeout(done, milliseconds));

/**
 * Does something again and again, also after it has failed: the next time begins a while after the last one
 * has ended, so that there is never more than one at a time.
 * @param between milliseconds between the end of one and the beginning of the next
 * @returns what ends it
 */
export function repeatedly(work: () => Promise<unknown>, between: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  const wait = (): void => {
    timer = setTimeout(
      () =>
        void work()
          .catch(() => undefined)
          .finally(next),
      between,
    );
  };
  const next = (): void => {
    if (!isStopped) wait();
  };
  wait();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
