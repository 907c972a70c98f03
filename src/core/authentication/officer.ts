/** App roles that the directory gives to people and programs of the company. */
export const officerRoles = [
  'Requests.Read',
  'Requests.Decide',
  'Requests.Recall',
  'Requests.Deliver',
  'Authenticators.Enrol',
] as const;
export type OfficerRole = (typeof officerRoles)[number];

/** Somebody of the company who is signed in. */
export interface Officer {
  /** Id in the directory: it is theirs, and goes no further than into a keyed hash. */
  id: string;
  name: string;
  roles: OfficerRole[];
}
