// The ACES 2.0 rendering against published numbers, and what holds for every colour: greys, order, limits.
import { describe, expect, it } from 'vitest';
import { applyMatrix, convertPrimaries, rgbToXyz, type Vector } from '../../../engine/colour/matrix.ts';
import { PRIMARIES } from '../../../engine/colour/primaries.ts';
import { appearanceOf, fromSeen, type Seen, toAab, toSeen } from '../../../nodes/color/output/appearance.ts';
import { HUES } from '../../../nodes/color/output/cusp.ts';
import { fastRenderer } from '../../../nodes/color/output/fast.ts';
import {
  fitGamut,
  prepareRendering,
  type Rendering,
  render,
  renderFreely,
  toneAndCompress,
} from '../../../nodes/color/output/render.ts';
import { toneScale } from '../../../nodes/color/output/tone.ts';
import { random } from '../../base/random.ts';
import { PUBLISHED } from './aces-published.ts';

const AP0 = appearanceOf(PRIMARIES.ap0);
const RENDERINGS = {
  'Rec.709, 100 cd/m²': prepareRendering({ peak: 100, limit: PRIMARIES.rec709 }),
  'P3-D65, 100 cd/m²': prepareRendering({ peak: 100, limit: PRIMARIES.p3d65 }),
  'P3-D65, 1000 cd/m²': prepareRendering({ peak: 1000, limit: PRIMARIES.p3d65 }),
  'Rec.2020, 1000 cd/m²': prepareRendering({ peak: 1000, limit: PRIMARIES.rec2020 }),
} as const;
const all = Object.entries(RENDERINGS) as [keyof typeof RENDERINGS, Rendering][];
const P3_1000 = RENDERINGS['P3-D65, 1000 cd/m²'];

const list = ({ J, M, h }: Seen): number[] => [J, M, h];
const seenAs = ([J, M, h]: readonly [number, number, number]): Seen => ({ J, M, h });

/** The greatest difference: of numbers below 1 as they are, else in proportion, as OpenColorIO's tests have it. */
const apart = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((x, i) => Math.abs(x - b[i]!) / Math.max(1, Math.abs(b[i]!))));

describe('published numbers of OpenColorIO, at 1000 cd/m² in P3-D65', () => {
  it('agree at every stage within 1e-5, the tolerance of its own tests', () => {
    let stages = 0;
    for (const { scene, seen, toned, fitted, shown } of PUBLISHED) {
      expect(apart(renderFreely(P3_1000, scene), shown)).toBeLessThan(1e-5);
      stages += 1;
      if (!seen || !toned || !fitted) continue;
      expect(apart(list(toSeen(AP0, scene)), seen)).toBeLessThan(1e-5);
      const A = toAab(AP0, scene)[0];
      expect(apart(list(toneAndCompress(P3_1000, A, toSeen(AP0, scene))), toned)).toBeLessThan(1e-5);
      expect(apart(list(fitGamut(P3_1000, seenAs(toned))), fitted)).toBeLessThan(1e-5);
      stages += 3;
    }
    expect(stages).toBe(35 + 3 * 27);
  });

  // tests/cpu/transforms/BuiltinTransform_tests.cpp of the same commit: ACES2065-1 of 0.5, 0.4, 0.3 to XYZ under D65.
  it.each([
    ['Rec.709, 100 cd/m²', [0.26260215, 0.2520746, 0.20617345]],
    ['P3-D65, 100 cd/m²', [0.26260215, 0.25207475, 0.20617352]],
    ['P3-D65, 1000 cd/m²', [0.46536559, 0.43852845, 0.33688101]],
    ['Rec.2020, 1000 cd/m²', [0.4653658, 0.43852842, 0.33688098]],
  ] as const)('%s: the built-in transform within 1e-6', (name, xyz) => {
    const ap1 = applyMatrix(convertPrimaries(PRIMARIES.ap0, PRIMARIES.ap1, 'none')!, [0.5, 0.4, 0.3]);
    const rendering = RENDERINGS[name];
    const made = applyMatrix(rgbToXyz(rendering.target.limit)!, render(rendering, ap1));
    expect(apart(made, xyz)).toBeLessThan(1e-6);
  });

  it('and a hue of exactly 360 degrees, its bug 2220, within 1e-6', () => {
    const shown = renderFreely(RENDERINGS['Rec.709, 100 cd/m²'], [0.742242277, 0.0931933373, 0.321542144]);
    expect(apart(shown, [0.74736571311951, -0.0019352473318577, 0.19451357424259])).toBeLessThan(1e-6);
  });
});

describe('the model', () => {
  it('goes there and back within 1e-9', () => {
    const { int } = random(1);
    let worst = 0;
    const ap1 = appearanceOf(PRIMARIES.ap1);
    for (let i = 0; i < 20_000; i++) {
      const rgb: Vector = [int(0, 1e6) / 1e5, int(0, 1e6) / 1e5, int(0, 1e6) / 1e5];
      worst = Math.max(worst, apart(fromSeen(ap1, toSeen(ap1, rgb)), rgb));
    }
    expect(worst).toBeLessThan(1e-9);
  });
});

describe('the tone scale', () => {
  it.each([
    [100, 9.99993],
    [1000, 14.51156],
  ])('at a peak of %d shows 18 % grey at %d cd/m²', (peak, grey) => {
    expect(toneScale(peak).at(18)).toBeCloseTo(grey, 4);
  });

  it.each([100, 225, 500, 1000, 4000, 10_000])('at a peak of %d rises everywhere, from 0 to the peak', (peak) => {
    const { at, sceneLimit } = toneScale(peak);
    expect(at(0)).toBe(0);
    let last = 0;
    let steps = 0;
    for (let light = 1e-4; light < sceneLimit * 100; light *= 1.001) {
      const next = at(light);
      expect(next).toBeGreaterThan(last);
      last = next;
      steps += 1;
    }
    expect(steps).toBeGreaterThan(16_000);
    // White is reached where the definition says, 128 to 896 times scene white.
    expect(at((sceneLimit / 8) * 100)).toBeCloseTo(peak, 6);
  });
});

describe.each(all)('%s', (_, rendering) => {
  const { peak } = rendering.target;

  it('keeps greys exactly grey, rising, 0 at 0 and the peak at the limit', () => {
    let last = -1;
    for (let light = 1e-6; light < 2000; light *= 1.01) {
      const [r, g, b] = render(rendering, [light, light, light]);
      expect([g, b]).toEqual([r, r]);
      expect(r).toBeGreaterThanOrEqual(last);
      last = r;
    }
    expect(render(rendering, [0, 0, 0])).toEqual([0, 0, 0]);
    expect(last).toBe(peak / 100);
    const grey = render(rendering, [0.18, 0.18, 0.18])[1];
    expect(grey * 100).toBeCloseTo(toneScale(peak).at(18), 9);
  });

  it('has tables of hue in order, with a cusp for each', () => {
    const { hues, cuspJ, cuspM, upper } = rendering.cusps;
    expect(hues).toHaveLength(HUES + 1);
    for (let i = 0; i < HUES; i++) {
      expect(hues[i + 1]).toBeGreaterThan(hues[i]!);
      expect(Math.min(cuspJ[i]!, cuspM[i]!, upper[i]!, rendering.reach[i]!)).toBeGreaterThan(0);
      expect(rendering.reach[i]!).toBeLessThan(1300);
    }
  });

  it('brings a quarter of a million of colours, any light and any sign, into the display', () => {
    const { int } = random(peak);
    const most = peak / 100;
    let beyond = 0;
    let least = 0;
    const count = 250_000;
    const light = (): number => (int(0, 9) === 0 ? -1 : 1) * 2 ** (int(-1600, 1100) / 100);
    for (let i = 0; i < count; i++) {
      const rgb: Vector = [light(), light(), light()];
      const shown = render(rendering, rgb);
      if (shown.every((x) => x >= 0 && x <= most)) continue;
      beyond += 1;
      least = Math.min(least, ...shown);
    }
    expect([beyond, least]).toEqual([0, 0]);
  });

  it('cuts off what is outside of AP1 before anything else, and hands NaN on', () => {
    expect(render(rendering, [-1, 0.5, 0.2])).toEqual(render(rendering, [0, 0.5, 0.2]));
    expect(render(rendering, [Number.POSITIVE_INFINITY, 1, 1])).toEqual(
      render(rendering, [rendering.tone.sceneLimit, 1, 1]),
    );
    expect(render(rendering, [Number.NaN, 1, 1])).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});

describe('the quick twin', () => {
  const IDENTITY = [1, 0, 0, 0, 1, 0, 0, 0, 1] as const;
  const REC709 = convertPrimaries(PRIMARIES.rec709, PRIMARIES.ap1, 'bradford')!;
  const COUNT = 50_000;

  /** Light of any strength: one number in ten negative, one in fifty 0. */
  function lights(seed: number): Float32Array[] {
    const { int } = random(seed);
    const one = (): number => (int(0, 49) === 0 ? 0 : (int(0, 9) === 0 ? -1 : 1) * 2 ** (int(-1600, 1100) / 100));
    return [0, 1, 2].map(() => Float32Array.from({ length: COUNT }, one));
  }

  it.each(all)('%s: makes what the definition makes, within 1e-7 of the peak', (_, rendering) => {
    const most = rendering.target.peak / 100;
    let worst = 0;
    for (const matrix of [IDENTITY, REC709]) {
      const [r, g, b] = lights(rendering.target.peak) as [Float32Array, Float32Array, Float32Array];
      const shown = [r.slice(), g.slice(), b.slice()] as const;
      fastRenderer(rendering, matrix, rendering.target.limit)(...shown);
      for (let i = 0; i < COUNT; i++) {
        const wanted = render(rendering, applyMatrix(matrix, [r[i]!, g[i]!, b[i]!]));
        worst = Math.max(worst, ...wanted.map((x, k) => Math.abs(x - shown[k]![i]!) / most));
      }
    }
    expect(worst).toBeLessThan(1e-7);
  });

  it.each(all)('%s: keeps greys exactly grey, whatever the space that they come from', (_, rendering) => {
    const greys = Float32Array.from({ length: 20_000 }, (__, i) => 2 ** (-20 + i / 600));
    for (const [matrix, to] of [
      [IDENTITY, rendering.target.limit],
      [REC709, PRIMARIES.rec2020],
    ] as const) {
      const shown = [greys.slice(), greys.slice(), greys.slice()] as const;
      fastRenderer(rendering, matrix, to)(...shown);
      expect(shown[1]).toEqual(shown[0]);
      expect(shown[2]).toEqual(shown[0]);
      expect(shown[0].every((x, i) => i === 0 || x >= shown[0][i - 1]!)).toBe(true);
    }
  });

  it('takes infinities as the brightest light, and hands a NaN on to all three', () => {
    const [red, green, blue] = [
      [Number.POSITIVE_INFINITY, Number.NaN, 0.5, -0],
      [0, 0.5, Number.NEGATIVE_INFINITY, -0],
      [0, 0.5, 0.5, -0],
    ].map((plane) => Float32Array.from(plane)) as [Float32Array, Float32Array, Float32Array];
    const rendering = RENDERINGS['Rec.709, 100 cd/m²'];
    fastRenderer(rendering, IDENTITY, PRIMARIES.rec709)(red, green, blue);
    const at = (i: number): number[] => [red[i]!, green[i]!, blue[i]!];
    expect(at(0)).toEqual(render(rendering, [1e9, 0, 0]).map(Math.fround));
    expect(at(1)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(at(2)).toEqual(render(rendering, [0.5, 0, 0.5]).map(Math.fround));
    expect(at(3)).toEqual([0, 0, 0]);
  });
});
