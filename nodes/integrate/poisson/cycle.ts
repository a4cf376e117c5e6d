// One cycle of multigrid, and the full-multigrid start: what conjugate gradients are preconditioned with.
import type { LatticeWork } from '../../../engine/authoring.ts';
import { type Hierarchy, isWide, type Level } from './level.ts';

/**
 * Makes `u` of level `index` an approximate solution for its `f`: one sweep down and one back on each level. Sweeps back go
 * in the opposite order, and restriction is the transpose of prolongation, so that from 0 it is a symmetric operator. What
 * a coarser level finds is shortened where it is far too long, as happens in long thin windings: there the operator is not
 * linear, and conjugate gradients must be flexible. Stops after each piece of work on wide levels, so that others can have
 * their turn.
 */
export function* cycle(
  work: LatticeWork,
  hierarchy: Hierarchy,
  index: number,
  from: 'zero' | 'u',
): Generator<undefined, void> {
  const { levels, work: room } = hierarchy;
  const level = levels[index]!;
  const coarse = levels[index + 1];
  const { lattice, u, f } = level;
  sweepExtras(level, from === 'zero' ? 'start' : 'forth');
  withExtras(level, 'value', () => work.relax(lattice, u, f, from === 'zero' ? 'start' : 'forth'));
  if (!coarse) return;
  const wide = isWide(level);
  if (wide) yield;
  withExtras(level, 'difference', () => {
    work.restrict(lattice, u, f, coarse.lattice, coarse.f, room);
    restrictStrays(level, coarse);
  });
  if (wide) yield;
  yield* cycle(work, hierarchy, index + 1, 'zero');
  shorten(work, coarse);
  // The finest of the coarser levels, which costs most, is visited once, the others twice.
  if (index > 0) {
    yield* cycle(work, hierarchy, index + 1, 'u');
    shorten(work, coarse);
  }
  prolong(work, coarse, level);
  if (wide) yield;
  withExtras(level, 'value', () => work.relax(lattice, u, f, 'back'));
  sweepExtras(level, 'back');
}

/** Less than this share of what was found would be right: it is far too long. */
const ENOUGH = 0.7;

/** Shortens what a level has found, where it is far too long, to what is nearest to the solution in the norm of energy. */
function shorten(work: LatticeWork, { lattice, base, u, f, extras }: Level): void {
  let product = work.dot(u, f);
  let energy = work.energy(lattice, u, u);
  const { count, starts, to, weights } = extras;
  for (let k = 0; k < count; k++) {
    product += extras.u[k]! * extras.f[k]!;
    for (let i = starts[k]!; i < starts[k + 1]!; i++) {
      const other = to[i]!;
      // Edges between extra nodes stand at both.
      if (other >= base + k) continue;
      energy += weights[i]! * ((other < base ? u[other]! : extras.u[other - base]!) - extras.u[k]!) ** 2;
    }
  }
  const by = energy > 0 ? product / energy : 0;
  if (by > ENOUGH) return;
  for (let i = 0; i < u.length; i++) u[i]! *= by;
  for (let k = 0; k < count; k++) extras.u[k]! *= by;
}

/**
 * Solves for the `f` of the finest level, from the coarsest level on with one cycle each. Uses all `u` and other `f`. Stops
 * as `cycle` does.
 */
export function* fullMultigrid(work: LatticeWork, hierarchy: Hierarchy): Generator<undefined, void> {
  const { levels, work: room } = hierarchy;
  for (const [i, level] of levels.entries()) {
    level.u.fill(0);
    level.extras.u.fill(0);
    const coarse = levels[i + 1];
    if (!coarse) break;
    work.restrict(level.lattice, level.u, level.f, coarse.lattice, coarse.f, room);
    restrictStrays(level, coarse);
    if (isWide(level)) yield;
  }
  for (let i = levels.length - 2; i >= 0; i--) {
    prolong(work, levels[i + 1]!, levels[i]!);
    if (isWide(levels[i]!)) yield;
    // The finest level has its cycle as the first of conjugate gradients.
    if (i > 0) yield* cycle(work, hierarchy, i, 'u');
  }
}

function prolong(work: LatticeWork, coarse: Level, { lattice, base, u, extras, strays }: Level): void {
  work.prolong(coarse.lattice, coarse.u, lattice, u);
  for (let i = 0; i < strays.length; i += 2) {
    const [node, parent] = [strays[i]!, strays[i + 1]!];
    const value = parent < coarse.base ? coarse.u[parent]! : coarse.extras.u[parent - coarse.base]!;
    if (node < base) u[node]! += value;
    else extras.u[node - base]! += value;
  }
}

/** Hands what is left at nodes that do not follow a cell to their parents; cells' edges to extra nodes are in `f`. */
function restrictStrays(level: Level, coarse: Level): void {
  const { base, strays } = level;
  coarse.extras.f.fill(0);
  for (let i = 0; i < strays.length; i += 2) {
    const [node, parent] = [strays[i]!, strays[i + 1]!];
    const value = node < base ? restOfCell(level, node) : restOfExtra(level, node - base);
    if (parent < coarse.base) coarse.f[parent]! += value;
    else coarse.extras.f[parent - coarse.base]! += value;
  }
}

function restOfCell({ lattice: { flags, stride, weights }, u, f }: Level, i: number): number {
  const own = u[i]!;
  const edges = flags[i]!;
  let total = f[i]!;
  if (weights) {
    const { east, south } = weights;
    total += (u[i + 1]! - own) * east[i]! + (u[i + stride]! - own) * south[i]!;
    return total + (u[i - 1]! - own) * east[i - 1]! + (u[i - stride]! - own) * south[i - stride]!;
  }
  if (edges & 1) total += u[i + 1]! - own;
  if (edges & 2) total += u[i + stride]! - own;
  if (edges & 4) total += u[i - 1]! - own;
  if (edges & 8) total += u[i - stride]! - own;
  return total;
}

function restOfExtra({ base, u, extras }: Level, k: number): number {
  const { starts, to, weights } = extras;
  const own = extras.u[k]!;
  let total = extras.f[k]!;
  for (let i = starts[k]!; i < starts[k + 1]!; i++) {
    const other = to[i]!;
    total += weights[i]! * ((other < base ? u[other]! : extras.u[other - base]!) - own);
  }
  return total;
}

/** Makes the equations of the extra nodes hold one after the other. At the start all else counts as 0. */
function sweepExtras({ base, u, extras }: Level, way: 'start' | 'forth' | 'back'): void {
  const { count, starts, to, weights, sums, f } = extras;
  if (way === 'start') extras.u.fill(0);
  for (let n = 0; n < count; n++) {
    const k = way === 'back' ? count - 1 - n : n;
    if (sums[k] === 0) continue;
    let total = f[k]!;
    for (let i = starts[k]!; i < starts[k + 1]!; i++) {
      const other = to[i]!;
      if (other >= base) total += weights[i]! * extras.u[other - base]!;
      else if (way !== 'start') total += weights[i]! * u[other]!;
    }
    extras.u[k] = total / sums[k]!;
  }
}

/**
 * Does something while the right sides of cells hold what their edges to extra nodes add: the weighted values at the other
 * ends, or how much higher those are.
 */
function withExtras({ base, u, f, extras }: Level, what: 'value' | 'difference', act: () => void): void {
  const { count, starts, to, weights } = extras;
  const kept = new Float32Array(count === 0 ? 0 : to.length);
  for (let k = 0; k < count; k++) {
    for (let i = starts[k]!; i < starts[k + 1]!; i++) {
      const cell = to[i]!;
      if (cell >= base) continue;
      kept[i] = f[cell]!;
      f[cell]! += weights[i]! * (extras.u[k]! - (what === 'value' ? 0 : u[cell]!));
    }
  }
  act();
  // A cell with several edges comes to what it was at first.
  for (let k = count - 1; k >= 0; k--) {
    for (let i = starts[k + 1]! - 1; i >= starts[k]!; i--) if (to[i]! < base) f[to[i]!] = kept[i]!;
  }
}
