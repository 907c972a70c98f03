/**
 * A UUID made of the digits of a hash, the same for the same hash. Its version is 4 (RFC 9562 section
 * 5.4), because not every receiver accepts the version for other layouts (8): the digits of a
 * cryptographic hash are as good as random.
 * @param hash at least 32 hexadecimal digits in lower case
 * @throws RangeError for any other text
 */
export function uuidOf(hash: string): string {
  if (!/^[0-9a-f]{32,}$/.test(hash))
    throw new RangeError('A UUID is made of 32 hexadecimal digits.');
  // Two digits are replaced by the version and the variant.
  return hash.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
}
