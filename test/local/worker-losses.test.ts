import { WorkerLosses } from '../../local/host/worker-losses';

const minute = 60_000;
/** Whether each lost process is replaced, for the minutes at which they are lost. */
const replaced = (processes: number, ...minutes: number[]): boolean[] => {
  const losses = new WorkerLosses(processes);
  return minutes.map((at) => losses.add(at * minute));
};

describe('lost worker processes of a host', () => {
  it('are replaced twice and not a third time', () => {
    expect(replaced(1, 0, 1, 2)).toEqual([true, true, false]);
  });

  it('are allowed for each process that the host has', () => {
    expect(replaced(2, 0, 1, 2, 3, 4, 5)).toEqual([true, true, true, true, true, false]);
  });

  it('count as long as none comes more than half an hour after the one before', () => {
    expect(replaced(1, 0, 30, 60)).toEqual([true, true, false]);
    expect(replaced(1, 0, 30, 61, 91)).toEqual([true, true, true, true]);
  });
});
