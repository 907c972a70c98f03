// `npm run test:kill -- --runs N --seed S`: kills the host at N seeded random moments.
require('./seeded-tests.cjs')('test/crash/random-kill', 'KILL');
