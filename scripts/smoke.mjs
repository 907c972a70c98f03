// `npm run smoke [-- ORIGIN]`: waits until the app that was deployed answers, five minutes at most. Without ORIGIN the
// Azure Developer CLI names it (portalOrigin). `/health/ready` answers officers and programs only. Without a token its
// refusal shows that the app has loaded: with a wrong setting it has no routes. With SMOKE_TOKEN, an access token of an
// officer (Requests.Read) or of a program (Readiness.Read), the test waits until everything that the app needs answers. A version without
// `/health/ready` is asked for `/health`.
import { setTimeout as wait } from 'node:timers/promises';

const origin = (process.argv[2] ?? process.env.portalOrigin ?? '').replace(/\/$/, '');
const seconds = Number(process.env.SMOKE_SECONDS ?? 300);
const pause = Number(process.env.SMOKE_PAUSE_SECONDS ?? 10);
const token = process.env.SMOKE_TOKEN ?? '';
const ready = '/health/ready';
const reachable = '/health';

/** Status and JSON of an answer; null without one. */
async function ask(path) {
  const headers = token === '' ? {} : { Authorization: `Bearer ${token}` };
  const init = { headers, redirect: 'manual', signal: AbortSignal.timeout(30_000) };
  const response = await fetch(origin + path, init).catch(() => null);
  if (response === null) return null;
  return { status: response.status, body: (await response.json().catch(() => null)) ?? {} };
}

const good = (said) => ({ isGood: true, said: `${origin} ${said}` });
const bad = (said) => ({ isGood: false, said });

/** Checks with one of these codes, each with its reason. */
const seenOf = ({ checks }, codes) =>
  (Array.isArray(checks) ? checks : [])
    .filter(({ code }) => codes.includes(code))
    .map(({ check, reason }) => `${check} ${reason}`);

/** What answered well, or what was seen instead. */
async function look() {
  const answer = await ask(ready);
  const { status, body } = answer ?? {};
  if (status === 200) {
    const said = seenOf(body, ['warning', 'unknown']).map((one) => `, ${one}`);
    return good(said.length === 0 ? 'is ready.' : `is ready${said.join('')}.`);
  }
  // Code of the app itself: a refusal of something in front of it says nothing.
  if (status === 401 && body.code === 'signInRequired' && token === '')
    return good('is up. Set SMOKE_TOKEN to know whether it is ready.');
  if (status === 404) {
    if ((await ask(reachable))?.status === 200) return good('is reachable.');
    return bad(`${reachable} does not answer either`);
  }
  const failed = seenOf(body, ['failed']);
  return bad(
    [`${ready}: ${status ?? 'no answer'}`, body.code, ...failed].filter(Boolean).join(', '),
  );
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
