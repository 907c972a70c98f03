// Loaded first by every process that tests start for `npm run test:coverage`. A worker of the host ends by
// SIGTERM without writing what it ran; here it exits, with the same code.
const worker = /local[\\/]host[\\/]worker\.js$/;
if (worker.test(process.argv[1] ?? '')) process.on('SIGTERM', () => process.exit(128 + 15));
