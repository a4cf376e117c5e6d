// The dock of scopes beside the picture: waveform, histogram and vectorscope of what is on the screen.
import { useEffect, useRef } from 'react';
import type { ViewerDesk } from './desk.ts';
import { type Painting, paint } from './paint.ts';
import { paintingOf, sceneOf } from './scene.ts';
import { drawVectors, drawWaveform, histogramOf, type Thinned, vectorsOf, waveformOf } from './scope.ts';
import './scopes.css';

const WIDTH = 200;
const WAVEFORM = 80;
const HISTOGRAM = 52;
const VECTORS = 112;
/** Pixels of the screen that are looked at, about. */
const SAMPLES = 48_000;
/** Milliseconds from one drawing to the next. */
const INTERVAL = 34;

export function Scopes({ desk }: { readonly desk: ViewerDesk }) {
  const waveform = useRef<HTMLCanvasElement>(null);
  const histogram = useRef<HTMLCanvasElement>(null);
  const vectors = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const contexts = [waveform, histogram, vectors].map((ref) => ref.current?.getContext('2d') ?? undefined);
    const [first, second, third] = contexts;
    if (!first || !second || !third) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = 0;
    const draw = (): void => {
      timer = undefined;
      last = performance.now();
      const thinned = thin(desk);
      showWaveform(first, thinned);
      showHistogram(second, thinned);
      showVectors(third, thinned);
    };
    const subscription = desk.drawn$.subscribe(() => {
      timer ??= setTimeout(draw, Math.max(0, last + INTERVAL - performance.now()));
    });
    desk.schedule();
    return () => {
      subscription.unsubscribe();
      clearTimeout(timer);
    };
  }, [desk]);
  return (
    <aside className="scopes" aria-label="Scopes">
      <canvas ref={waveform} className="scopes-canvas" title="Waveform" width={WIDTH} height={WAVEFORM} />
      <canvas ref={histogram} className="scopes-canvas" title="Histogram" width={WIDTH} height={HISTOGRAM} />
      <canvas ref={vectors} className="scopes-canvas" title="Vectorscope" width={VECTORS} height={VECTORS} />
    </aside>
  );
}

/** Paints every nth column and row of the screen, without marks, and nothing where there is no image. */
function thin(desk: ViewerDesk): Thinned {
  const scene = sceneOf(desk);
  if (!scene) return { pixels: new Uint8ClampedArray(0), width: 0, height: 0 };
  const full = paintingOf(scene, desk);
  const step = Math.max(1, Math.ceil(Math.sqrt((full.width * full.height) / SAMPLES)));
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

/** Lines at each quarter, and their percentages. */
function showGrid(context: CanvasRenderingContext2D, height: number): void {
  context.strokeStyle = '#4a4a4a';
  context.lineWidth = 1;
  context.beginPath();
  for (const part of [0.25, 0.5, 0.75]) {
    const y = Math.round(height * part) + 0.5;
    context.moveTo(0, y);
    context.lineTo(WIDTH, y);
  }
  context.stroke();
}

function showWaveform(context: CanvasRenderingContext2D, thinned: Thinned): void {
  const image = context.createImageData(WIDTH, WAVEFORM);
  const gain = 0.5 / Math.max(0.5, thinned.height / WAVEFORM);
  drawWaveform(waveformOf(thinned, WIDTH, WAVEFORM), image.data, { gain });
  context.putImageData(image, 0, 0);
  context.globalCompositeOperation = 'lighten';
  showGrid(context, WAVEFORM);
  context.globalCompositeOperation = 'source-over';
}

const CHANNELS = ['#d8605c', '#5fb56f', '#5b82d8'];

function showHistogram(context: CanvasRenderingContext2D, thinned: Thinned): void {
  context.globalCompositeOperation = 'source-over';
  context.fillStyle = '#000';
  context.fillRect(0, 0, WIDTH, HISTOGRAM);
  const counts = histogramOf(thinned);
  // The ends hold what clips: they must not flatten the rest.
  const top = counts.reduce((most, count, i) => (i % 256 === 0 || i % 256 === 255 ? most : Math.max(most, count)), 1);
  context.globalCompositeOperation = 'lighter';
  CHANNELS.forEach((colour, channel) => {
    context.fillStyle = colour;
    context.beginPath();
    context.moveTo(0, HISTOGRAM);
    for (let level = 0; level < 256; level++) {
      const share = Math.min(1, counts[channel * 256 + level]! / top);
      const y = HISTOGRAM - Math.sqrt(share) * (HISTOGRAM - 2);
      context.lineTo((level * WIDTH) / 256, y);
      context.lineTo(((level + 1) * WIDTH) / 256, y);
    }
    context.lineTo(WIDTH, HISTOGRAM);
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

function showVectors(context: CanvasRenderingContext2D, thinned: Thinned): void {
  const image = context.createImageData(VECTORS, VECTORS);
  const middle = VECTORS / 2;
  drawVectors(vectorsOf(thinned, VECTORS), image.data, { gain: 0.2 });
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
    const x = middle + cb * VECTORS * 0.75;
    const y = middle - cr * VECTORS * 0.75;
    context.strokeRect(Math.round(x) - 3.5, Math.round(y) - 3.5, 7, 7);
    context.fillText(name, x + Math.sign(cb) * 9, y);
  }
}
