/**
 * Command line of the Genesys Cloud simulator:
 * `node dist/local/genesys/main.js [--port N] [--seed N] [--conversations N] [--org FILE]
 * [--calls-per-minute N] [--faults FILE] [--s3 URL]
 * [--s3-bucket NAME]`.
 */
import { parseArgs } from 'node:util';
import { readFaults } from './faults';
import { generateOrganisation } from './generate';
import { readOrganisation } from './organisation';
import { GenesysSimulator } from './simulator';
import type { BucketWriter } from './state';
import { runService } from '../service';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    conversations: { type: 'string', default: '200' },
    org: { type: 'string' },
    now: { type: 'string' },
    'calls-per-minute': { type: 'string', default: '300' },
    faults: { type: 'string' },
    s3: { type: 'string' },
    's3-bucket': { type: 'string', default: 'recordings' },
  },
});

/** The SDK that writes to a bucket is loaded where there is one. */
async function bucketAt(url: string): Promise<BucketWriter> {
  const { s3Writer } = await import('../s3/server.js');
  return s3Writer(url, values['s3-bucket']);
}

runService(async () => {
  const organisation =
    values.org === undefined
      ? generateOrganisation({
          seed: Number(values.seed),
          conversations: Number(values.conversations),
          now: values.now === undefined ? new Date() : new Date(values.now),
        }).organisation
      : readOrganisation(values.org);
  const simulator = await GenesysSimulator.start({
    organisation,
    port: Number(values.port),
    ...(values.s3 === undefined ? {} : { bucket: await bucketAt(values.s3) }),
    settings: { callsPerMinute: Number(values['calls-per-minute']) },
  });
  if (values.faults !== undefined) simulator.setFaults(readFaults(values.faults));
  return {
    ready: { url: simulator.url },
    message: `Genesys Cloud simulator at ${simulator.url}`,
    stop: () => simulator.stop(),
  };
});
