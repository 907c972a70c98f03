// Starts and stops the app again and again in this process, and prints as JSON what that has left: modules,
// handles, and bytes of the heap for five apps. Settings come from the environment.
const { join } = require('node:path');
const { AppInProcess } = require('../../dist/local/host/app-in-process.js');

const root = join(__dirname, '../../dist/deploy');
async function startAndStop() {
  const app = await AppInProcess.start({
    root,
    env: { ...process.env },
    log: () => undefined,
    onLost: () => undefined,
    onTimeout: () => undefined,
    functionTimeout: { text: '00:00:01', milliseconds: 1000 },
  });
  await app.stop();
}
const handles = () => process.getActiveResourcesInfo().length;
const memory = () => {
  globalThis.gc();
  return process.memoryUsage().heapUsed;
};
const modules = () => Object.keys(require.cache).length;

async function main() {
  for (let i = 0; i < 5; i += 1) await startAndStop();
  const before = { modules: modules(), handles: handles() };
  const growths = [];
  // Caches of the runtime grow at first; what leaks grows each time.
  for (let round = 0; round < 3; round += 1) {
    const earlier = memory();
    for (let i = 0; i < 5; i += 1) await startAndStop();
    growths.push(memory() - earlier);
  }
  const after = { modules: modules(), handles: handles() };
  process.stdout.write(JSON.stringify({ before, after, growth: Math.min(...growths) }));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
