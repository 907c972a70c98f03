/**
 * The candidates that have an identifier as it is, and not only one like it.
 * @param candidates numbers of those that have it, or nearly the same
 * @param nearly numbers of those among them that have nearly the same only
 */
export const holdersOf = ({
  candidates,
  nearly,
}: {
  candidates: readonly number[];
  nearly: readonly number[];
}): readonly number[] => candidates.filter((number) => !nearly.includes(number));
