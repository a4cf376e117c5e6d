// Where image pixels fall on the screen: fitting, zooming, panning, and the region that has to be asked for.
import { type Box, box, boxHeight, boxIntersection, boxIsEmpty, boxWidth } from '../../../engine/browser.ts';
import { OUTSIDE } from './paint.ts';

/** Pixels of the screen itself, not of the page. */
export interface Screen {
  readonly width: number;
  readonly height: number;
}

/** What the screen shows: the image point in its middle, and screen pixels per image pixel downwards. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export const ZOOM_RANGE: readonly [least: number, most: number] = [1 / 64, 128];

export const clampZoom = (zoom: number): number => Math.max(ZOOM_RANGE[0], Math.min(ZOOM_RANGE[1], zoom));

/** The image point at a screen point. Pixel (0, 0) covers 0 to 1. */
export const toImage = (camera: Camera, aspect: number, screen: Screen, x: number, y: number) => ({
  x: (x - screen.width / 2) / (camera.zoom * aspect) + camera.x,
  y: (y - screen.height / 2) / camera.zoom + camera.y,
});

export const toScreen = (camera: Camera, aspect: number, screen: Screen, x: number, y: number) => ({
  x: (x - camera.x) * camera.zoom * aspect + screen.width / 2,
  y: (y - camera.y) * camera.zoom + screen.height / 2,
});

/** Shows all of a window, with a margin of screen pixels around it. */
export function fitted(window: Box, aspect: number, screen: Screen, margin: number): Camera {
  const width = Math.max(1, boxWidth(window)) * aspect;
  const height = Math.max(1, boxHeight(window));
  const room = { width: Math.max(1, screen.width - 2 * margin), height: Math.max(1, screen.height - 2 * margin) };
  const zoom = clampZoom(Math.min(room.width / width, room.height / height));
  return { x: (window.minX + window.maxX + 1) / 2, y: (window.minY + window.maxY + 1) / 2, zoom };
}

/** Another zoom, with the same image point at a screen point. */
export function zoomAt(
  camera: Camera,
  aspect: number,
  screen: Screen,
  at: { x: number; y: number },
  zoom: number,
): Camera {
  const next = clampZoom(zoom);
  const held = toImage(camera, aspect, screen, at.x, at.y);
  return {
    x: held.x - (at.x - screen.width / 2) / (next * aspect),
    y: held.y - (at.y - screen.height / 2) / next,
    zoom: next,
  };
}

export const pan = (camera: Camera, aspect: number, dx: number, dy: number): Camera => ({
  ...camera,
  x: camera.x - dx / (camera.zoom * aspect),
  y: camera.y - dy / camera.zoom,
});

/** The image pixels of which anything is on the screen. */
export function visible(camera: Camera, aspect: number, screen: Screen): Box {
  const from = toImage(camera, aspect, screen, 0, 0);
  const to = toImage(camera, aspect, screen, screen.width, screen.height);
  // A hair's breadth of a pixel at the edge is the rounding of the arithmetic.
  return box(
    Math.floor(from.x + 1e-6),
    Math.floor(from.y + 1e-6),
    Math.ceil(to.x - 1e-6) - 1,
    Math.ceil(to.y - 1e-6) - 1,
  );
}

export interface Region {
  readonly box: Box;
  /** Samples that the screen can show of it, never more than it has. */
  readonly width: number;
  readonly height: number;
}

/** The most samples that one picture may have on a side. */
const MOST_SAMPLES = 8192;

/** What to ask for: the visible part of the data window at the resolution of the screen. Undefined where none is seen. */
export function wanted(camera: Camera, aspect: number, screen: Screen, dataWindow: Box): Region | undefined {
  const seen = boxIntersection(visible(camera, aspect, screen), dataWindow);
  if (boxIsEmpty(seen)) return undefined;
  const samples = (length: number, scale: number): number =>
    Math.max(1, Math.min(MOST_SAMPLES, length, Math.round(length * scale)));
  return {
    box: seen,
    width: samples(boxWidth(seen), camera.zoom * aspect),
    height: samples(boxHeight(seen), camera.zoom),
  };
}

/** For one axis: which sample of `count`, evenly over image pixels `from` to `from + length`, is under each screen pixel. */
function axis(
  screen: number,
  { middle, scale }: { readonly middle: number; readonly scale: number },
  { from, length, count }: { readonly from: number; readonly length: number; readonly count: number },
): Uint16Array {
  const map = new Uint16Array(screen);
  for (let i = 0; i < screen; i++) {
    const at = (i + 0.5 - screen / 2) / scale + middle - from;
    map[i] = at < 0 || at >= length ? OUTSIDE : Math.min(count - 1, Math.floor((at * count) / length));
  }
  return map;
}

/** The columns and rows of a picture of a region under the columns and rows of the screen. */
export function place(camera: Camera, aspect: number, screen: Screen, region: Region) {
  const { box: covered, width, height } = region;
  return {
    columns: axis(
      screen.width,
      { middle: camera.x, scale: camera.zoom * aspect },
      { from: covered.minX, length: boxWidth(covered), count: width },
    ),
    rows: axis(
      screen.height,
      { middle: camera.y, scale: camera.zoom },
      { from: covered.minY, length: boxHeight(covered), count: height },
    ),
  };
}

/** A window on the screen: its first column and row, and those after its last, in whole pixels. */
export function onScreen(camera: Camera, aspect: number, screen: Screen, window: Box) {
  const from = toScreen(camera, aspect, screen, window.minX, window.minY);
  const to = toScreen(camera, aspect, screen, window.maxX + 1, window.maxY + 1);
  // Where `place` has the first pixel whose middle lies in the window, an edge through a middle included.
  const edge = (at: number): number => Math.ceil(at - 0.5);
  return { left: edge(from.x), top: edge(from.y), right: edge(to.x), bottom: edge(to.y) };
}
