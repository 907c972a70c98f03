import { GenesysClient } from '../../src/adapters/genesys/client';
import { genesysSource } from '../../src/adapters/genesys/source';
import { Secret } from '../../src/adapters/keys/secret';
import type { Source } from '../../src/ports';
import { loopbackFetch } from './loopback-fetch';

/** A simulator as the app sees it, with an allowance that does not end. */
export const simulatorSource = ({ url: gatewayUrl }: { url: string }): Source =>
  genesysSource(
    new GenesysClient({
      region: 'mypurecloud.de',
      gatewayUrl,
      clientId: 'simulator-client',
      clientSecret: new Secret('simulator-secret'),
      budget: { acquire: () => Promise.resolve(), pause: () => Promise.resolve() },
    }),
    'simulator-integration',
    loopbackFetch,
  );
