import type { Statement } from '../../src/core/package/availability-statements';
import { itemKinds, itemReasons } from '../../src/core/package/items';
import type { ProcessingView } from '../../src/core/package/processing';
import { redactionReasons } from '../../src/core/redaction/redactions';

/** Statements of every kind that an availability report makes, with every reason. */
export function madeStatements(contact: string): Statement[] {
  const missing = itemReasons.map((reason) => ({ reason, count: 2 }));
  return [
    ...itemKinds.map((kind): Statement => ({
      ...{ about: 'kind', kind, exported: 1, of: 1, missing },
    })),
    { about: 'noContactRecord' },
    { about: 'otherOrganisations', organisation: 'Α', others: ['Β'] },
    { about: 'leftOut', what: ['evaluations'] },
    { about: 'ground', ground: 'rightsOfOthers', what: ['texts', 'evaluations'] },
    { about: 'redacted', reasons: redactionReasons.map((reason) => ({ reason, count: 3 })) },
    { about: 'attributesWithheld', count: 2 },
    { about: 'indexedUntil', indexedUntil: '2026-11-25T12:15:00.000Z' },
    { about: 'auditRetainedFrom', auditRetainedFrom: '2025-11-25T00:00:00.000Z' },
    { about: 'divisions', visible: [] },
    { about: 'unprovenPermissions', permissions: ['recording:screenRecording:view'] },
    { about: 'complaint', contact, authority: 'Αρχή' },
  ];
}

/** How data is processed, as a package and the portal say it. */
export const madeProcessing = (language: string, contact: string): ProcessingView => ({
  ...{ format: 'processing-information', version: 1, language },
  controller: {
    name: 'Εταιρεία',
    contact,
    supervisoryAuthority: null,
  },
  parts: [
    {
      ...{ kinds: ['contact', 'recordings'], purposes: 'Σκοπός', categories: 'Είδη' },
      ...{ recipients: [], retention: 'Έτος', source: 'Εσείς', automatedDecisions: null },
      transfers: [],
    },
  ],
});
