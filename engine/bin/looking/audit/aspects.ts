// What a header says, aspect by aspect, and which of it is another at some frames of a sequence.
import { createHash } from 'node:crypto';
import {
  type Attribute,
  attributeSummary,
  colourStatement,
  type ExrPart,
  type FrameList,
  formatFrames,
} from '../../../files.ts';
import { channelText, STATED, tilesText, windowText } from '../header-diff.ts';

/** What kind of thing an aspect is, in the order in which findings are listed. */
export type AspectKind = 'part' | 'channel' | 'window' | 'storage' | 'colours' | 'attribute';

/** An aspect that has one value at some frames and another at others. */
export interface Change {
  readonly kind: AspectKind;
  /** The part it is about, where the sequence has files of several parts. */
  readonly part?: string;
  readonly name: string;
  /** The values from the most frequent to the rarest, each with its frames. */
  readonly values: readonly { readonly value: string; readonly frames: FrameList }[];
}

interface Aspect {
  readonly kind: AspectKind;
  readonly part?: string;
  readonly name: string;
  /** By what tells values apart: the text that is shown, and the frames. */
  readonly values: Map<string, { readonly text: string; readonly frames: number[] }>;
}

const ABSENT = 'none';
/** Stands for values that go with the frame, beside the frames that have none. */
const PRESENT = 'present';
/** Values that come at so few frames each are taken to belong to the frame, as time codes do. */
const FRAMES_PER_VALUE = 3;
const KINDS: readonly AspectKind[] = ['part', 'channel', 'window', 'storage', 'colours', 'attribute'];

/** Collects the aspects of the headers of a sequence, one header after the other. */
export class Aspects {
  readonly #aspects = new Map<string, Aspect>();
  readonly #frames: number[] = [];
  #several = false;

  /** Adds the header of the file of a frame. */
  add(frame: number, parts: readonly ExrPart[]): void {
    this.#frames.push(frame);
    this.#several ||= parts.length > 1;
    const labels = parts.map(({ name }, index) => name ?? `#${index}`);
    const put = (kind: AspectKind, part: string, name: string, text: string, identity = text): void => {
      const key = [kind, part, name].join('\0');
      let aspect = this.#aspects.get(key);
      if (!aspect) {
        aspect = { kind, part, name, values: new Map() };
        this.#aspects.set(key, aspect);
      }
      const known = aspect.values.get(identity);
      if (known) known.frames.push(frame);
      else aspect.values.set(identity, { text, frames: [frame] });
    };
    put('part', '', 'parts', labels.join(', '));
    for (const [index, part] of parts.entries()) {
      // A lone part is compared with lone parts, whatever its name.
      const label = parts.length > 1 ? labels[index]! : '';
      put('part', label, 'type', part.type);
      for (const channel of part.channels) put('channel', label, channel.name, channelText(channel));
      put('window', label, 'dataWindow', windowText(part.dataWindow));
      put('window', label, 'displayWindow', windowText(part.displayWindow));
      put('storage', label, 'compression', part.compression);
      put('storage', label, 'lineOrder', part.lineOrder);
      put('storage', label, 'tiles', tilesText(part) ?? ABSENT);
      put('colours', label, 'colours', colourStatement(part, parts[0]!.attributes) ?? ABSENT);
      for (const attribute of part.attributes) {
        if (!STATED.has(attribute.name))
          put('attribute', label, attribute.name, attributeSummary(attribute), identityOf(attribute));
      }
    }
  }

  /**
   * `changes`: aspects with several values, and those that some frames lack. `moving`: attributes and data windows that go
   * with the frame, having another value at every few of the frames that have one. An aspect may be both. In a fixed order.
   */
  result(): { readonly changes: readonly Change[]; readonly moving: readonly Change[] } {
    const changes: Change[] = [];
    const moving: Change[] = [];
    for (const aspect of this.#aspects.values()) {
      const values = [...aspect.values.values()].map(({ text, frames }) => ({
        value: text,
        frames: frames as FrameList,
      }));
      const has = new Set(values.flatMap(({ frames }) => frames));
      const lacking = this.#frames.filter((frame) => !has.has(frame));
      const absent = lacking.length > 0 ? [{ value: ABSENT, frames: lacking }] : [];
      const moves = mayMove(aspect) && values.length >= 3 && values.length * FRAMES_PER_VALUE > has.size;
      if (moves) moving.push(this.#changeOf(aspect, values));
      const known = moves ? [{ value: PRESENT, frames: this.#frames.filter((frame) => has.has(frame)) }] : values;
      if (known.length + absent.length > 1) changes.push(this.#changeOf(aspect, [...known, ...absent]));
    }
    const order = (a: Change, b: Change): number => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
    return { changes: changes.sort(order), moving: moving.sort(order) };
  }

  #changeOf({ kind, part, name }: Aspect, values: Change['values']): Change {
    const sorted = values.toSorted((a, b) => b.frames.length - a.frames.length || a.frames[0]! - b.frames[0]!);
    return { kind, ...(this.#several && part !== '' ? { part: part! } : {}), name, values: told(sorted) };
  }
}

/** How a file is built and stored belongs to the sequence, however often it changes. */
const mayMove = ({ kind, name }: Aspect): boolean =>
  kind === 'attribute' || (kind === 'window' && name === 'dataWindow');

const identityOf = ({ type, bytes }: Attribute): string =>
  `${type}:${createHash('sha256').update(bytes).digest('base64')}`;

/** Values whose texts are cut and then alike, told apart by their number. */
function told(values: Change['values']): Change['values'] {
  const counts = new Map<string, number>();
  return values.map(({ value, frames }) => {
    const count = (counts.get(value) ?? 0) + 1;
    counts.set(value, count);
    return { value: count > 1 ? `${value} (the same at first, version ${count})` : value, frames };
  });
}

/** At most so many values stand in a line. */
const SHOWN = 3;

/** Such as `zip at 1001-1003, 1005; piz at 1004`. */
export function changeText({ values }: Change): string {
  const shown = values.slice(0, SHOWN).map(({ value, frames }) => `${value} at ${formatFrames(frames)}`);
  return shown.join('; ') + (values.length > SHOWN ? `; and ${values.length - SHOWN} more` : '');
}

/** The frames that have not the most frequent value. */
export const oddFrames = ({ values }: Change): FrameList =>
  values
    .slice(1)
    .flatMap(({ frames }) => frames)
    .sort((a, b) => a - b);
