// Draws a screen: light by the painter, and the pictures of data beside it by the processor.
import { clear, type Painting } from './paint.ts';
import type { Painter } from './painter.ts';
import { type Portrayal, portray } from './portrayal.ts';

export interface Screenful {
  readonly painting: Painting;
  readonly portrayals: readonly Portrayal[];
  /** True where the painting shows something beside the portrayals. */
  readonly isLit: boolean;
  /** Screen pixels for one pixel of the page. */
  readonly ratio: number;
}

export class Portrayer {
  readonly #painter: Painter;
  #image: ImageData | undefined;
  #turn = 0;
  /** Ends with what the painter was asked for last. */
  #lit: Promise<void> = Promise.resolve();
  #painting = 0;

  constructor(painter: Painter) {
    this.#painter = painter;
  }

  draw({ painting, portrayals, isLit, ratio }: Screenful, target: CanvasRenderingContext2D): void {
    this.#turn += 1;
    if (portrayals.length === 0) {
      this.#light(painting, target);
      return;
    }
    const turn = this.#turn;
    const over = (): void => {
      // A newer screen is on its way, which this one would be laid over.
      if (turn === this.#turn) this.#lay(painting, portrayals, ratio, target);
    };
    if (isLit) this.#light(painting, target);
    else over();
    // A graphics card may be at work on light that lies below.
    if (this.#painting > 0) void this.#lit.then(over);
  }

  #light(painting: Painting, target: CanvasRenderingContext2D): void {
    this.#painting += 1;
    this.#lit = this.#painter.paint(painting, target).finally(() => {
      this.#painting -= 1;
    });
  }

  #lay(painting: Painting, portrayals: readonly Portrayal[], ratio: number, target: CanvasRenderingContext2D): void {
    const { width, height } = painting;
    if (this.#image?.width !== width || this.#image.height !== height) this.#image = new ImageData(width, height);
    const pixels = new Uint32Array(this.#image.data.buffer);
    clear(painting, pixels);
    for (const portrayal of portrayals) {
      portray(portrayal, pixels, ratio);
      const { from, to } = portrayal;
      target.putImageData(this.#image, 0, 0, from, 0, to - from, height);
    }
  }
}
