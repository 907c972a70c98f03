// For `npm run test:mutation`: properties try the same values in each run, so that a score can be
// repeated, and stop at the first failure, because nobody reads the smallest counterexample.
const fc = require('fast-check');

fc.configureGlobal({ seed: 1182, endOnFailure: true });
