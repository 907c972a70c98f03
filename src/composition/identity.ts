import { DefaultAzureCredential } from '@azure/identity';
import { lazy } from '../core/lazy';

/** The app's identity in Azure, as far as the app uses it. */
export type AppIdentity = Pick<DefaultAzureCredential, 'getToken'>;

/** The app's identity. Its SDK, which is large, is loaded for the first token. */
export function appIdentity(): AppIdentity {
  const credential = lazy(() => new DefaultAzureCredential());
  return { getToken: (scopes, options) => credential().getToken(scopes, options) };
}
