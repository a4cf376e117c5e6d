// Which painter draws: the processor or the graphics card, whichever is quicker here, found by trying both once.
import { BehaviorSubject } from 'rxjs';
import { DEFAULT_DISPLAY } from './display.ts';
import { createGpuPainter, type GpuKind, type GpuPainter } from './gpu.ts';
import { type Painting, paint } from './paint.ts';

export type PainterKind = 'processor' | GpuKind;

export interface Painter {
  /** What draws, in words for a tooltip. */
  readonly words$: BehaviorSubject<string>;
  readonly kind: PainterKind;
  /** Paints into the upper left corner of a canvas. Painting again before it has ended waits for its turn. */
  paint(painting: Painting, target: CanvasRenderingContext2D): Promise<void>;
}

const NAMES: Readonly<Record<PainterKind, string>> = { processor: 'processor', webgl2: 'WebGL2', webgpu: 'WebGPU' };
const ROUNDS = 3;
/** Milliseconds for a small painting after which a large one, which would hold up the page, is not even tried. */
const TOO_SLOW = 6;

let image: ImageData | undefined;

function paintHere(painting: Painting, target: CanvasRenderingContext2D): void {
  const { width, height } = painting;
  if (image?.width !== width || image.height !== height) image = new ImageData(width, height);
  paint(painting, new Uint32Array(image.data.buffer));
  target.putImageData(image, 0, 0);
}

/** Starts with the processor, and goes over to the graphics card once that has shown to be quicker. */
export function createPainter(): Painter {
  const words$ = new BehaviorSubject('Drawn by the processor');
  let gpu: GpuPainter | undefined;
  let turn: Promise<void> = Promise.resolve();
  const fallBack = (): void => {
    gpu?.destroy();
    gpu = undefined;
    words$.next('Drawn by the processor: the graphics card failed');
  };
  void measure().then(({ painter, words }) => {
    gpu = painter;
    words$.next(words);
  }, fallBack);
  return {
    words$,
    get kind() {
      return gpu?.kind ?? 'processor';
    },
    paint: (painting, target) => {
      if (!gpu) {
        paintHere(painting, target);
        return Promise.resolve();
      }
      const mine = gpu;
      turn = turn.then(() =>
        mine.paint(painting, target).catch(() => {
          fallBack();
          paintHere(painting, target);
        }),
      );
      return turn;
    },
  };
}

/** Names of emulations: never quicker than the processor that they run on, and trying them would hold up the page. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/** What the browser says draws its WebGL; empty where it does not tell. */
function chipName(): string {
  const context = document.createElement('canvas').getContext('webgl2');
  const names = context?.getExtension('WEBGL_debug_renderer_info');
  const name = names ? String(context?.getParameter(names.UNMASKED_RENDERER_WEBGL)) : '';
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return name;
}

async function measure(): Promise<{ readonly painter?: GpuPainter; readonly words: string }> {
  await new Promise<void>((resolve) => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => resolve(), { timeout: 4000 });
    else setTimeout(resolve, 500);
  });
  const chip = chipName();
  if (SOFTWARE.test(chip)) return { words: `Drawn by the processor: WebGL is emulated (${chip})` };
  const painter = (await createGpuPainter('webgl2')) ?? (await createGpuPainter('webgpu'));
  if (!painter) return { words: 'Drawn by the processor: no graphics card to use' };
  const target = document.createElement('canvas').getContext('2d', { willReadFrequently: false });
  if (!target) return { words: 'Drawn by the processor' };
  const paintThere = (painting: Painting) => async (): Promise<void> => {
    await painter.paint(painting, target);
    // Reading a pixel waits until it is drawn.
    target.getImageData(0, 0, 1, 1);
  };
  const small = trial(160, 90);
  Object.assign(target.canvas, { width: 960, height: 540 });
  const first = await quickest(paintThere(small));
  if (first > TOO_SLOW) {
    painter.destroy();
    return { words: `Drawn by the processor: ${NAMES[painter.kind]} takes ${first.toFixed(0)} ms for 160×90` };
  }
  const large = trial(960, 540);
  const there = await quickest(paintThere(large));
  const here = await quickest(async () => paintHere(large, target));
  const times = `${NAMES[painter.kind]} ${there.toFixed(1)} ms, processor ${here.toFixed(1)} ms for 960×540`;
  if (there < here) return { painter, words: `Drawn by ${NAMES[painter.kind]}: ${times}` };
  painter.destroy();
  return { words: `Drawn by the processor: ${times}` };
}

/** Milliseconds of the quickest round; the first one, which compiles, does not count. */
async function quickest(work: () => Promise<void>): Promise<number> {
  await work();
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < ROUNDS; i++) {
    const start = performance.now();
    await work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

function trial(width: number, height: number): Painting {
  const samples = Uint16Array.from({ length: width * height * 4 }, (_, i) => 0x2c00 + ((i * 7919) % 0x1200));
  const columns = Uint16Array.from({ length: width }, (_, x) => x);
  const rows = Uint16Array.from({ length: height }, (_, y) => y);
  return {
    width,
    height,
    a: { samples, width, height, count: 4, columns, rows },
    settings: { ...DEFAULT_DISPLAY, exposure: 0.5 },
    wipe: 0,
    black: { left: 0, top: 0, right: width, bottom: height },
    surround: [46, 46, 46, 255],
  };
}
