import { createHttpHeaders, createPipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { createActivities, type ActivitiesServices } from '../../src/activities';
import { invokeActivity } from '../../src/functions/shared/invoke-activity';
import { ActivityError, stackOf } from '../../src/core/errors';
import type {
  Activities,
  ActivityInput,
  ActivityName,
} from '../../src/orchestrators/activity-types';
import { deployed } from '../helpers/root';
import { AppWorker } from '../helpers/worker';

const words = 'Rosalinde Quittengelee';
const frame = `    at Rosalinde (/home/Quittengelee.js:1:1)`;

class OfALibrary extends Error {
  readonly details = { answer: words };
}

const restError = (): RestError => {
  const request = createPipelineRequest({
    url: `https://account.example/table('${words}')?sig=${words}`,
  });
  const response = {
    request,
    status: 403,
    headers: createHttpHeaders({ 'x-ms-request-id': words }),
    bodyAsText: words,
  };
  return new RestError(`${words}\nRequestId:${words}`, {
    code: 'AuthorizationFailure',
    statusCode: 403,
    request,
    response,
  });
};

/** What may be thrown somewhere below an activity, and what of it may be told. */
const thrown: [name: string, make: () => Error, told: string][] = [
  [
    'text that is not JSON',
    () => errorOf(() => JSON.parse(`${words} is not JSON`)),
    'internalError: SyntaxError',
  ],
  [
    'a mistake of ours',
    () => errorOf(() => (null as unknown as { x: { y: string } }).x.y),
    'internalError: TypeError',
  ],
  ['an answer of Azure', restError, 'internalError: RestError 403 AuthorizationFailure'],
  [
    'an error of a library',
    () => Object.assign(new OfALibrary(words), { code: words }),
    'internalError: OfALibrary',
  ],
  [
    'an error with a code of the system',
    () => Object.assign(new Error(words), { code: 'ECONNRESET', path: words }),
    'internalError: Error ECONNRESET',
  ],
  [
    'a name that was set by an answer',
    () => Object.assign(new Error('x'), { name: words }),
    'internalError: Error',
  ],
  ['a cause', () => new Error('x', { cause: restError() }), 'internalError: Error'],
  [
    'several errors',
    () => new AggregateError([new Error(words), restError()], words),
    'internalError: AggregateError',
  ],
  [
    'a message of several lines',
    () => new Error(`${words}\n${frame}\n${frame}`),
    'internalError: Error',
  ],
  [
    'a message that was changed',
    () => Object.assign(new Error(words), { message: `more of ${words}` }),
    'internalError: Error',
  ],
  ['no stack', () => Object.assign(new Error(words), { stack: undefined }), 'internalError: Error'],
  ['a text', () => words as unknown as Error, 'internalError: String'],
  [
    'an answer',
    () => JSON.parse(`{"body":"${words}","constructor":{"name":"${words}"}}`) as Error,
    'internalError: Object',
  ],
  ['what has no class', () => Object.create(null) as Error, 'internalError: Error'],
  ['a class without a name', () => new (class extends Error {})(words), 'internalError: Error'],
  [
    'a class that is named by an answer',
    () => new { [words]: class extends Error {} }[words](words),
    'internalError: Error',
  ],
  ['nothing', () => undefined as unknown as Error, 'internalError: undefined'],
];

function errorOf(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('Nothing was thrown.');
}

/** Adapters of which every one throws. */
const broken = (make: () => Error): ActivitiesServices =>
  new Proxy({} as ActivitiesServices, {
    get: () => new Proxy({}, { get: () => () => Promise.reject(make()) }),
  });

const names = Object.keys(createActivities(broken(() => new Error()))) as ActivityName[];

const requestId = '00000000-0000-4000-8000-000000000000';

/** Inputs besides the id of the request. */
const inputs: { [N in ActivityName]?: Omit<ActivityInput<N>, 'requestId'> } = {
  moveRequest: { to: 'failed' },
  advanceSearches: { group: 1 },
  sendEndNotice: { end: 'refused', mail: 'try' },
  exportPage: { page: 1, attempt: 1, pass: 1, isLast: false },
  verifyPackage: { from: 0 },
};

const inputOf = (name: ActivityName) => ({ requestId, ...inputs[name] });

async function failureOf(activities: Activities, name: ActivityName) {
  const log: string[] = [];
  const input = inputOf(name);
  const error: unknown = await invokeActivity(activities, name, input as never, (line) =>
    log.push(line),
  ).then(
    () => null,
    (reason: unknown) => reason,
  );
  return { error, log: log.join('\n') };
}

describe('whatever is thrown below an activity', () => {
  it.each(thrown)('%s: leaves it as its class and known codes', async (_name, make, told) => {
    for (const name of names) {
      const { error, log } = await failureOf(createActivities(broken(make)), name);
      expect(error).toBeInstanceOf(ActivityError);
      expect((error as Error).message).toBe(told);
      const everything = inspect(error, { depth: 10, showHidden: true });
      for (const text of [everything, (error as Error).stack, JSON.stringify(error), log])
        expect(text).not.toMatch(/Rosalinde|Quittengelee/);
      expect(log).toContain(`${name} of request ${requestId} failed: ${told}`);
    }
  });

  it('is logged with where it was thrown, and what had caused it', async () => {
    const make = () => new TypeError(words, { cause: restError() });
    const { log } = await failureOf(createActivities(broken(make)), 'readRequest');
    expect(log).toMatch(
      /TypeError, caused by RestError 403 AuthorizationFailure at \S.*invoke-activity\.test\.ts:\d+:\d+/,
    );
  });
});

describe('the places of an error', () => {
  const forged = [frame, frame].join('\n');
  it.each([
    ['a letter', '1'],
    ['nothing', ''],
    ['several lines', `${words}\n${forged}`],
    ['the name of the class', 'Error'],
  ])('are told whatever its message is, and none that stands in it: %s', (_name, message) => {
    const [first = '', ...others] = stackOf(new Error(message));
    expect(first).toMatch(/invoke-activity\.test\.ts:\d+:\d+/);
    expect(others.join()).not.toMatch(/Rosalinde|Quittengelee/);
  });
});

describe('the app as it is compiled', () => {
  let storage: Server;
  let worker: AppWorker;
  let folder: string;
  beforeAll(async () => {
    const refusal = JSON.stringify({
      'odata.error': { code: 'InvalidInput', message: { value: words } },
    });
    storage = createServer((_request, response) => {
      response.writeHead(400, { 'Content-Type': 'application/json', 'x-ms-request-id': words });
      response.end(refusal);
    });
    await new Promise<void>((done) => storage.listen(0, '127.0.0.1', done));
    const address = `http://127.0.0.1:${(storage.address() as AddressInfo).port}/devstoreaccount1`;
    folder = mkdtempSync(join(tmpdir(), 'activity-'));
    writeFileSync(join(folder, 'key'), Buffer.alloc(32, 1).toString('base64'));
    worker = await AppWorker.start(deployed, {
      LOCAL_KEY_FILE: join(folder, 'key'),
      STORAGE_CONNECTION_STRING: [
        'DefaultEndpointsProtocol=http',
        'AccountName=devstoreaccount1',
        `AccountKey=${Buffer.alloc(64, 1).toString('base64')}`,
        ...['Blob', 'Queue', 'Table'].map((service) => `${service}Endpoint=${address}`),
      ].join(';'),
      GENESYS_CLIENT_ID: 'unused',
      GENESYS_CLIENT_SECRET: 'unused',
      PORTAL_ORIGIN: 'http://127.0.0.1:1',
      SMTP_URL: 'smtp://127.0.0.1:1',
      MAIL_FROM: 'unused@unused.example',
      SMS_GATEWAY_URL: 'http://127.0.0.1:1',
      CONTROLLER_NAME: 'unused',
      CONTROLLER_CONTACT: 'unused',
    });
  });
  afterAll(async () => {
    await worker.stop();
    storage.closeAllConnections();
    await new Promise((done) => storage.close(done));
    rmSync(folder, { recursive: true });
  });

  it.each(names)('registers %s so that nothing else leaves it', async (name) => {
    const input = inputOf(name);
    const error: unknown = await worker.invoke(name, { string: JSON.stringify(input) }).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect((error as Error).message).toBe('internalError: RestError 400 InvalidInput');
    expect((error as Error).stack).not.toContain('Quittengelee');
  });
});
