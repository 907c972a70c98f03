// `node evaluate-packages.cjs FOLDER`: evaluates every package of what is deployed, and prints their names.
const { readdirSync } = require('node:fs');
const { join } = require('node:path');
const { provideCoreModule } = require('../../dist/local/host/core-module.js');

const folder = join(process.argv[2], 'packages');
provideCoreModule();
const names = readdirSync(folder).flatMap((file) => {
  const group = require(join(folder, file));
  return Object.keys(group).filter((name) => {
    // `@azure/functions` registers itself with a loaded app; how it does is what the host's tests are about.
    if (name !== '@azure/functions' && name !== 'durable-functions') group[name]();
    return true;
  });
});
console.log(JSON.stringify(names));
