/** For whom somebody asks who is not the person: an adult, a child, or somebody who has died. */
export const requesterCapacities = ['representative', 'guardian', 'estate'] as const;
export type RequesterCapacity = (typeof requesterCapacities)[number];

/** What a mandate is: what an officer has seen before anybody is written to. */
export const mandateKinds = [
  'powerOfAttorney',
  'lawyer',
  'parentalResponsibility',
  'guardianship',
  'executor',
  'heir',
] as const;
export type MandateKind = (typeof mandateKinds)[number];

/** The mandates that allow each capacity. */
export const mandatesOf: Record<RequesterCapacity, readonly MandateKind[]> = {
  representative: ['powerOfAttorney', 'lawyer', 'guardianship'],
  guardian: ['parentalResponsibility', 'guardianship'],
  estate: ['executor', 'heir'],
};

/** How an officer has made sure that the mailbox is the representative's. */
export const mailboxChecks = ['onMandate', 'byCallback', 'byPost'] as const;

/** Who asks for somebody else; of the personal part of a request. */
export interface Requester {
  email: string;
  name: string | null;
}

/** In which capacity, and whether an officer has checked the mandate; no personal data. */
export interface RequesterStanding {
  capacity: RequesterCapacity;
  /** Null until an officer has checked it. */
  mandate: MandateKind | null;
}
