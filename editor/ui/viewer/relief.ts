// Relief: heights as a surface that is lit from one side, as maps show mountains.
import type { Picture } from '../store/link.ts';
import { INFINITY_COLOUR, NAN_COLOUR } from './display.ts';
import { numbersOf } from './numbers.ts';
import { pack } from './palette.ts';

export interface Light {
  /** Where the light comes from, in degrees clockwise from above. */
  readonly angle: number;
  /** How much steeper than it is the surface is drawn, beyond what makes it easy to read. */
  readonly strength: number;
}

/** From the upper left, as maps have it: light from below turns hills into hollows for most eyes. */
export const FIRST_LIGHT: Light = { angle: 315, strength: 1 };

/** How high the light stands, in degrees. */
const ELEVATION = 45;
/** The slope that the usual slope of a picture is drawn as. */
const USUAL = 0.35;

/** Samples of one channel with the width and height, in image pixels, of what each stands for. */
interface Field {
  readonly heights: Float32Array | Uint32Array;
  readonly width: number;
  readonly height: number;
  readonly across: number;
  readonly down: number;
}

function fieldOf(picture: Picture): Field {
  const { width, height, box } = picture.header;
  const across = (box.maxX - box.minX + 1) / width;
  return { heights: numbersOf(picture), width, height, across, down: (box.maxY - box.minY + 1) / height };
}

/** The slope of a sample across, per image pixel: between both neighbours, or to the one there is. */
function slopeAcross({ heights, width, across }: Field, x: number, y: number): number {
  const left = x > 0 ? x - 1 : x;
  const right = x < width - 1 ? x + 1 : x;
  const row = y * width;
  return right > left ? (heights[row + right]! - heights[row + left]!) / ((right - left) * across) : 0;
}

function slopeDown({ heights, width, height, down }: Field, x: number, y: number): number {
  const above = y > 0 ? y - 1 : y;
  const below = y < height - 1 ? y + 1 : y;
  return below > above ? (heights[below * width + x]! - heights[above * width + x]!) / ((below - above) * down) : 0;
}

/** Samples that are looked at for what is usual. */
const LOOKED_AT = 40_000;

/**
 * By how much slopes are multiplied so that a picture is easy to read: three in four of those that are not 0 lie below the
 * usual slope then. Undefined where nothing rises.
 */
export function steepness(picture: Picture): number | undefined {
  const field = fieldOf(picture);
  const step = Math.max(1, Math.floor(Math.sqrt((field.width * field.height) / LOOKED_AT)));
  const found: number[] = [];
  for (let y = 0; y < field.height; y += step) {
    for (let x = 0; x < field.width; x += step) {
      const slope = Math.hypot(slopeAcross(field, x, y), slopeDown(field, x, y));
      if (slope > 0 && Number.isFinite(slope)) found.push(slope);
    }
  }
  const usual = Float64Array.from(found).sort()[Math.floor(found.length * 0.75)];
  return usual === undefined ? undefined : USUAL / usual;
}

/** The pixel of RGBA bytes of each sample; `steep` as `steepness` gives it. */
export function reliefTints(picture: Picture, { angle, strength }: Light, steep: number): Uint32Array {
  const field = fieldOf(picture);
  const { heights, width, height } = field;
  const [turn, rise] = [(angle * Math.PI) / 180, (ELEVATION * Math.PI) / 180];
  const right = Math.sin(turn) * Math.cos(rise);
  const lower = -Math.cos(turn) * Math.cos(rise);
  const high = Math.sin(rise);
  const factor = strength * steep;
  const tints = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const a = slopeAcross(field, x, y) * factor;
      const b = slopeDown(field, x, y) * factor;
      // The surface looks along (-a, -b, 1).
      const lit = (high - right * a - lower * b) / Math.sqrt(1 + a * a + b * b);
      tints[at] = tintOf(heights[at]!, lit);
    }
  }
  return tints;
}

function grey(lit: number): number {
  const level = Math.round(255 * Math.max(0, Math.min(1, lit)));
  return (0xff000000 | (level * 0x010101)) >>> 0;
}

const [NAN, INFINITY, FLAT] = [pack(NAN_COLOUR), pack(INFINITY_COLOUR), grey(Math.sin((ELEVATION * Math.PI) / 180))];

/** A sample that is no number is marked; beside one it has no slope, and is drawn flat. */
function tintOf(height: number, lit: number): number {
  if (Number.isFinite(height)) return Number.isFinite(lit) ? grey(lit) : FLAT;
  return Number.isNaN(height) ? NAN : INFINITY;
}
