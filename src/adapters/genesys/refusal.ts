import { SourceError } from '../../core/errors';

/** The refusal of a call for lack of permissions; null when it was not refused so. */
export async function refusalOf(call: () => Promise<unknown>): Promise<SourceError | null> {
  try {
    await call();
    return null;
  } catch (error) {
    const isRefusal =
      error instanceof SourceError &&
      error.outcome.kind === 'failed' &&
      error.outcome.code === 'sourcePermissionMissing';
    if (!isRefusal) throw error;
    return error;
  }
}
