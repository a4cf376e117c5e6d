// Statistics of channels: least, greatest and mean sample, and how many are no finite number.
import {
  convertPlane,
  countsOf,
  type ExrFile,
  type ExrPart,
  type Level,
  layoutOf,
  levelAt,
  type Plane,
} from '../../files.ts';
import { bandsOf } from './bands.ts';

export interface Statistics {
  readonly samples: number;
  /** Of the finite samples; absent where there are none. */
  readonly min?: number;
  readonly max?: number;
  readonly mean?: number;
  readonly nan: number;
  readonly infinite: number;
}

/** Numbers of a level; those of the full resolution are 0, 0. */
type LevelNumbers = Pick<Level, 'x' | 'y'>;
const FULL: LevelNumbers = { x: 0, y: 0 };

/**
 * Statistics by channel name of a level of a flat part, of the full resolution where none is named. Each chunk is unpacked
 * once and memory is bounded by bands; `each` gets every plane of every band, from the top to the bottom. Errors as for
 * `ExrFile.readPart`.
 */
export function channelStatistics(
  file: ExrFile,
  part: number,
  {
    level = FULL,
    each,
  }: { readonly level?: LevelNumbers; readonly each?: (channel: string, plane: Plane) => void } = {},
): Map<string, Statistics> {
  const spec = file.part(part);
  const gatherers = gatherersOf(spec);
  for (const box of bandsOf(spec, levelAt(layoutOf(spec), level))) {
    for (const [name, plane] of file.readPart(part, { box, level })) {
      gatherers.get(name)!.add(plane);
      each?.(name, plane);
    }
  }
  return new Map([...gatherers].map(([name, gatherer]) => [name, gatherer.result()]));
}

/** Of a deep part: statistics by channel name, and of the numbers of samples at the pixels. */
export interface DeepStatistics {
  readonly channels: ReadonlyMap<string, Statistics>;
  readonly counts: Statistics;
}

/** As `channelStatistics`, of a deep part. Errors as for `ExrFile.readDeep`. */
export function deepStatistics(file: ExrFile, part: number, level: LevelNumbers = FULL): DeepStatistics {
  const spec = file.part(part);
  const gatherers = gatherersOf(spec);
  const counts = new NumberGatherer();
  for (const box of bandsOf(spec, levelAt(layoutOf(spec), level))) {
    const deep = file.readDeep(part, { box, level });
    counts.add({ samples: countsOf(deep) });
    for (const [name, channel] of deep.channels) gatherers.get(name)!.add(channel);
  }
  return {
    channels: new Map([...gatherers].map(([name, gatherer]) => [name, gatherer.result()])),
    counts: counts.result(),
  };
}

const gatherersOf = ({ channels }: ExrPart): Map<string, HalfGatherer | NumberGatherer> =>
  new Map(channels.map(({ name, type }) => [name, type === 'half' ? new HalfGatherer() : new NumberGatherer()]));

/** Statistics of one plane of floats or whole numbers. */
export function gatherStatistics(plane: Plane): Statistics {
  const gatherer = new NumberGatherer();
  gatherer.add(plane);
  return gatherer.result();
}

/** Floats and whole numbers, one by one. */
class NumberGatherer {
  #samples = 0;
  #finite = 0;
  #nan = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #sum = 0;

  add({ samples }: Pick<Plane, 'samples'>): void {
    for (let i = 0; i < samples.length; i++) this.count(samples[i]!, 1);
  }

  count(value: number, times: number): void {
    this.#samples += times;
    if (Number.isFinite(value)) {
      this.#finite += times;
      this.#sum += value * times;
      if (value < this.#min) this.#min = value;
      if (value > this.#max) this.#max = value;
    } else if (Number.isNaN(value)) this.#nan += times;
  }

  result(): Statistics {
    const counts = { samples: this.#samples, nan: this.#nan, infinite: this.#samples - this.#finite - this.#nan };
    if (this.#finite === 0) return counts;
    return { ...counts, min: this.#min, max: this.#max, mean: this.#sum / this.#finite };
  }
}

/** Halves: there are only 65536 of them, so that each is counted and looked at once in the end. */
class HalfGatherer {
  readonly #counts = new Float64Array(65536);

  add({ samples }: Pick<Plane, 'samples'>): void {
    const counts = this.#counts;
    for (let i = 0; i < samples.length; i++) counts[samples[i]!]! += 1;
  }

  result(): Statistics {
    const values = allHalves();
    const gatherer = new NumberGatherer();
    for (let bits = 0; bits < 65536; bits++) {
      const times = this.#counts[bits]!;
      if (times > 0) gatherer.count(values[bits]!, times);
    }
    return gatherer.result();
  }
}

let halves: Float32Array | undefined;

/** The value of every half by its bits. */
export function allHalves(): Float32Array {
  if (halves) return halves;
  const box = { minX: 0, minY: 0, maxX: 65535, maxY: 0 };
  const samples = Uint16Array.from({ length: 65536 }, (_, bits) => bits);
  const plane: Plane = { type: 'half', box, sampling: { x: 1, y: 1 }, columns: 65536, rows: 1, samples };
  halves = convertPlane(plane, 'float').plane.samples as Float32Array;
  return halves;
}
