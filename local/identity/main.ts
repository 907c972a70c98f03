/** `node main.js --port N --origin URL`: the provider of identities as a process of its own. */
import { parseArgs } from 'node:util';
import { runService } from '../service';
import { startProvider } from './provider';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, origin: { type: 'string', default: '' } },
});

runService(async () => {
  const provider = await startProvider({ port: Number(values.port), origin: values.origin });
  const { issuer } = provider;
  return { ready: { issuer }, message: `Identities: ${issuer}`, stop: () => provider.stop() };
});
