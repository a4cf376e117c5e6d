// Seeded pictures and settings for the viewer's painters: plain values, and every kind of special one.
import { ACESCG, type Cube, type Light } from '../../editor/ui/viewer/cube.ts';
import type { Compare, DisplaySettings, Solo } from '../../editor/ui/viewer/display.ts';
import { OUTSIDE, type Painting, type Placed } from '../../editor/ui/viewer/paint.ts';
import { DISPLAY_TRANSFORMS } from '../../editor/ui/viewer/transform.ts';
import { type Random, random } from '../base/random.ts';

const SPECIAL = [
  0x0000, 0x8000, 0x0001, 0x8001, 0x03ff, 0x0400, 0x3c00, 0xbc00, 0x7bff, 0xfbff, 0x7c00, 0xfc00, 0x7e00, 0xfe01,
];

/** Mostly what pictures hold, from 1/64 to 8; some of any bits; some that are special. */
function halfFrom({ int, pick }: Random): number {
  const kind = int(0, 15);
  if (kind === 0) return int(0, 65535);
  return kind === 1 ? pick(SPECIAL) : int(0x2400, 0x47ff);
}

function placedFrom(chances: Random, width: number, height: number): Placed {
  const { int } = chances;
  const size = { width: int(5, 64), height: int(3, 42), count: int(1, 4) };
  const samples = Uint16Array.from({ length: size.width * size.height * size.count }, () => halfFrom(chances));
  const map = (length: number, of: number): Uint16Array => {
    const before = int(0, 4);
    const after = length - int(0, 4);
    return Uint16Array.from({ length }, (_, i) => (i < before || i >= after ? OUTSIDE : Math.floor((i * of) / length)));
  };
  const light = chances.pick<Light | undefined>([undefined, ACESCG, MIXED, []]);
  const placed = { samples, ...size, columns: map(width, size.width), rows: map(height, size.height) };
  return light ? { ...placed, light } : placed;
}

const MIXED: Light = [0.7, 0.4, -0.1, -0.05, 1.1, -0.05, 0.02, 0.08, 0.9];

/** A small cube that bends smoothly and differs by colour; a little of it lies beyond 0 and 1. */
const CUBE: Cube = (() => {
  const size = 9;
  const code = (own: number, next: number): number => (own / 8) * 1.1 - (next / 8) * 0.15 + Math.sin(own) * 0.02;
  const codes = Array.from({ length: size ** 3 }, (_, i): number[] => {
    const [r, g, b] = [i % size, Math.floor(i / size) % size, Math.floor(i / (size * size))];
    return [code(r, g), code(g, b), code(b, r)];
  });
  const whole = (signal: number): number => Math.round(((signal + 0.25) / 1.5) * 65535);
  return { size, foot: 0.004, most: 1024, low: -0.25, high: 1.25, codes: Uint16Array.from(codes.flat(), whole) };
})();

const SOLOS: readonly Solo[] = ['rgb', 'r', 'g', 'b', 'a', 'l'];
const COMPARES: readonly Compare[] = ['a', 'b', 'wipe', 'over', 'difference'];

/** Each solo with each comparison, whatever else by chance. */
export function makePaintings(seed: number): readonly Painting[] {
  const chances = random(seed);
  const { int, pick, chance } = chances;
  return SOLOS.flatMap((solo) =>
    COMPARES.map((compare): Painting => {
      const width = int(24, 63);
      const height = int(16, 39);
      const settings: DisplaySettings = {
        exposure: int(-120, 120) / 20,
        gamma: pick([1, 1, 0.45, 2.2]),
        transform: pick(DISPLAY_TRANSFORMS).id,
        solo,
        compare,
        falseColour: chance(0.25),
        zebra: chance(0.33),
        highlight: chance(0.75),
      };
      return {
        width,
        height,
        a: placedFrom(chances, width, height),
        ...(chance(0.85) ? { b: placedFrom(chances, width, height) } : {}),
        settings,
        ...(DISPLAY_TRANSFORMS.find(({ id }) => id === settings.transform)?.cube ? { cube: CUBE } : {}),
        wipe: int(0, width),
        black: { left: 2, top: 1, right: width - 3, bottom: height - 1 },
        surround: [46, 46, 46, 255],
      };
    }),
  );
}
