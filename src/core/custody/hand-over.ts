import type { CustodyEntry } from './record';

/**
 * Who may hand a package over without the person's own proof of who they are. `twoOfficers`: whoever says
 * who the person is, or hands the package over, is not the one who approves it.
 */
export const handOverPolicies = ['oneOfficer', 'twoOfficers'] as const;
export type HandOverPolicy = (typeof handOverPolicies)[number];

/**
 * Whether by this entry an officer has said who the person is, or who acts for them, or that officers find
 * it out.
 */
const isConfirmation = ({ event, detail }: CustodyEntry): boolean =>
  event === 'identityChecked' ||
  event === 'mandateChecked' ||
  ((event === 'codeSent' || event === 'decided') && detail?.['method'] === 'officer');

const actorsOf = (entries: readonly CustodyEntry[]): string[] =>
  entries.flatMap(({ actor }) => actor ?? []);

/** Entries by which officers have said who the person is, oldest first. */
export const confirmationsOf = (entries: readonly CustodyEntry[]): CustodyEntry[] =>
  entries.filter(isConfirmation);

const confirmersOf = (entries: readonly CustodyEntry[]): string[] =>
  actorsOf(confirmationsOf(entries));

/** Approvals of the package that is there now, oldest first; an older one was another package. */
export function approvalsOf(entries: readonly CustodyEntry[]): CustodyEntry[] {
  const release = entries.findLastIndex(({ to }) => to === 'available');
  return entries.slice(release + 1).filter(({ event }) => event === 'handOverApproved');
}

const approversOf = (entries: readonly CustodyEntry[]): string[] => actorsOf(approvalsOf(entries));

/**
 * Whether an officer may approve the hand-over of a package.
 * @param own ids that the officer has, and has had under earlier hash keys
 */
export const mayApprove = (entries: readonly CustodyEntry[], own: readonly string[]): boolean =>
  !confirmersOf(entries).some((actor) => own.includes(actor));

/** Whether an officer has approved the package that is there now. @param own as in `mayApprove` */
export const hasApproved = (entries: readonly CustodyEntry[], own: readonly string[]): boolean =>
  approversOf(entries).some((actor) => own.includes(actor));

/**
 * Whether a package has been approved by somebody who neither said who the person is nor hands it over.
 * @param own ids of the officer who hands it over, as in `mayApprove`; none where the person opens it
 */
export function isApproved(entries: readonly CustodyEntry[], own: readonly string[] = []): boolean {
  const others = new Set([...confirmersOf(entries), ...own]);
  return approversOf(entries).some((actor) => !others.has(actor));
}

/**
 * The entry by which an officer has begun to hand the package over: the last that says who the person is,
 * or that a code was issued. Null without one.
 */
export const handOverBegan = (entries: readonly CustodyEntry[]): CustodyEntry | null =>
  entries.findLast(isConfirmation) ?? null;
