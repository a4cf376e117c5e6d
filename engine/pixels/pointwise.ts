// Point-wise programs on planes: all steps run on one small tile after the other, so that the samples stay in cache.
import { EngineError } from '../base/error.ts';
import { addressOf, kernels, scratch } from './arena.ts';
import { convertSamples } from './convert.ts';
import { allocateSamples, type Plane, type Samples, type SampleType } from './plane.ts';
import {
  type ColourStep,
  entryOf,
  mixTerms,
  type PerChannel,
  type PointwiseProgram,
  type PointwiseStep,
  takesAlpha,
  takesColours,
} from './step.ts';

export type { PointwiseProgram, PointwiseStep } from './step.ts';

/** Samples of each channel that are in work at once: a multiple of 8, small enough for the first caches. */
const TILE = 8192;

/** What a program works on. All planes have the same number of samples. */
export interface PointwiseInput {
  /** Three where the program takes colours as a whole, else any number. Read only. */
  readonly channels: readonly Plane[];
  /** Needed where the program divides or multiplies by it. */
  readonly alpha?: Plane;
  /** The type of each result. */
  readonly types: readonly SampleType[];
}

/**
 * Runs a program and returns a fresh plane for each channel. Samples become floats, go through all steps in single
 * precision and become samples of the wanted types by the rules of `convertSamples`. The results do not depend on the
 * planes' size or on where they were cut, and are those of `plainPointwise` in reference.ts, bit by bit.
 */
export function runPointwise(program: PointwiseProgram, { channels, alpha, types }: PointwiseInput): Plane[] {
  demand(program, channels, alpha);
  const count = channels[0]?.samples.length ?? 0;
  const sources = channels.map(withoutWholes);
  const coverage = alpha && withoutWholes(alpha);
  const targets = types.map((type) => allocateSamples(type === 'uint' ? 'float' : type, count));
  const tables = tablesOf(program);
  const registers = channels.length + (alpha ? 1 : 0);
  const [tile, staging, terms, ...loaded] = scratch(
    registers * TILE * 4,
    TILE * 4,
    mixes(program).length * 64,
    ...[...tables].map(({ bytes }) => bytes.length),
  );
  const addresses = new Map<Table, number>();
  for (const [i, table] of [...tables].entries()) {
    loaded[i]!.set(table.bytes);
    addresses.set(table, addressOf(loaded[i]!));
  }
  const machine = new Machine({ tile: tile!, staging: staging!, terms: terms!, addresses, channels: channels.length });
  const steps = machine.compile(program);
  for (let start = 0; start < count; start += TILE) {
    const length = Math.min(TILE, count - start);
    machine.whole = (length + 7) & ~7;
    for (const [i, source] of sources.entries()) machine.load(i, source.subarray(start, start + length));
    if (coverage) machine.load(channels.length, coverage.subarray(start, start + length));
    for (const step of steps) step();
    for (const [i, target] of targets.entries()) machine.store(i, target.subarray(start, start + length));
  }
  return channels.map((plane, i) => {
    const type = types[i]!;
    const samples = type === 'uint' ? convertSamples(targets[i]!, 'float', 'uint').samples : targets[i]!;
    return { ...plane, type, samples };
  });
}

function demand(program: PointwiseProgram, channels: readonly Plane[], alpha: Plane | undefined): void {
  const same = [...channels, ...(alpha ? [alpha] : [])].every(
    ({ samples }) => samples.length === channels[0]?.samples.length,
  );
  const mixed = channels.length === 3 || !program.some(takesColours);
  const covered = alpha !== undefined || !program.some(takesAlpha);
  if (same && mixed && covered) return;
  throw new EngineError('invalid', 'internal', 'A point-wise program was given planes that do not fit it.');
}

const mixes = (program: PointwiseProgram): readonly Extract<PointwiseStep, { do: 'mix' }>[] =>
  program.filter((step) => step.do === 'mix');

/** A table of any kind, as the kernels take it. */
interface Table {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

function tablesIn(step: PointwiseStep): readonly (Table | null)[] {
  if (step.do === 'cube') return [step.by];
  return step.do === 'bend' || step.do === 'look' || step.do === 'spline' ? step.by : [];
}

const tablesOf = (program: PointwiseProgram): ReadonlySet<Table> =>
  new Set(program.flatMap(tablesIn).filter((table) => table !== null));

/** Halves or floats. */
const withoutWholes = ({ type, samples }: Plane): Samples =>
  type === 'uint' ? convertSamples(samples, 'uint', 'float').samples : samples;

interface Memory {
  readonly tile: Uint8Array<ArrayBuffer>;
  readonly staging: Uint8Array<ArrayBuffer>;
  readonly terms: Uint8Array<ArrayBuffer>;
  readonly addresses: ReadonlyMap<Table, number>;
  /** How many; alpha lies behind them. */
  readonly channels: number;
}

/** One tile of every channel in the kernels' memory, and the kernels on it. */
class Machine {
  /** Samples in the tile, filled up to whole vectors. */
  whole = 0;
  readonly #memory: Memory;
  readonly #run = kernels().run;
  readonly #start: number;

  constructor(memory: Memory) {
    this.#memory = memory;
    this.#start = addressOf(memory.tile);
  }

  /** The steps of a program with all their addresses known. */
  compile(program: PointwiseProgram): (() => void)[] {
    let place = 0;
    return program.flatMap((step): (() => void)[] => {
      if (!takesColours(step)) return this.#each((i, at) => this.#step(step, i, at));
      const [r, g, b] = [this.#at(0), this.#at(1), this.#at(2)];
      if (step.do === 'cube') {
        const table = this.#memory.addresses.get(step.by)!;
        if (step.way === 'trilinear') return [() => this.#run.cubeTrilinear(r, g, b, this.whole, table)];
        return [() => this.#run.cubeTetrahedral(r, g, b, this.whole, table)];
      }
      const terms = this.#memory.terms.subarray(place, place + 48);
      place += 64;
      terms.set(new Uint8Array(mixTerms(step).buffer));
      const address = addressOf(terms);
      return [() => this.#run.mixColours(r, g, b, this.whole, address)];
    });
  }

  #at(channel: number): number {
    return this.#start + channel * TILE * 4;
  }

  #each(make: (channel: number, at: number) => (() => void) | undefined): (() => void)[] {
    return Array.from({ length: this.#memory.channels }, (_, i) => make(i, this.#at(i))).filter((s) => s !== undefined);
  }

  #step(step: Exclude<PointwiseStep, ColourStep>, channel: number, at: number): (() => void) | undefined {
    const run = this.#run;
    const alpha = this.#at(this.#memory.channels);
    switch (step.do) {
      case 'scale': {
        const [by, plus] = [entryOf(step.by, channel), entryOf(step.plus, channel)];
        return () => run.scaleSamples(at, this.whole, by, plus);
      }
      case 'gain':
        return () => run.gainSamples(at, this.whole, step.by);
      case 'limit': {
        const [least, greatest] = [entryOf(step.least, channel), entryOf(step.greatest, channel)];
        return () => run.limitSamples(at, this.whole, least, greatest);
      }
      case 'bend': {
        const address = this.#addressOf(step.by, channel);
        return address === undefined ? undefined : () => run.bendSamples(at, this.whole, address);
      }
      case 'look': {
        const address = this.#addressOf(step.by, channel);
        return address === undefined ? undefined : () => run.lookSamples(at, this.whole, address);
      }
      case 'spline': {
        const address = this.#addressOf(step.by, channel);
        return address === undefined ? undefined : () => run.splineSamples(at, this.whole, address);
      }
      case 'divide':
        return () => run.divideSamples(at, alpha, this.whole);
      case 'multiply':
        return () => run.multiplySamples(at, alpha, this.whole);
      case 'cover':
        return () => run.coverSamples(at, alpha, this.whole);
      case 'halve':
        return () => run.halveSamples(at, this.whole);
    }
  }

  #addressOf(by: PerChannel<Table | null>, channel: number): number | undefined {
    const table = entryOf(by, channel);
    return table ? this.#memory.addresses.get(table)! : undefined;
  }

  load(register: number, samples: Samples): void {
    const { tile, staging } = this.#memory;
    const at = register * TILE * 4;
    if (samples instanceof Uint16Array) {
      staging.set(bytesOf(samples));
      staging.fill(0, samples.byteLength, this.whole * 2);
      this.#run.halfToFloat(addressOf(staging), this.#at(register), this.whole);
      return;
    }
    tile.set(bytesOf(samples), at);
    tile.fill(0, at + samples.byteLength, at + this.whole * 4);
  }

  store(register: number, samples: Samples): void {
    const { tile, staging } = this.#memory;
    const at = register * TILE * 4;
    this.#run.settleSamples(this.#at(register), this.whole);
    if (samples instanceof Uint16Array) {
      this.#run.floatToHalf(this.#at(register), addressOf(staging), this.whole);
      bytesOf(samples).set(staging.subarray(0, samples.byteLength));
      return;
    }
    bytesOf(samples).set(tile.subarray(at, at + samples.byteLength));
  }
}

const bytesOf = (samples: Samples): Uint8Array =>
  new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
