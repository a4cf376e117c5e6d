// Small pictures on nodes: one after another, when nothing else is wanted, and only of what changed.
import { asEngineError, boxHeight, boxIsEmpty, boxWidth, type PartSpec } from '../../../engine/index.ts';
import { encodePicture } from '../../picture.ts';
import type { View } from '../../protocol.ts';
import { imageNode, type State } from './motif.ts';
import { makePicture } from './picture.ts';
import type { Studio } from './studio.ts';

/** Pixels of the longer side. */
const SIZE = 128;
/** Milliseconds of quiet before anything is made. */
const QUIET = 300;

export interface ThumbnailsOptions {
  readonly studio: Studio;
  readonly frame: () => number;
  readonly sendPicture: (node: string, bytes: Uint8Array) => void;
}

export class Thumbnails {
  readonly #options: ThumbnailsOptions;
  #nodes: readonly string[] = [];
  /** Node → the key of what was sent last. */
  readonly #sent = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #controller = new AbortController();

  constructor(options: ThumbnailsOptions) {
    this.#options = options;
  }

  want(nodes: readonly string[]): void {
    this.#nodes = nodes;
    for (const id of this.#sent.keys()) if (!nodes.includes(id)) this.#sent.delete(id);
    this.changed();
  }

  /** The document, its files or the frame are other ones than before. */
  changed(): void {
    clearTimeout(this.#timer);
    this.#controller.abort();
    if (this.#nodes.length === 0) return;
    this.#controller = new AbortController();
    const { signal } = this.#controller;
    this.#timer = setTimeout(() => void this.#all(signal).catch(() => {}), QUIET);
  }

  close(): void {
    this.want([]);
  }

  async #all(signal: AbortSignal): Promise<void> {
    const { studio, frame } = this.#options;
    const state = await studio.work();
    for (const id of this.#nodes) {
      if (signal.aborted) return;
      try {
        await this.#one(state, id, frame(), signal);
      } catch (thrown) {
        // A node in error says so itself; a picture that was given up comes again.
        if (asEngineError(thrown).kind === 'cancelled') return;
      }
    }
  }

  async #one(state: State, id: string, frame: number, signal: AbortSignal): Promise<void> {
    const { studio, sendPicture } = this.#options;
    const image = imageNode(state.work, id, frame);
    if (image === undefined) return;
    const parts = (await state.work.descriptions.describe(image, frame)).spec?.parts ?? [];
    const part = Math.max(
      0,
      parts.findIndex((p) => p.kind === 'flat'),
    );
    const motif = await studio.motifs.of(state, { node: id, frame, part });
    const { work, node } = motif;
    if (node === undefined) return;
    const { spec, key } = await work.descriptions.describe(node, frame);
    const shown = spec?.parts[part];
    if (!shown || key === '' || this.#sent.get(id) === key) return;
    const view = thumbnailView(shown, { node: id, frame, part });
    if (!view) return;
    const { painters } = studio;
    const onFindings = studio.finding(work);
    const picture = await makePicture(view, { painters, motif, priority: 'thumbnail', signal, onFindings });
    this.#sent.set(id, key);
    sendPicture(id, encodePicture({ ...picture.header, slot: -1, serial: -1 }, picture.samples));
  }
}

/**
 * The display window, with the colours of the first layer that has any, else the first channel in grey. Layers of half
 * go before others of float, which may be numbers of objects.
 */
function thumbnailView(part: PartSpec, at: Pick<View, 'node' | 'frame' | 'part'>): View | undefined {
  const box = boxIsEmpty(part.displayWindow) ? part.dataWindow : part.displayWindow;
  const types = new Map(part.channels.map(({ name, type }) => [name, type]));
  const first = part.channels[0]?.name;
  if (boxIsEmpty(box) || first === undefined) return undefined;
  const layers = ['', ...[...types.keys()].filter((n) => n.endsWith('.R')).map((n) => n.slice(0, -1))].filter(
    (prefix) => ['R', 'G', 'B'].every((c) => types.has(prefix + c)),
  );
  const layer = layers.find((prefix) => prefix === '' || types.get(`${prefix}R`) === 'half') ?? layers[0];
  const channels = layer === undefined ? [first, first, first] : ['R', 'G', 'B'].map((c) => layer + c);
  const scale = Math.min(1, SIZE / Math.max(boxWidth(box), boxHeight(box)));
  const size = (length: number): number => Math.max(1, Math.round(length * scale));
  return { ...at, channels, box, width: size(boxWidth(box)), height: size(boxHeight(box)) };
}
