// The dock of scopes beside the picture: waveform, histogram and vectorscope of what is on the screen.
import { useEffect, useRef, useState } from 'react';
import type { ViewerDesk } from './desk.ts';
import { type Painting, paint } from './paint.ts';
import { paintingOf, sceneOf } from './scene.ts';
import { drawVectors, drawWaveform, histogramOf, type Thinned, vectorsOf, waveformOf } from './scope.ts';
import './scopes.css';

/** Pixels of the scopes: their common width, and the height of each. The vectorscope is square. */
interface Size {
  readonly width: number;
  readonly waveform: number;
  readonly histogram: number;
  readonly vectors: number;
  /** Pixels of the screen that are looked at, about. */
  readonly samples: number;
}

const SMALL: Size = { width: 200, waveform: 80, histogram: 52, vectors: 112, samples: 48_000 };
const LARGE: Size = { width: 320, waveform: 180, histogram: 104, vectors: 240, samples: 120_000 };
/** The height of the dock in which the large ones fit. */
const ROOM = 560;
/** Milliseconds from one drawing to the next. */
const INTERVAL = 34;

export function Scopes({ desk }: { readonly desk: ViewerDesk }) {
  const dock = useRef<HTMLElement>(null);
  const [size, setSize] = useState(SMALL);
  const waveform = useRef<HTMLCanvasElement>(null);
  const histogram = useRef<HTMLCanvasElement>(null);
  const vectors = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = dock.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setSize(element.clientHeight >= ROOM ? LARGE : SMALL));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const contexts = [waveform, histogram, vectors].map((ref) => ref.current?.getContext('2d') ?? undefined);
    const [first, second, third] = contexts;
    if (!first || !second || !third) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = 0;
    const draw = (): void => {
      timer = undefined;
      last = performance.now();
      const thinned = thin(desk, size.samples);
      showWaveform(first, thinned, size);
      showHistogram(second, thinned, size);
      showVectors(third, thinned, size);
    };
    const subscription = desk.drawn$.subscribe(() => {
      timer ??= setTimeout(draw, Math.max(0, last + INTERVAL - performance.now()));
    });
    desk.schedule();
    return () => {
      subscription.unsubscribe();
      clearTimeout(timer);
    };
  }, [desk, size]);
  const { width, waveform: tall, histogram: low, vectors: square } = size;
  return (
    <aside ref={dock} className="scopes" aria-label="Scopes">
      <canvas ref={waveform} className="scopes-canvas" title="Waveform" width={width} height={tall} />
      <canvas ref={histogram} className="scopes-canvas" title="Histogram" width={width} height={low} />
      <canvas ref={vectors} className="scopes-canvas" title="Vectorscope" width={square} height={square} />
    </aside>
  );
}

/** Paints every nth column and row of the screen, without marks, and nothing where there is no image. */
function thin(desk: ViewerDesk, samples: number): Thinned {
  const scene = sceneOf(desk);
  if (!scene) return { pixels: new Uint8ClampedArray(0), width: 0, height: 0 };
  const full = paintingOf(scene, desk);
  const step = Math.max(1, Math.ceil(Math.sqrt((full.width * full.height) / samples)));
  const every = (map: Uint16Array): Uint16Array => map.filter((_, i) => i % step === 0);
  const thinned = (placed: Painting['a']) =>
    placed && { ...placed, columns: every(placed.columns), rows: every(placed.rows) };
  const { a, b } = { a: thinned(full.a), b: thinned(full.b) };
  const width = Math.ceil(full.width / step);
  const height = Math.ceil(full.height / step);
  const pixels = new Uint8ClampedArray(width * height * 4);
  const painting: Painting = {
    width,
    height,
    settings: { ...full.settings, zebra: false, highlight: false, falseColour: false },
    wipe: full.wipe / step,
    black: { left: 0, top: 0, right: 0, bottom: 0 },
    surround: [0, 0, 0, 0],
    ...(a ? { a } : {}),
    ...(b ? { b } : {}),
  };
  paint(painting, new Uint32Array(pixels.buffer));
  return { pixels, width, height };
}

/** Lines at each quarter. */
function showGrid(context: CanvasRenderingContext2D, width: number, height: number): void {
  context.strokeStyle = '#4a4a4a';
  context.lineWidth = 1;
  context.beginPath();
  for (const part of [0.25, 0.5, 0.75]) {
    const y = Math.round(height * part) + 0.5;
    context.moveTo(0, y);
    context.lineTo(width, y);
  }
  context.stroke();
}

function showWaveform(context: CanvasRenderingContext2D, thinned: Thinned, { width, waveform }: Size): void {
  const image = context.createImageData(width, waveform);
  const gain = 0.5 / Math.max(0.5, thinned.height / waveform);
  drawWaveform(waveformOf(thinned, width, waveform), image.data, { gain });
  context.putImageData(image, 0, 0);
  context.globalCompositeOperation = 'lighten';
  showGrid(context, width, waveform);
  context.globalCompositeOperation = 'source-over';
}

const CHANNELS = ['#d8605c', '#5fb56f', '#5b82d8'];

function showHistogram(context: CanvasRenderingContext2D, thinned: Thinned, { width, histogram }: Size): void {
  context.globalCompositeOperation = 'source-over';
  context.fillStyle = '#000';
  context.fillRect(0, 0, width, histogram);
  const counts = histogramOf(thinned);
  // The ends hold what clips: they must not flatten the rest.
  const top = counts.reduce((most, count, i) => (i % 256 === 0 || i % 256 === 255 ? most : Math.max(most, count)), 1);
  context.globalCompositeOperation = 'lighter';
  CHANNELS.forEach((colour, channel) => {
    context.fillStyle = colour;
    context.beginPath();
    context.moveTo(0, histogram);
    for (let level = 0; level < 256; level++) {
      const share = Math.min(1, counts[channel * 256 + level]! / top);
      const y = histogram - Math.sqrt(share) * (histogram - 2);
      context.lineTo((level * width) / 256, y);
      context.lineTo(((level + 1) * width) / 256, y);
    }
    context.lineTo(width, histogram);
    context.fill();
  });
  context.globalCompositeOperation = 'source-over';
}

/** Chroma of the primaries and their complements at full and at three quarters, as targets. */
const TARGETS: readonly (readonly [name: string, cb: number, cr: number])[] = [
  ['R', -0.1146, 0.5],
  ['Y', -0.5, 0.0458],
  ['G', -0.3854, -0.4542],
  ['C', 0.1146, -0.5],
  ['B', 0.5, -0.0458],
  ['M', 0.3854, 0.4542],
];

function showVectors(context: CanvasRenderingContext2D, thinned: Thinned, { vectors }: Size): void {
  const image = context.createImageData(vectors, vectors);
  const middle = vectors / 2;
  drawVectors(vectorsOf(thinned, vectors), image.data, { gain: 0.2 });
  for (let i = 0; i < image.data.length; i += 4) {
    const opacity = image.data[i + 3]! / 255;
    for (let channel = 0; channel < 3; channel++) image.data[i + channel]! *= opacity;
    image.data[i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  context.strokeStyle = '#4a4a4a';
  context.fillStyle = '#9a9a9a';
  context.font = '9px "Inter Variable", sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.beginPath();
  context.arc(middle, middle, middle * 0.75, 0, 2 * Math.PI);
  context.moveTo(middle - 4, middle + 0.5);
  context.lineTo(middle + 4, middle + 0.5);
  context.moveTo(middle + 0.5, middle - 4);
  context.lineTo(middle + 0.5, middle + 4);
  context.stroke();
  for (const [name, cb, cr] of TARGETS) {
    const x = middle + cb * vectors * 0.75;
    const y = middle - cr * vectors * 0.75;
    context.strokeRect(Math.round(x) - 3.5, Math.round(y) - 3.5, 7, 7);
    context.fillText(name, x + Math.sign(cb) * 9, y);
  }
}
