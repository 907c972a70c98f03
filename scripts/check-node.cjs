// Plain JavaScript for any version of Node, because it reports one that is too old.
var major = Number(process.versions.node.split('.')[0]);
if (major < 22) {
  console.error(
    'This project needs Node 22 or later; this is ' +
      process.version +
      ' at ' +
      process.execPath +
      '.\nRun it through npm (`npm run ...`), which uses the Node that `npm ci` installed into' +
      ' node_modules.\nIf that is what you did, run `npm ci` again with install scripts allowed.',
  );
  process.exit(1);
}
