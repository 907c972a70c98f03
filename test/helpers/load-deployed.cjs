// `node load-deployed.cjs FOLDER`: loads what is deployed, as a worker does, and prints as JSON which files of
// packages that has read, and the memory of the process. Settings come from the environment.
const { basename } = require('node:path');
const { FunctionRegistry } = require('../../dist/local/host/function-registry.js');

async function main(folder) {
  await new FunctionRegistry({ env: null, log: () => undefined }).load(folder);
  const { rss } = process.memoryUsage();
  const read = Object.keys(require.cache).filter((file) => file.startsWith(`${folder}/packages/`));
  console.log(JSON.stringify({ packages: read.map((file) => basename(file)).sort(), rss }));
}

main(process.argv[2]).then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
