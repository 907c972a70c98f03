/**
 * Runs one of the local stack's processes: starts it, says that it is ready (to its parent, or on
 * standard error), and stops it when asked to or when the parent is gone.
 */
export function runService(
  start: () => Promise<{ ready: unknown; message: string; stop: () => Promise<void> }>,
): void {
  start()
    .then(({ ready, message, stop }) => {
      if (process.send) process.send({ ready });
      else process.stderr.write(`${message}\n`);
      const end = (): void => {
        void stop().then(() => process.exit(0));
      };
      process.on('SIGTERM', end).on('SIGINT', end).on('disconnect', end);
    })
    .catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(1);
    });
}
