/** App roles that the directory assigns to the company's people and programs. */
export const officerRoles = [
  'Requests.Read',
  'Requests.Decide',
  'Requests.Recall',
  'Requests.Deliver',
  'Authenticators.Enrol',
  'Readiness.Read',
] as const;
export type OfficerRole = (typeof officerRoles)[number];

/** A person or program of the company that is signed in. */
export interface Officer {
  /** Id in the directory. It is personal data: only its keyed hash is stored. */
  id: string;
  name: string;
  roles: OfficerRole[];
}
