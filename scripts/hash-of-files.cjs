const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

/**
 * Hash of files, by which a check is recognised that passed before on the very same.
 * @param {unknown} about what else the outcome depends on, as JSON
 * @param {string} root folder from which the paths go
 * @param {Iterable<string>} files paths, in the same order each time
 */
function hashOfFiles(about, root, files) {
  const hash = createHash('sha256').update(JSON.stringify(about));
  for (const file of files) {
    const content = createHash('sha256').update(readFileSync(join(root, file)));
    hash.update(`${file}\0${content.digest('hex')}\n`);
  }
  return hash.digest('hex');
}

module.exports = { hashOfFiles };
