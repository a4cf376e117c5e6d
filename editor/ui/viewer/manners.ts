// Manners: how pictures that have come are drawn, by what was chosen and by what is in them.
import type { Picture } from '../store/link.ts';
import { type Range, rangeFor } from './heat.ts';
import { type Mode, modesFor, TYPES } from './mode.ts';
import type { Manner } from './portrayal.ts';
import { FIRST_LIGHT, type Light, steepness } from './relief.ts';

/** What was chosen of how data is drawn. */
export interface DataChoices {
  /** By channel, where another mode than the usual one was chosen. */
  readonly modes: Readonly<Record<string, Mode>>;
  readonly relief: Light;
  /** By channel, where the ends of a heat map were set; those of others follow from the picture. */
  readonly ranges: Readonly<Record<string, Range>>;
}

export const FIRST_DATA_CHOICES: DataChoices = { modes: {}, relief: FIRST_LIGHT, ranges: {} };

export class Manners {
  /** How steep heights are drawn, by node, part and channel: the same while one looks around in them. */
  readonly #steep = new Map<string, number>();
  readonly #ranges = new WeakMap<Picture, Range>();

  /** Undefined where a picture is light. */
  of(picture: Picture, choices: DataChoices): Manner | undefined {
    const { type, channels, charts } = picture.header;
    const [name] = channels;
    if (type === undefined || typeof name !== 'string') return undefined;
    const mode = charts ? 'ids' : (choices.modes[name] ?? modesFor(name, type)[0]!);
    // Another mode was chosen, and its picture has not come.
    if (mode === 'light' || TYPES[mode] !== type) return undefined;
    if (mode === 'ids') return { mode };
    if (mode === 'heat') return { mode, range: choices.ranges[name] ?? this.#rangeOf(picture) };
    return { mode, light: choices.relief, steep: this.#steepOf(picture, name) };
  }

  /** Heights are drawn as steep as what is looked at next makes them easy to read. */
  forgetSteepness(): void {
    this.#steep.clear();
  }

  #rangeOf(picture: Picture): Range {
    const range = this.#ranges.get(picture) ?? rangeFor(picture);
    this.#ranges.set(picture, range);
    return range;
  }

  #steepOf(picture: Picture, name: string): number {
    const { node, part } = picture.header;
    const key = JSON.stringify([node, part, name]);
    const steep = this.#steep.get(key) ?? steepness(picture);
    if (steep === undefined) return 1;
    this.#steep.set(key, steep);
    return steep;
  }
}
