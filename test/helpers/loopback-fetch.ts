import { guardedFetch } from '../../src/adapters/network/guarded-fetch';

/** What an app with a simulator fetches files by: from this machine alone. */
export const loopbackFetch = guardedFetch({ isAllowed: () => false, allowsLoopback: true });
