// The plain definition of deflate's prefix codes: widths of limited size from counts, and canonical codes from widths.

/**
 * Widths of a prefix code for symbols by how often each occurs, none over `limit`; 0 for symbols that do not occur, 1 for
 * a lone one. Widths over the limit are cut, and the code is made whole again by widening the rarest of the narrower ones,
 * which costs next to nothing where the limit is 15.
 */
export function codeWidths(counts: Uint32Array, limit: number): Uint8Array {
  const widths = new Uint8Array(counts.length);
  const used = [...counts.keys()].filter((symbol) => counts[symbol]! > 0);
  if (used.length < 2) {
    widths[used[0] ?? 0] = 1;
    return widths;
  }
  used.sort((a, b) => counts[a]! - counts[b]! || a - b);
  const ofWidth = new Int32Array(limit + 1);
  for (const depth of leafDepths(used.map((symbol) => counts[symbol]!))) ofWidth[Math.min(depth, limit)]!++;
  let filled = 0;
  for (let width = 1; width <= limit; width++) filled += ofWidth[width]! * 2 ** (limit - width);
  for (; filled > 2 ** limit; filled--) {
    let width = limit - 1;
    while (ofWidth[width] === 0) width--;
    ofWidth[width]!--;
    ofWidth[width + 1]! += 2;
    ofWidth[limit]!--;
  }
  // The rarest symbols get the widest codes.
  let next = 0;
  for (let width = limit; width > 0; width--) {
    for (let n = ofWidth[width]!; n > 0; n--) widths[used[next++]!] = width;
  }
  return widths;
}

/** Depths of the leaves of Huffman's tree over rising weights: leaves and inner nodes are two queues. */
function leafDepths(weights: readonly number[]): Uint32Array {
  const leaves = weights.length;
  const inner: number[] = [];
  const parent = new Uint32Array(2 * leaves - 1);
  let leaf = 0;
  let root = 0;
  const take = (): number => {
    const innerFirst = leaf >= leaves || (root < inner.length && inner[root]! < weights[leaf]!);
    const node = innerFirst ? leaves + root++ : leaf++;
    parent[node] = leaves + inner.length;
    return innerFirst ? inner[node - leaves]! : weights[node]!;
  };
  while (inner.length < leaves - 1) inner.push(take() + take());
  const depth = new Uint32Array(2 * leaves - 1);
  for (let node = 2 * leaves - 3; node >= 0; node--) depth[node] = depth[parent[node]!]! + 1;
  return depth.subarray(0, leaves);
}

/** Canonical codes with their bits reversed, as deflate writes them lowest bit first (RFC 1951, section 3.2.2). */
export function canonicalCodes(widths: Uint8Array): Uint32Array {
  const ofWidth = new Uint32Array(17);
  for (const width of widths) ofWidth[width]!++;
  ofWidth[0] = 0;
  const next = new Uint32Array(17);
  for (let width = 1; width <= 15; width++) next[width] = (next[width - 1]! + ofWidth[width - 1]!) * 2;
  return Uint32Array.from(widths, (width) => {
    let code = width === 0 ? 0 : next[width]!++;
    let reversed = 0;
    for (let bit = 0; bit < width; bit++, code >>>= 1) reversed = (reversed << 1) | (code & 1);
    return reversed;
  });
}
