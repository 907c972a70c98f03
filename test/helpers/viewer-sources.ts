import type { ViewerSources } from '../../src/core/package/viewer-index';
import { viewerPerson } from '../../src/core/package/viewer-person';

/** What a package without a person's records and without gaps says. */
export const noSources: ViewerSources = {
  controller: 'Example Ltd',
  locale: 'en',
  keysAddress: 'https://privacy.shop.example/.well-known/jwks.json',
  createdAt: '2026-11-25T13:15:00.000Z',
  searched: { from: '2021-11-26T00:00:00.000Z', to: '2026-11-25T12:15:00.000Z' },
  statements: [],
  missingGroups: [],
  processing: null,
  rows: [],
  pages: new Map(),
  glances: new Map(),
  exported: [],
  missing: [],
  person: viewerPerson({ contacts: [], notes: [], visits: [], campaigns: [], audits: [] }),
  patterns: [],
  files: [],
};
