/** Command line of the S3 emulator: `node dist/local/s3/main.js --port N --directory DIR --bucket NAME`. */
import { parseArgs } from 'node:util';
import { runService } from '../service';
import { startS3 } from './server';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4568' },
    directory: { type: 'string', default: '.local/s3' },
    bucket: { type: 'string', default: 'recordings' },
  },
});

runService(async () => {
  const { directory, bucket } = values;
  const { stop } = await startS3({ port: Number(values.port), directory, bucket });
  const url = `http://127.0.0.1:${values.port}`;
  return { ready: { url }, message: `S3 emulator at ${url}, bucket ${bucket}`, stop };
});
