// Begins with the files that take longest, so that no worker is left with one at the end: by their last
// run here or, in a new clone, by test/durations.json.
const Sequencer = require('@jest/test-sequencer').default;
const { relative } = require('node:path');
const recorded = require('../test/durations.json');

/** Milliseconds for a file that was never timed. */
const unknown = 5000;

class SlowestFirst extends Sequencer {
  sort(tests) {
    const milliseconds = ({ path, context, duration }) =>
      duration ?? recorded[relative(context.config.rootDir, path).replaceAll('\\', '/')] ?? unknown;
    // Jest's own order looks up the durations.
    return [...super.sort(tests)].sort((a, b) => milliseconds(b) - milliseconds(a));
  }
}

module.exports = SlowestFirst;
