// A small app of orchestrations whose results on the real extension are known. It is plain
// CommonJS, loaded unmodified by the host under test. Its packages are those that are deployed: one file, which
// each worker loads in a third of the time of the hundreds that are installed.
const packages = require('../../../dist/deploy/packages/common.js');
const { app } = packages['@azure/functions']();
const df = packages['durable-functions']();
const { appendFileSync, existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const scratch = process.env.CONFORMANCE_SCRATCH;
const note = (name, text) => appendFileSync(join(scratch, name), `${text}\n`);
const notes = (name) =>
  existsSync(join(scratch, name))
    ? readFileSync(join(scratch, name), 'utf8').trim().split('\n')
    : [];

df.app.activity('hello', { handler: (city) => `Hello ${city}` });
df.app.activity('square', { handler: (n) => n * n });
df.app.activity('typeOf', {
  handler: (input) => ({ type: input === null ? 'null' : typeof input, input }),
});
df.app.activity('noteNumber', {
  handler: ({ key, n }) => {
    note(key, String(n));
    return n;
  },
});
df.app.activity('flaky', {
  handler: ({ key, failures }) => {
    note(key, 'called');
    if (notes(key).length <= failures) throw new Error(`failure ${notes(key).length}`);
    return notes(key).length;
  },
});
df.app.activity('failsUntilMended', {
  handler: (key) => {
    note(key, 'called');
    if (notes(`${key}-mended`).length === 0) throw new Error('not mended');
    return 'mended';
  },
});
df.app.activity('slow', {
  handler: async ({ key, milliseconds }) => {
    note(key, 'begun');
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    note(key, 'ended');
    return notes(key).length;
  },
});
df.app.activity('slowOnce', {
  handler: async (key) => {
    note(key, 'called');
    if (notes(key).length === 1) await new Promise((resolve) => setTimeout(resolve, 5000));
    return notes(key).length;
  },
});
const endWorker = () => process.kill(process.pid, 'SIGKILL');
df.app.activity('endsWorker', {
  handler: async ({ key, times, after = 0 }) => {
    note(key, 'called');
    await new Promise((resolve) => setTimeout(resolve, after));
    if (notes(key).length <= times) endWorker();
    return notes(key).length;
  },
});
df.app.activity('concurrent', {
  handler: async (key) => {
    note(key, '+');
    await new Promise((resolve) => setTimeout(resolve, 100));
    note(key, '-');
  },
});
df.app.activity('large', { handler: (size) => 'x'.repeat(size) });

df.app.orchestration('helloCities', function* (context) {
  const greetings = [];
  for (const city of ['Tokyo', 'Seattle', 'London'])
    greetings.push(yield context.df.callActivity('hello', city));
  return greetings;
});
df.app.orchestration('fanOut', function* (context) {
  const tasks = Array.from({ length: context.df.getInput() }, (_, i) =>
    context.df.callActivity('square', i),
  );
  const results = yield context.df.Task.all(tasks);
  return results.reduce((a, b) => a + b, 0);
});
df.app.orchestration('inputTypes', function* (context) {
  const found = [];
  for (const input of ['text', '123', 5, true, null, { a: [1] }, ['x']]) {
    found.push(yield context.df.callActivity('typeOf', input));
  }
  return found;
});
const retrying = (attempts) => {
  const options = new df.RetryOptions(20, attempts);
  options.backoffCoefficient = 2;
  return options;
};
df.app.orchestration('retry', function* (context) {
  const { key, failures, attempts } = context.df.getInput();
  try {
    return yield context.df.callActivityWithRetry('flaky', retrying(attempts), { key, failures });
  } catch (error) {
    const after = yield context.df.callActivity('hello', 'after');
    return { caught: error.message.split('\n')[0].trim(), after };
  }
});
df.app.orchestration('retryInAll', function* (context) {
  const { key } = context.df.getInput();
  const [flaky, hello] = yield context.df.Task.all([
    context.df.callActivityWithRetry('flaky', retrying(5), { key, failures: 2 }),
    context.df.callActivity('hello', 'beside'),
  ]);
  const after = yield context.df.callActivity('hello', 'after');
  return { flaky, hello, after };
});
df.app.orchestration('retryOrFail', function* (context) {
  const { key } = context.df.getInput();
  return yield context.df.callActivityWithRetry('flaky', retrying(2), { key, failures: 9 });
});
df.app.orchestration('throws', function* (context) {
  yield context.df.callActivity('hello', 'x');
  throw new Error('bad thing');
});
df.app.orchestration('activityFails', function* (context) {
  return yield context.df.callActivity('flaky', { key: context.df.getInput(), failures: 1000 });
});
df.app.orchestration('unknownActivity', function* (context) {
  return yield context.df.callActivity('nobody');
});
df.app.orchestration('waitForEvent', function* (context) {
  const name = yield context.df.waitForExternalEvent('name');
  return yield context.df.callActivity('hello', name);
});
df.app.orchestration('delayThenEvent', function* (context) {
  yield context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 300));
  return yield context.df.waitForExternalEvent('early');
});
df.app.orchestration('eventOrTimer', function* (context) {
  const { milliseconds, cancel } = context.df.getInput();
  const timer = context.df.createTimer(
    new Date(context.df.currentUtcDateTime.getTime() + milliseconds),
  );
  const event = context.df.waitForExternalEvent('go');
  const first = yield context.df.Task.any([event, timer]);
  if (first === event && cancel) timer.cancel();
  return first === event ? { event: event.result } : 'timer';
});
df.app.orchestration('longTimer', function* (context) {
  const start = context.df.currentUtcDateTime.getTime();
  yield context.df.createTimer(new Date(start + 10 * 86400000));
  const greeting = yield context.df.callActivity('hello', 'later');
  return {
    greeting,
    days: Math.round((context.df.currentUtcDateTime.getTime() - start) / 86400000),
  };
});
df.app.orchestration('eternal', function* (context) {
  const { count, to } = context.df.getInput();
  context.df.setCustomStatus({ count });
  yield context.df.callActivity('hello', String(count));
  if (count < to) context.df.continueAsNew({ count: count + 1, to });
  return count;
});
df.app.orchestration('collectEvents', function* (context) {
  const seen = context.df.getInput();
  seen.push(yield context.df.waitForExternalEvent('item'));
  if (seen.length < 3) context.df.continueAsNew(seen);
  return seen;
});
df.app.orchestration('collectAll', function* (context) {
  const seen = [];
  while (seen.length < context.df.getInput())
    seen.push(yield context.df.waitForExternalEvent('item'));
  return seen;
});
df.app.orchestration('noteEpisodes', function* (context) {
  const { key, steps } = context.df.getInput();
  note(key, 'episode');
  const squares = [];
  for (let n = 0; n < steps; n += 1) squares.push(yield context.df.callActivity('square', n));
  return squares;
});
df.app.orchestration('noteActivities', function* (context) {
  const { key, steps } = context.df.getInput();
  const found = [];
  for (let n = 0; n < steps; n += 1)
    found.push(yield context.df.callActivity('noteNumber', { key, n }));
  return found;
});
df.app.orchestration('parent', function* (context) {
  const tasks = [1, 2, 3].map((n) =>
    context.df.callSubOrchestrator('child', n, `${context.df.instanceId}-${n}`),
  );
  const own = yield context.df.Task.all(tasks);
  const unnamed = yield context.df.callSubOrchestrator('child', 10);
  return [...own, unnamed];
});
df.app.orchestration('child', function* (context) {
  return yield context.df.callActivity('square', context.df.getInput());
});
df.app.orchestration('parentOfFailing', function* (context) {
  try {
    yield context.df.callSubOrchestrator('throws');
    return 'not reached';
  } catch (error) {
    return error.message;
  }
});
df.app.orchestration('parentInGenerations', function* (context) {
  const { count, sum } = context.df.getInput();
  const square = yield context.df.callSubOrchestrator(
    'child',
    count,
    `${context.df.instanceId}-child`,
  );
  if (count < 3) context.df.continueAsNew({ count: count + 1, sum: sum + square });
  return sum + square;
});
df.app.orchestration('rewindable', function* (context) {
  const { key } = context.df.getInput();
  const before = yield context.df.callActivity('hello', 'before');
  const mended = yield context.df.callActivity('failsUntilMended', key);
  return [before, mended, yield context.df.callActivity('hello', 'after')];
});
df.app.orchestration('parentOfRewindable', function* (context) {
  const input = context.df.getInput();
  const hello = yield context.df.callActivity('hello', 'parent');
  return [hello, yield context.df.callSubOrchestrator('rewindable', input)];
});
df.app.orchestration('inputWithTimestamp', function* (context) {
  const { Timestamp, time } = context.df.getInput();
  yield context.df.callActivity('hello', 'x');
  return [Timestamp instanceof Date, typeof time];
});
let wind = 0;
df.app.orchestration('nonDeterministic', function* (context) {
  wind += 1;
  yield context.df.callActivity('hello', `wind ${wind}`);
  yield context.df.callActivity('hello', 'again');
  return 'done';
});
df.app.orchestration('replaying', function* (context) {
  const seen = [context.df.isReplaying];
  yield context.df.callActivity('hello', 'a');
  seen.push(context.df.isReplaying);
  yield context.df.callActivity('hello', 'b');
  seen.push(context.df.isReplaying);
  return seen;
});
df.app.orchestration('slowOne', function* (context) {
  return yield context.df.callActivity('slow', context.df.getInput());
});
df.app.orchestration('callSlowOnce', function* (context) {
  return yield context.df.callActivity('slowOnce', context.df.getInput());
});
df.app.orchestration('callEndsWorker', function* (context) {
  return yield context.df.callActivity('endsWorker', context.df.getInput());
});
df.app.orchestration('retryEndsWorker', function* (context) {
  const input = context.df.getInput();
  return yield context.df.callActivityWithRetry('endsWorker', retrying(20), input);
});
df.app.orchestration('retryBesideEndsWorker', function* (context) {
  const { key, slow } = context.df.getInput();
  const ends = { key, times: 1, after: 300 };
  return yield context.df.Task.all([
    context.df.callActivityWithRetry('endsWorker', retrying(5), ends),
    context.df.callActivityWithRetry('slow', retrying(5), { key: slow, milliseconds: 1000 }),
  ]);
});
df.app.orchestration('endsWorkerItself', function* (context) {
  const { key, times } = context.df.getInput();
  note(key, 'episode');
  if (notes(key).length <= times) endWorker();
  return yield context.df.callActivity('hello', 'survivor');
});
df.app.orchestration('retrySlowOnce', function* (context) {
  const input = context.df.getInput();
  return yield context.df.callActivityWithRetry('slowOnce', retrying(3), input);
});
df.app.orchestration('slowEpisodeOnce', function* (context) {
  const key = context.df.getInput();
  note(key, 'episode');
  const busyUntil = notes(key).length === 1 ? Date.now() + 3000 : 0;
  while (Date.now() < busyUntil);
  return yield context.df.callActivity('hello', 'patience');
});
df.app.orchestration('callConcurrent', function* (context) {
  const key = context.df.getInput();
  yield context.df.Task.all(
    Array.from({ length: 6 }, () => context.df.callActivity('concurrent', key)),
  );
});
df.app.orchestration('version', function* (context) {
  const child = yield context.df.callSubOrchestrator('versionOfChild');
  return [context.df.version, child];
});
df.app.orchestration('versionOfChild', function* (context) {
  yield context.df.callActivity('hello', 'x');
  return context.df.version;
});
df.app.orchestration('leaks', function* (context) {
  yield context.df.callActivity('hello', 'x');
  throw new Error('https://blob.example/x?sv=1&sig=secret and AccountKey=secret');
});
df.app.orchestration('largeOutput', function* (context) {
  return yield context.df.callActivity('large', 500000);
});
df.app.orchestration('largeStatus', function* (context) {
  context.df.setCustomStatus('x'.repeat(9000));
  yield context.df.callActivity('hello', 'x');
});
df.app.orchestration('entityCaller', function* (context) {
  return yield context.df.callEntity(new df.EntityId('counter', 'one'), 'add', 1);
});

app.http('echo', {
  route: 'echo/{word}/{number:int?}',
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  handler: async (request) => ({
    status: 201,
    headers: { 'X-Method': request.method, 'Content-Type': 'application/json' },
    cookies: [
      { name: 'a', value: '1', path: '/', httpOnly: true, secure: true, sameSite: 'Strict' },
    ],
    jsonBody: {
      params: request.params,
      query: Object.fromEntries(request.query),
      body: Buffer.from(await request.arrayBuffer()).toString('hex'),
    },
  }),
});
app.http('rest', {
  route: 'files/{*path}',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: (request) => ({ body: request.params.path }),
});
app.http('withKey', {
  methods: ['GET'],
  authLevel: 'function',
  handler: () => ({ body: 'function' }),
});
app.http('withMasterKey', {
  methods: ['GET'],
  authLevel: 'admin',
  handler: () => ({ body: 'admin' }),
});
app.http('breaks', {
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: () => {
    throw new Error('secret detail');
  },
});
app.http('starter', {
  methods: ['POST'],
  authLevel: 'anonymous',
  extraInputs: [df.input.durableClient()],
  handler: async (_request, context) => {
    const client = df.getClient(context);
    const id = await client.startNew('waitForEvent', { instanceId: 'from-client' });
    const before = await client.getStatus(id);
    await client.raiseEvent(id, 'name', 'client');
    const unknown = await client.getStatus('nobody').catch((error) => error.message);
    const again = await client
      .startNew('waitForEvent', { instanceId: id })
      .catch((error) => error.message);
    return { jsonBody: { id, status: before.runtimeStatus, unknown, again } };
  },
});
app.timer('daily', {
  schedule: '0 0 3 * * *',
  handler: (timer) => note('daily', JSON.stringify(timer)),
});
app.timer('named', {
  schedule: '%NIGHTLY%',
  handler: (timer) => note('named', JSON.stringify(timer)),
});
app.timer('often', {
  schedule: '*/59 * * * * *',
  handler: (timer) => note('often', JSON.stringify(timer)),
});
app.http('constrained', {
  route: 'constrained/{name:alpha:length(2,4)}/{size:range(1,10)}/{share:decimal?}',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: (request) => ({ jsonBody: request.params }),
});
