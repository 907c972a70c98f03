import { app } from '@azure/functions';
import type { KeyStore } from '../../ports';
import { withProblemDetails, jsonResponse } from '../shared/http';

/**
 * `GET /.well-known/jwks.json`: the public keys that verify the signatures in packages, earlier keys
 * included.
 */
export function registerKeys(keys: Pick<KeyStore, 'publicKeys'>): void {
  app.http('publicKeys', {
    route: '.well-known/jwks.json',
    methods: ['GET'],
    authLevel: 'anonymous',
    handler: withProblemDetails(async () =>
      jsonResponse(200, await keys.publicKeys(), {
        'Content-Type': 'application/jwk-set+json',
        'Cache-Control': 'public, max-age=3600',
        // Anybody may check a package, from a page of any origin.
        'Access-Control-Allow-Origin': '*',
      }),
    ),
  });
}
