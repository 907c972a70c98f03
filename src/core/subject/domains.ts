/** Parameters of Punycode for domain names (RFC 3492, section 5). */
const base = 36;
const tMin = 1;
const tMax = 26;
const skew = 38;
const damp = 700;
const initialBias = 72;
const initialN = 128;

/** Characters that end or split a host in a URL: none of them is part of a domain. */
const notInDomains = /[\s/?#:%[\]\\@<>^|]/;

/**
 * A domain name in the ASCII form in which domains are compared (A-labels, RFC 5890), lower case. A
 * name that has none is kept as it stands.
 */
export function asciiDomain(domain: string): string {
  const name = domain.toLowerCase().normalize('NFC');
  const isAscii = /^[\x21-\x7e]*$/.test(name);
  if (isAscii || notInDomains.test(name) || !URL.canParse(`http://${name}`)) return name;
  return new URL(`http://${name}`).hostname;
}

/** A domain name in the form in which people write it (U-labels, RFC 5890). */
export function unicodeDomain(domain: string): string {
  const name = domain
    .split('.')
    .map((label) => (label.startsWith('xn--') ? (decoded(label.slice(4)) ?? label) : label))
    .join('.');
  // What does not lead back is not the same domain.
  return asciiDomain(name) === domain ? name : domain;
}

/** Digit of a character (RFC 3492, section 5); null when it is none. */
function digitOf(character: string): number | null {
  if (/^[a-z]$/.test(character)) return character.charCodeAt(0) - 97;
  return /^\d$/.test(character) ? Number(character) + 26 : null;
}

/** The new bias (RFC 3492, section 6.1). */
function adapted(delta: number, length: number, isFirst: boolean): number {
  let rest = isFirst ? Math.floor(delta / damp) : Math.floor(delta / 2);
  rest += Math.floor(rest / length);
  let k = 0;
  while (rest > ((base - tMin) * tMax) / 2) {
    rest = Math.floor(rest / (base - tMin));
    k += base;
  }
  return k + Math.floor(((base - tMin + 1) * rest) / (rest + skew));
}

/** A label without its prefix, decoded (RFC 3492, section 6.2); null when it is not Punycode. */
function decoded(label: string): string | null {
  const split = label.lastIndexOf('-');
  const output = split > 0 ? [...label.slice(0, split)] : [];
  let [n, i, bias] = [initialN, 0, initialBias];
  const input = [...label.slice(split + 1)];
  while (input.length > 0) {
    const before = i;
    for (let [w, k] = [1, base]; ; k += base) {
      const digit = digitOf(input.shift() ?? '');
      if (digit === null) return null;
      i += digit * w;
      const t = Math.min(Math.max(k - bias, tMin), tMax);
      if (digit < t) break;
      w *= base - t;
    }
    const length = output.length + 1;
    bias = adapted(i - before, length, before === 0);
    n += Math.floor(i / length);
    i %= length;
    if (n > 0x10ffff) return null;
    output.splice(i, 0, String.fromCodePoint(n));
    i += 1;
  }
  return output.join('');
}
