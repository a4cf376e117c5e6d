// The painter on the graphics card, through gpu.js: WebGL2, or WebGPU where only that is there.
import { KERNEL_FUNCTIONS, KERNEL_PARAMETERS, kernelArguments, kernelSource } from './kernel.ts';
import type { Painting } from './paint.ts';

export type GpuKind = 'webgl2' | 'webgpu';

export interface GpuPainter {
  readonly kind: GpuKind;
  /** Paints into the upper left corner of a canvas. Call it again only after it has ended. */
  paint(painting: Painting, target: CanvasRenderingContext2D): Promise<void>;
  destroy(): void;
}

/** The part of gpu.js that is used here; its own declarations know neither Uint16Array nor `Input` as a type. */
interface Kernel {
  (...values: readonly unknown[]): unknown;
  readonly canvas: HTMLCanvasElement;
  setOutput(size: readonly number[]): unknown;
}
interface Gpu {
  addFunction(
    source: string,
    settings: { readonly argumentTypes: readonly string[]; readonly returnType: string },
  ): unknown;
  createKernel(source: string, settings: Readonly<Record<string, unknown>>): Kernel;
  destroy(): Promise<void>;
}
interface Library {
  readonly GPU: new (settings: { readonly mode: GpuKind }) => Gpu;
  readonly input: (values: Uint16Array, size: readonly number[]) => unknown;
}

/** Undefined where the browser has no such thing, or gpu.js cannot use it. */
export async function createGpuPainter(kind: GpuKind): Promise<GpuPainter | undefined> {
  if (!isThere(kind)) return undefined;
  try {
    const { GPU, input } = (await import('gpu.js')) as unknown as Library;
    const gpu = new GPU({ mode: kind });
    for (const { source, count } of KERNEL_FUNCTIONS) {
      gpu.addFunction(source, { argumentTypes: new Array(count).fill('Float'), returnType: 'Float' });
    }
    // A canvas that WebGPU draws into cannot be read everywhere: there the kernel gives numbers.
    const kernel = gpu.createKernel(kernelSource(kind === 'webgl2' ? 'canvas' : 'numbers'), {
      ...(kind === 'webgl2' ? { graphical: true, precision: 'unsigned' } : { precision: 'single' }),
      tactic: 'precision',
      dynamicOutput: true,
      dynamicArguments: true,
      output: [1, 1],
      argumentTypes: KERNEL_PARAMETERS.map(({ array }) => (array ? 'Input' : 'Float')),
    });
    return {
      kind,
      paint: async (painting, target) => {
        const { width, height } = painting;
        kernel.setOutput([width, height]);
        const values = kernelArguments(painting).map((value) =>
          typeof value === 'number' ? value : input(value.values, value.size),
        );
        const result = kernel(...values);
        if (kind === 'webgl2') {
          // The canvas is as large as the largest painting so far; pictures stand at its foot.
          const top = kernel.canvas.height - height;
          target.drawImage(kernel.canvas, 0, top, width, height, 0, 0, width, height);
        } else target.putImageData(imageOf((await result) as readonly Float32Array[], width), 0, 0);
      },
      destroy: () => void gpu.destroy(),
    };
  } catch {
    return undefined;
  }
}

/** Rows of packed numbers, the lowest first, as an image. */
function imageOf(rows: readonly Float32Array[], width: number): ImageData {
  const image = new ImageData(width, rows.length);
  const pixels = new Uint32Array(image.data.buffer);
  rows.forEach((row, i) => {
    const at = (rows.length - 1 - i) * width;
    for (let x = 0; x < width; x++) pixels[at + x] = (row[x]! | 0xff000000) >>> 0;
  });
  return image;
}

function isThere(kind: GpuKind): boolean {
  if (kind === 'webgpu') return 'gpu' in navigator;
  const context = document.createElement('canvas').getContext('webgl2');
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
}
