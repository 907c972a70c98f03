import { createBeginExportAttempt } from '../../src/activities/begin-export-attempt';
import type { AppContext } from '../../src/composition/app-context';
import type { RequestState } from '../../src/core/request/states';
import { fakeSource, requestEnvironment } from '../helpers/exports';

const begin = async (state: RequestState, isPaused: boolean) => {
  const { env, record } = requestEnvironment(fakeSource({}).source, { isPaused });
  Object.assign(record, { state, exportAttempts: 1, exportCall: null, preparedExportCall: null });
  const moves: string[] = [];
  const move = (_id: string, to: string) => Promise.resolve(void moves.push(to));
  const services = { ...env, ledger: { ...env.ledger, move } } as AppContext;
  const result = await createBeginExportAttempt(services)({ requestId: 'request', call: 'now' });
  return { result, record, moves };
};

describe('the export of a request, while new collections are paused', () => {
  it.each<RequestState>(['identifying', 'needsDecision', 'failed'])(
    'does not begin from %s, and the status says why',
    async (state) => {
      const { result, record, moves } = await begin(state, true);
      expect(result).toEqual({
        kind: 'retryLater',
        afterSeconds: 600,
        reason: 'collectionsPaused',
      });
      expect(record).toMatchObject({
        exportAttempts: 1,
        waiting: { reason: 'collectionsPaused' },
      });
      expect(moves).toEqual([]);
    },
  );

  it.each<RequestState>(['exporting', 'packaging'])('goes on from %s', async (state) => {
    expect((await begin(state, true)).result).toEqual({ kind: 'done', value: { attempt: 2 } });
  });

  it('begins without a pause', async () => {
    const { result, moves } = await begin('identifying', false);
    expect(result).toEqual({ kind: 'done', value: { attempt: 2 } });
    expect(moves).toEqual(['exporting']);
  });
});
