// The figures in the pixels: halfs from the picture, and samples of other types as the host has them, for what is seen.
import { type Box, boxContains, boxHeight, boxIntersection, boxIsEmpty, boxWidth } from '../../../engine/browser.ts';
import type { View } from '../../protocol.ts';
import type { Picture } from '../store/link.ts';
import type { ViewerDesk } from './desk.ts';
import { visible } from './geometry.ts';
import { MOST_PROBED } from './probe.ts';
import { isReduced, shortText } from './sample.ts';
import { type Scene, sceneOf } from './scene.ts';

/** From this many pixels of the page to an image pixel on, its values are written into it. */
export const VALUES_FROM = 32;

/** The picture whose values are written; undefined where pixels are too small for them or stand for several. */
export function writtenPicture({ a, b, camera, aspect }: Scene, ratio: number): Picture | undefined {
  const picture = a ?? b;
  const isLarge = Math.min(camera.zoom * aspect, camera.zoom) >= VALUES_FROM * ratio;
  return picture && isLarge && !isReduced(picture) ? picture : undefined;
}

interface Known {
  readonly picture: Picture;
  readonly box: Box;
  /** By channel, row by row. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
}

/** What pictures hold as halfs is rounded where the channel has another type: such figures are marked until better ones come. */
const rough = (value: number, length: number): string => `~${shortText(value, length - 1)}`;

export class Figures {
  readonly #desk: ViewerDesk;
  #known: Known | undefined;
  #asking = false;

  constructor(desk: ViewerDesk) {
    this.#desk = desk;
  }

  /** Asks for what is seen whenever something else is. Returns what ends it. */
  follow(): () => void {
    const subscription = this.#desk.drawn$.subscribe(() => this.#look());
    return () => subscription.unsubscribe();
  }

  /** A sample in at most `length` characters, more only where a power of ten needs them; `value` is the picture's. */
  text({ picture, index, x, y, value, length }: Sample): string {
    const name = picture.header.channels[index]!;
    if (this.#typeOf(picture, name) === 'half') return shortText(value, length);
    const { box, texts } = this.#known?.picture === picture ? this.#known : {};
    if (!box || !boxContains(box, { minX: x, minY: y, maxX: x, maxY: y })) return rough(value, length);
    const text = texts?.get(name)?.[(y - box.minY) * boxWidth(box) + x - box.minX];
    if (text === undefined) return rough(value, length);
    return text.length <= length ? text : shortText(Number(text), length);
  }

  #typeOf({ header }: Picture, channel: string): string | undefined {
    const part = this.#desk.imageOf(header.node)?.parts[header.part];
    return part?.channels.find(({ name }) => name === channel)?.type;
  }

  #look(): void {
    const scene = sceneOf(this.#desk);
    const picture = scene && writtenPicture(scene, window.devicePixelRatio || 1);
    if (!picture) return;
    const { channels, node, frame, part, charts: shown } = picture.header;
    const other = channels.filter((name) => name !== null && this.#typeOf(picture, name) !== 'half') as string[];
    const box = boxIntersection(visible(scene.camera, scene.aspect, scene.screen), picture.header.box);
    if (other.length === 0 || boxIsEmpty(box) || boxWidth(box) * boxHeight(box) > MOST_PROBED) return;
    if (this.#known?.picture === picture && boxContains(this.#known.box, box)) return;
    // One question at a time; when its answer is drawn, what is seen then is looked at.
    if (this.#asking) return;
    this.#asking = true;
    this.#desk.store
      .request<readonly (readonly string[])[]>({
        ...{ kind: 'samples', node, frame, part, channels: other, box },
        ...(shown ? { charts: chartsOf(picture, shown.tile) } : {}),
      })
      .then((rows) => {
        this.#known = { picture, box, texts: new Map(other.map((name, i) => [name, rows[i]!])) };
      })
      // Without an answer the rough figures stay; the same question would be refused again.
      .catch(() => {
        this.#known = { picture, box, texts: new Map() };
      })
      .finally(() => {
        this.#asking = false;
        this.#desk.schedule();
      });
  }
}

export interface Sample {
  readonly picture: Picture;
  /** Of the channel in the picture. */
  readonly index: number;
  readonly x: number;
  readonly y: number;
  readonly value: number;
  readonly length: number;
}

/** What a picture shows of the charts of a mesh, to ask for more of the same. */
const chartsOf = ({ header: { displayWindow } }: Picture, tile: number): NonNullable<View['charts']> => ({
  tile,
  texels: [boxWidth(displayWindow), boxHeight(displayWindow)],
});
