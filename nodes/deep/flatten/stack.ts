// Stacks: the samples of one pixel made tidy and laid over each other, front to back.

/** Channels that are covered by the same alpha. */
export interface Coverage {
  /** Opacity of each sample of the region; where left out, every sample is opaque. */
  readonly alpha?: Float32Array;
  /** Samples of the region by channel, premultiplied. */
  readonly colours: readonly Float32Array[];
}

/** Samples of a region of a deep part: those of a pixel stand together. */
export interface Stacks {
  readonly front: Float32Array;
  /** Where left out, samples are points. */
  readonly back?: Float32Array;
  readonly coverages: readonly Coverage[];
}

/** What a pixel shows. */
export interface Shown {
  /** By coverage: its opacity. */
  readonly alphas: Float64Array;
  /** By coverage and channel: its colour. */
  readonly colours: readonly Float64Array[];
  /** Of the nearest sample that is not wholly transparent for the first coverage; the nearest of all where none is. */
  sample: number;
  /** The depth of that sample, and the farthest depth of a sample that is seen. */
  front: number;
  back: number;
}

/**
 * Lays the samples of pixels over each other by the rules of Florian Kainz, "Interpreting OpenEXR Deep Pixels" (2013): a
 * sample from Z to ZBack is a volume that absorbs alike at every depth; volumes are split where others begin and end, and
 * pieces at the same depths become one, before all are laid over each other from the front.
 *
 * The document splits and merges sample by sample. With u = -log(1 - alpha), the optical depth, both are linear: a piece
 * of a volume has its share of u, and pieces merge by adding u and u/alpha times the colour. So what is at a depth is
 * kept as sums, which costs no more than to sort the samples. Opaque samples, whose u is infinite, are counted apart:
 * where they meet, their colours are averaged, and nothing behind them is seen.
 */
export class Flattener {
  readonly #stacks: Stacks;
  readonly #shown: Shown;
  /** The pixel's samples by depth, and where each begins and ends; the first `#count` of them. */
  #order = new Int32Array(64);
  #begins = new Float64Array(64);
  #ends = new Float64Array(64);
  #count = 0;
  /** The depth at which the first coverage becomes opaque. */
  #seenTo = Number.POSITIVE_INFINITY;
  readonly #media: readonly Medium[];

  constructor(stacks: Stacks) {
    this.#stacks = stacks;
    this.#media = stacks.coverages.map(({ colours }) => new Medium(colours.length));
    this.#shown = {
      alphas: new Float64Array(stacks.coverages.length),
      colours: stacks.coverages.map(({ colours }) => new Float64Array(colours.length)),
      sample: -1,
      front: 0,
      back: 0,
    };
  }

  /** What the samples from `start` up to but not including `end` show; valid until the next call. */
  flatten(start: number, end: number): Shown {
    const shown = this.#shown;
    shown.alphas.fill(0);
    for (const colours of shown.colours) colours.fill(0);
    shown.sample = -1;
    shown.front = 0;
    shown.back = 0;
    if (end <= start) return shown;
    this.#sort(start, end);
    this.#seenTo = Number.POSITIVE_INFINITY;
    if (this.#isTidy()) this.#overSamples();
    else this.#overPieces();
    this.#findNearest();
    return shown;
  }

  /** By depth; points before volumes that begin there, and otherwise as they are stored. */
  #sort(start: number, end: number): void {
    this.#count = end - start;
    if (this.#order.length < this.#count) {
      const room = this.#count * 2;
      [this.#order, this.#begins, this.#ends] = [new Int32Array(room), new Float64Array(room), new Float64Array(room)];
    }
    const [order, begins, ends] = [this.#order, this.#begins, this.#ends];
    let sorted = true;
    for (let at = 0; at < this.#count; at++) {
      order[at] = start + at;
      this.#place(at);
      sorted &&=
        at === 0 || begins[at - 1]! < begins[at]! || (begins[at - 1] === begins[at] && ends[at - 1]! <= ends[at]!);
    }
    if (sorted) return;
    const unsorted = { begins: begins.slice(0, this.#count), ends: ends.slice(0, this.#count) };
    const depths = (i: number): readonly [number, number] => [unsorted.begins[i - start]!, unsorted.ends[i - start]!];
    order.subarray(0, this.#count).sort((a, b) => {
      const [[beginA, endA], [beginB, endB]] = [depths(a), depths(b)];
      if (beginA !== beginB) return beginA < beginB ? -1 : 1;
      return endA - endB || a - b;
    });
    for (let at = 0; at < this.#count; at++) this.#place(at);
  }

  /** Notes where the sample at a place of the order begins and ends. */
  #place(at: number): void {
    const i = this.#order[at]!;
    const z = this.#stacks.front[i]!;
    const begin = Number.isNaN(z) ? Number.POSITIVE_INFINITY : z;
    const until = this.#stacks.back ? this.#stacks.back[i]! : begin;
    this.#begins[at] = begin;
    this.#ends[at] = until > begin && until < Number.POSITIVE_INFINITY ? until : begin;
  }

  /** Whether no two samples share a depth, so that laying them over each other is all there is to do. */
  #isTidy(): boolean {
    for (let at = 1; at < this.#count; at++) {
      const [begin, before] = [this.#begins[at]!, this.#ends[at - 1]!];
      const bothPoints = begin === before && this.#begins[at - 1] === before && this.#ends[at] === begin;
      if (begin < before || bothPoints) return false;
    }
    return true;
  }

  #overSamples(): void {
    const { coverages } = this.#stacks;
    const { alphas } = this.#shown;
    for (let at = 0; at < this.#count; at++) {
      const i = this.#order[at]!;
      for (let c = 0; c < coverages.length; c++) {
        const { alpha, colours } = coverages[c]!;
        const through = 1 - alphas[c]!;
        if (through <= 0) continue;
        const sum = this.#shown.colours[c]!;
        for (let n = 0; n < colours.length; n++) sum[n]! += through * colours[n]![i]!;
        alphas[c]! += through * opacity(alpha, i);
      }
      if (this.#isDone(this.#begins[at]!)) break;
    }
  }

  #overPieces(): void {
    const [begins, ends] = [this.#begins.subarray(0, this.#count), this.#ends.subarray(0, this.#count)];
    const depths = [...new Set([...begins, ...ends])].sort((a, b) => a - b);
    const byEnd = [...ends.keys()].sort((a, b) => ends[a]! - ends[b]!);
    let entering = 0;
    let leaving = 0;
    for (const medium of this.#media) medium.clear();
    for (const [d, depth] of depths.entries()) {
      for (; leaving < byEnd.length && this.#ends[byEnd[leaving]!]! <= depth; leaving++) {
        const at = byEnd[leaving]!;
        if (this.#begins[at]! < this.#ends[at]!) this.#change(at, -1);
      }
      // Points first: they are merged at their depth, between the volumes before and behind.
      const first = entering;
      while (entering < this.#count && this.#begins[entering] === depth) entering++;
      let points = first;
      while (points < entering && this.#ends[points] === depth) points++;
      if (points > first) this.#overPoints(first, points);
      if (this.#isDone(depth)) return;
      for (let at = points; at < entering; at++) this.#change(at, 1);
      const next = depths[d + 1];
      if (next !== undefined) {
        for (const [c, medium] of this.#media.entries()) this.#over(c, medium, next - depth);
      }
      if (this.#isDone(depth)) return;
    }
  }

  /** Lets a volume begin (1) or end (-1). */
  #change(at: number, sign: 1 | -1): void {
    const i = this.#order[at]!;
    const thickness = this.#ends[at]! - this.#begins[at]!;
    for (const [c, { alpha, colours }] of this.#stacks.coverages.entries()) {
      this.#media[c]!.add(opacity(alpha, i), colours, i, sign, thickness);
    }
  }

  #overPoints(from: number, to: number): void {
    for (const [c, { alpha, colours }] of this.#stacks.coverages.entries()) {
      const medium = new Medium(colours.length);
      for (let at = from; at < to; at++) medium.add(opacity(alpha, this.#order[at]!), colours, this.#order[at]!, 1, 1);
      this.#over(c, medium, 1);
    }
  }

  #over(coverage: number, medium: Medium, length: number): void {
    const through = 1 - this.#shown.alphas[coverage]!;
    if (through <= 0 || medium.isEmpty) return;
    this.#shown.alphas[coverage]! += through * medium.lay(length, through, this.#shown.colours[coverage]!);
  }

  /** Whether nothing behind what begins at `depth` is seen. */
  #isDone(depth: number): boolean {
    const { alphas } = this.#shown;
    if (alphas[0]! >= 1) this.#seenTo = Math.min(this.#seenTo, depth);
    for (let c = 0; c < alphas.length; c++) if (alphas[c]! < 1) return false;
    return true;
  }

  #findNearest(): void {
    const shown = this.#shown;
    const alpha = this.#stacks.coverages[0]?.alpha;
    let nearest = 0;
    while (nearest < this.#count && opacity(alpha, this.#order[nearest]!) === 0) nearest++;
    if (nearest === this.#count) nearest = 0;
    shown.sample = this.#order[nearest]!;
    shown.front = this.#begins[nearest]!;
    shown.back = this.#ends[nearest]!;
    for (let at = nearest; at < this.#count && this.#begins[at]! <= this.#seenTo; at++) {
      if (opacity(alpha, this.#order[at]!) > 0) shown.back = Math.max(shown.back, this.#ends[at]!);
    }
  }
}

/** Between 0 and 1; what is no number is 0. */
function opacity(alpha: Float32Array | undefined, i: number): number {
  if (!alpha) return 1;
  const value = alpha[i]!;
  return value > 0 ? Math.min(1, value) : 0;
}

/** What fills a range of depths: sums over the samples there, per unit of depth. */
class Medium {
  readonly #depth = new Sum();
  /** Of u/alpha times the colour. */
  readonly #light: readonly Sum[];
  readonly #opaque: readonly Sum[];
  #samples = 0;
  #opaques = 0;

  constructor(channels: number) {
    this.#light = Array.from({ length: channels }, () => new Sum());
    this.#opaque = Array.from({ length: channels }, () => new Sum());
  }

  get isEmpty(): boolean {
    return this.#samples === 0;
  }

  clear(): void {
    this.#samples = 0;
    this.#opaques = 0;
    for (const sum of [this.#depth, ...this.#light, ...this.#opaque]) sum.clear();
  }

  add(alpha: number, colours: readonly Float32Array[], i: number, sign: 1 | -1, thickness: number): void {
    this.#samples += sign;
    if (alpha === 1) {
      this.#opaques += sign;
      for (let n = 0; n < colours.length; n++) this.#opaque[n]!.add(sign * colours[n]![i]!);
      return;
    }
    const u = -Math.log1p(-alpha);
    this.#depth.add((sign * u) / thickness);
    const share = ((alpha > 0 ? u / alpha : 1) * sign) / thickness;
    for (let n = 0; n < colours.length; n++) this.#light[n]!.add(share * colours[n]![i]!);
  }

  /** Adds `through` times the colours of a piece so long to `target`, and gives the opacity of the piece. */
  lay(length: number, through: number, target: Float64Array): number {
    if (this.#opaques > 0) {
      for (let n = 0; n < target.length; n++) target[n]! += (through * this.#opaque[n]!.value) / this.#opaques;
      return 1;
    }
    const u = Math.max(0, this.#depth.value) * length;
    const alpha = -Math.expm1(-u);
    const share = (u > 0 ? alpha / u : 1) * length * through;
    for (let n = 0; n < target.length; n++) target[n]! += share * this.#light[n]!.value;
    return alpha;
  }
}

/**
 * A sum that numbers are taken from again: what was lost by rounding is kept beside it, so that a thin dense volume leaves
 * nothing behind (T. J. Dekker, "A Floating-Point Technique for Extending the Available Precision", 1971).
 */
class Sum {
  #high = 0;
  #low = 0;

  get value(): number {
    return this.#high + this.#low;
  }

  clear(): void {
    this.#high = 0;
    this.#low = 0;
  }

  add(term: number): void {
    const sum = this.#high + term;
    const part = sum - this.#high;
    const rest = this.#high - (sum - part) + (term - part) + this.#low;
    const high = sum + rest;
    this.#low = rest - (high - sum);
    this.#high = high;
  }
}
