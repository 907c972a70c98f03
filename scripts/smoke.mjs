// `npm run smoke [-- ORIGIN]`: waits until the app that was deployed answers, five minutes at most. Without ORIGIN the
// Azure Developer CLI names it (portalOrigin). Ready is better than reachable: an older version says the latter only.
import { setTimeout as wait } from 'node:timers/promises';

const origin = (process.argv[2] ?? process.env.portalOrigin ?? '').replace(/\/$/, '');
const seconds = Number(process.env.SMOKE_SECONDS ?? 300);
const pause = Number(process.env.SMOKE_PAUSE_SECONDS ?? 10);
const ready = '/api/health/ready';
const reachable = ['/api/health', '/health'];

/** Status of an answer; null without one. */
const statusOf = (path) =>
  fetch(origin + path, { redirect: 'manual', signal: AbortSignal.timeout(30_000) }).then(
    ({ status }) => status,
    () => null,
  );

/** What answered well, or what was seen instead. */
async function look() {
  const status = await statusOf(ready);
  if (status === 200) return { isGood: true, said: `${origin} is ready.` };
  if (status !== 404) return { isGood: false, said: `${ready}: ${status ?? 'no answer'}` };
  for (const path of reachable)
    if ((await statusOf(path)) === 200) return { isGood: true, said: `${origin} is reachable.` };
  return { isGood: false, said: `${reachable.join(' and ')} do not answer either` };
}

if (!/^https?:\/\//.test(origin)) {
  console.error('Name the origin of the portal, such as https://privacy.shop.example.');
  process.exit(2);
}
const end = Date.now() + seconds * 1000;
let seen = await look();
while (!seen.isGood && Date.now() < end) {
  await wait(pause * 1000);
  seen = await look();
}
if (seen.isGood) console.log(seen.said);
else {
  console.error(`The app does not answer after ${seconds} s (${seen.said}).`);
  console.error('docs/deployment.md: "When it does not answer".');
  process.exitCode = 1;
}
