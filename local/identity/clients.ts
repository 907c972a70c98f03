import { officerRoles, type OfficerRole } from '../../src/core/authentication/officer-roles';

/** The one tenant of the provider on this machine. */
export const tenant = '11111111-2222-4333-8444-555555555555';
/** What a sign-in with two factors is called. */
export const strongAcr = 'urn:example:second-factor';
/** Clients that the app is. */
export const clients = {
  officers: { id: 'officers', secret: 'officers-secret' },
  customers: { id: 'customers', secret: 'customers-secret' },
} as const;
/** Programs of the company that sign in by themselves, with their roles. */
export const programs: Record<string, { secret: string; roles: OfficerRole[] }> = {
  officer: { secret: 'officer-secret', roles: [...officerRoles] },
  reader: { secret: 'reader-secret', roles: ['Requests.Read'] },
  'customer-portal': { secret: 'customer-portal-secret', roles: ['Authenticators.Enrol'] },
  nobody: { secret: 'nobody-secret', roles: [] },
};
