// `npm run test:chaos -- --runs N --seed S`: requests under N seeded plans of kills, faults of the source,
// throttled, slow and truncated storage, steps of the clock and officers who intervene.
require('./seeded-tests.cjs')('test/crash/chaos', 'CHAOS');
