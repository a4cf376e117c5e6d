// Primaries, matrices and encodings: published values, inverses over the whole domain, and what their tables keep of them.
import { describe, expect, it } from 'vitest';
import { type Curve, createPlane, evaluateCurve, runPointwise } from '../../../engine/authoring.ts';
import { box } from '../../../engine/base/box.ts';
import {
  appleLog,
  canonLog2,
  canonLog3,
  LOGC3_INDICES,
  log3G10,
  logC3,
  logC4,
  sLog3,
  vLog,
} from '../../../engine/colour/camera.ts';
import type { Encoding } from '../../../engine/colour/encoding.ts';
import { acesCc, acesCct, cineon } from '../../../engine/colour/film.ts';
import {
  adaptWhite,
  applyMatrix,
  convertPrimaries,
  invertMatrix,
  type Matrix,
  multiplyMatrices,
  rgbToXyz,
} from '../../../engine/colour/matrix.ts';
import { PRIMARIES, type Primaries, XYZ_WHITE } from '../../../engine/colour/primaries.ts';
import { tableOf } from '../../../engine/colour/program.ts';
import { SPACE_NAMES, SPACES, spaceOfId } from '../../../engine/colour/space.ts';
import { bt1886, gamma, hlg, pq, srgb } from '../../../engine/colour/video.ts';

const { ap0, ap1, rec709, rec2020, p3d65, xyz, awg4 } = PRIMARIES;

function expectNear(actual: readonly number[], expected: readonly number[], most: number): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(Math.abs(actual[i]! - value), `entry ${i}`).toBeLessThan(most);
}

describe('matrices', () => {
  it.each<[string, Matrix | undefined, number[]]>([
    [
      'Academy S-2014-004, AP1 to AP0',
      convertPrimaries(ap1, ap0, 'bradford'),
      [
        0.6954522414, 0.1406786965, 0.1638690622, 0.0447945634, 0.8596711185, 0.0955343182, -0.0055258826, 0.0040252103,
        1.0015006723,
      ],
    ],
    [
      'SMPTE ST 2065-1, AP0 to XYZ',
      rgbToXyz(ap0),
      [0.9525523959, 0, 0.0000936786, 0.3439664498, 0.7281660966, -0.0721325464, 0, 0, 1.0088251844],
    ],
    [
      'Rec.709 to XYZ, as colour-science prints it',
      rgbToXyz(rec709),
      [0.4123908, 0.35758434, 0.18048079, 0.21263901, 0.71516868, 0.07219232, 0.01933082, 0.11919478, 0.95053215],
    ],
    [
      'ARRI LogC4 specification, AWG4 to AP0 by CAT02',
      convertPrimaries(awg4, ap0, 'cat02'),
      [
        0.750957362825, 0.14442278671, 0.104619850466, 0.000821837079, 1.007397584885, -0.008219421964, -0.000499952144,
        -0.000854177231, 1.001354129375,
      ],
    ],
    [
      'ACEScg to Rec.709 by Bradford, as OpenColorIO has it',
      convertPrimaries(ap1, rec709, 'bradford'),
      [
        1.70505099, -0.62179212, -0.08325887, -0.13025642, 1.14080474, -0.01054832, -0.02400336, -0.12896898,
        1.15297233,
      ],
    ],
    [
      'ITU-R BT.2087-0, Rec.709 to Rec.2020',
      convertPrimaries(rec709, rec2020, 'none'),
      [0.6274, 0.3293, 0.0433, 0.0691, 0.9195, 0.0114, 0.0164, 0.088, 0.8956],
    ],
  ])('%s', (_, matrix, expected) => {
    expectNear(matrix!, expected, expected[0] === 0.6274 ? 6e-5 : 2e-8);
  });

  it('keep white white and undo each other, between all pairs and by every adaptation', () => {
    let compared = 0;
    for (const [a, from] of Object.entries(PRIMARIES) as [string, Primaries][]) {
      for (const [b, to] of Object.entries(PRIMARIES) as [string, Primaries][]) {
        for (const adaptation of ['bradford', 'cat02', 'none'] as const) {
          const forth = convertPrimaries(from, to, adaptation)!;
          const back = convertPrimaries(to, from, adaptation)!;
          expectNear(multiplyMatrices(back, forth), [1, 0, 0, 0, 1, 0, 0, 0, 1], 1e-12);
          if (adaptation !== 'none' && a !== 'xyz' && b !== 'xyz')
            expectNear(applyMatrix(forth, [1, 1, 1]), [1, 1, 1], 1e-12);
          compared++;
        }
      }
    }
    expect(compared).toBe(14 * 14 * 3);
  });

  it('of XYZ are relative to D65', () => {
    const [x, y] = XYZ_WHITE;
    expectNear(applyMatrix(convertPrimaries(rec709, xyz, 'bradford')!, [1, 1, 1]), [x / y, 1, (1 - x - y) / y], 1e-12);
    expectNear(applyMatrix(convertPrimaries(ap0, xyz, 'bradford')!, [1, 1, 1]), [x / y, 1, (1 - x - y) / y], 1e-12);
  });

  it('are exactly the identity between the same primaries, and none where lights lie on a line', () => {
    expect(convertPrimaries(p3d65, { ...p3d65 }, 'bradford')).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect(rgbToXyz({ red: [0.1, 0.1], green: [0.2, 0.2], blue: [0.3, 0.3], white: [0.3, 0.3] })).toBeUndefined();
    expect(rgbToXyz({ ...ap1, white: [0.3, 0] })).toBeUndefined();
    expect(convertPrimaries({ ...ap1, white: [Number.NaN, 0.3] }, ap0, 'none')).toBeUndefined();
    expect(invertMatrix([1, 2, 3, 2, 4, 6, 0, 0, 1])).toBeUndefined();
  });

  it('of adaptation scale the responses of the eye', () => {
    // ICC.1:2022, E.3: the matrix from D65 to the D50 of profiles, by Bradford.
    const d50 = [0.9642 / (0.9642 + 1 + 0.8249), 1 / (0.9642 + 1 + 0.8249)] as const;
    expectNear(
      adaptWhite([0.3127, 0.329], d50, 'bradford'),
      [1.0479, 0.0229, -0.0502, 0.0296, 0.9905, -0.0171, -0.0092, 0.0151, 0.7517],
      2e-4,
    );
  });
});

/** Linear light and its code. */
type Pair = readonly [linear: number, code: number];

const ENCODINGS: Readonly<Record<string, readonly [Encoding, tolerance: number, ...Pair[]]>> = {
  // colour-science's tests, and the definition: code 0.5 is linear 0.21404.
  srgb: [srgb, 1e-7, [0, 0], [0.18, 0.461356129500442], [1, 1], [0.0031308, 0.04044994], [0.214041140482, 0.5]],
  gamma22: [gamma(2.2), 1e-12, [0, 0], [0.18, 0.18 ** (1 / 2.2)], [1, 1], [0.217637640824, 0.5]],
  gamma26: [gamma(2.6), 1e-12, [0, 0], [0.164938488846, 0.5], [1, 1]],
  // colour-science: eotf_BT1886(0.18) = 0.016317514686316.
  bt1886: [bt1886(), 1e-12, [0, 0], [0.016317514686316, 0.18], [1, 1]],
  'bt1886 of a display': [bt1886({ white: 100, black: 0.1 }), 1e-9, [0.1, 0], [100, 1]],
  // SMPTE ST 2084 and ITU-R BT.2408: 100, 203, 400, 1000, 4000 and 10000 cd/m².
  pq: [
    pq,
    1e-6,
    [0, 0],
    [1, 0.508078421517399],
    [2.03, 0.580688881],
    [4, 0.652578597563067],
    [10, 0.751827097],
    [40, 0.902572393],
    [100, 1],
  ],
  // ITU-R BT.2100: 1/12 is code 0.5.
  hlg: [hlg, 1e-6, [0, 0], [0.015, 0.212132034355964], [1 / 12, 0.5], [1, 0.999999995536569]],
  // ITU-R BT.2408: 38 % for grey of 18 % reflectance and 75 % for white.
  'hlg of grey and white': [hlg, 5e-4, [0.18 * 0.265, 0.378], [0.265, 0.75]],
  // Academy S-2014-003 and S-2016-001, and the values of colour-science's tests.
  acesCc: [
    acesCc,
    1e-9,
    [0, -0.358447488584475],
    [2 ** -15, (9.72 - 15) / 17.52],
    [0.18, 0.413588402492442],
    [1, 0.554794520547945],
    [65504, 1.467996],
  ],
  acesCct: [
    acesCct,
    1e-9,
    [0, 0.0729055341958355],
    [0.0078125, 0.155251141552511],
    [0.18, 0.413588402492442],
    [1, 0.554794520547945],
  ],
  // ARRI prints six digits.
  logC3: [logC3(), 5e-7, [0, 0.092809], [0.18, 0.391007], [1, 0.570631558]],
  // ARRI's specification: grey is code 0.2784.
  logC4: [
    logC4,
    1e-9,
    [-0.0180569961199113, 0],
    [0, 0.09286412512219],
    [0.18, 0.278395836548265],
    [1, 0.427519364835306],
    [469.8, 1.0000011],
  ],
  // Sony: 0 % is 95, 18 % is 420, 90 % is 598 of 1023.
  sLog3: [sLog3, 1e-9, [0, 95 / 1023], [0.18, 420 / 1023], [1, 0.596027343690123]],
  'sLog3 at 90 %': [sLog3, 5e-4, [0.9, 598 / 1023]],
  // Panasonic: 0 % is 128, 18 % is 433, 90 % is 602 of 1023.
  vLog: [vLog, 1e-9, [0, 0.125], [0.18, 0.423311448760136], [-0.1, -0.435]],
  'vLog at 90 %': [vLog, 5e-4, [0.9, 602 / 1023]],
  // RED: grey is 1/3, ten stops above it 1, and linear -0.01 is 0.
  log3G10: [log3G10, 1e-9, [-1, -15.040773], [-0.01, 0], [0, 0.091551487714745], [0.18, 0.333332912025992]],
  'log3G10 at its end': [log3G10, 1e-5, [0.18 * 1024, 1]],
  canonLog2: [
    canonLog2,
    1e-9,
    [-0.1, -0.155370130476722],
    [0, 0.092864125],
    [0.18, 0.398254692561492],
    [1, 0.573229279230156],
  ],
  canonLog3: [
    canonLog3,
    1e-8,
    [-0.1, -0.028494507620494],
    [0, 0.12512219],
    [0.18, 0.343389370373936],
    [1, 0.580277794216371],
  ],
  appleLog: [
    appleLog,
    1e-9,
    [-0.05641088, 0],
    [0, 0.150476452300913],
    [0.18, 0.488272458526868],
    [1, 0.694552983055191],
  ],
  // Kodak: 95 is black, 685 is white.
  cineon: [cineon, 1e-9, [0, 95 / 1023], [0.18, 0.457319613085418], [1, 685 / 1023]],
};

/** Every finite half, in order. */
const HALVES = Float32Array.from({ length: 63_488 }, (_, i) => {
  const bits = i < 31_744 ? 0x8000 | (31_743 - i) : i - 31_744;
  const view = new DataView(new ArrayBuffer(2));
  view.setUint16(0, bits);
  return (view as unknown as { getFloat16(at: number): number }).getFloat16(0);
});

function bend(curve: Curve, floats: Float32Array): Float32Array {
  const plane = createPlane('float', box(0, 0, floats.length - 1, 0));
  plane.samples.set(floats);
  const [made] = runPointwise([{ do: 'bend', by: [tableOf(curve)] }], { channels: [plane], types: ['float'] });
  return made!.samples as Float32Array;
}

describe.each(Object.entries(ENCODINGS))('%s', (name, [encoding, tolerance, ...pairs]) => {
  it('has its published values both ways', () => {
    for (const [linear, code] of pairs) {
      const least = name === 'logC4' && linear > 1 ? 1e-5 : code === 1.467996 ? 1e-6 : tolerance;
      expect(Math.abs(evaluateCurve(encoding.fromLinear, linear) - code), `${linear}`).toBeLessThan(least);
      const slope =
        (evaluateCurve(encoding.toLinear, code + 1e-6) - evaluateCurve(encoding.toLinear, code - 1e-6)) / 2e-6;
      const off = Math.abs(evaluateCurve(encoding.toLinear, code) - linear);
      expect(off, `${code}`).toBeLessThan(least * Math.max(1, slope) * 1.5 + 1e-9);
    }
  });

  it('is its own inverse for every half, and rises everywhere', () => {
    let before = Number.NEGATIVE_INFINITY;
    for (const x of HALVES) {
      const code = evaluateCurve(encoding.fromLinear, x);
      const back = evaluateCurve(encoding.toLinear, code);
      // Near zero what double precision holds of the code decides; where the published halves of a curve do not quite
      // meet, the gap.
      if (!(Math.abs(back - x) <= 2e-7 * Math.abs(x) + 4e-9)) expect(back, `${x}`).toBe(x);
      if (x !== 0 && !(code > before)) expect(code, `${x}`).toBeGreaterThan(before);
      before = x === 0 ? before : code;
    }
  });

  it('has tables within 3e-7 of the formula, negative light and light far above 1 included', () => {
    const codes = bend(encoding.fromLinear, HALVES);
    let worst = 0;
    for (const [i, x] of HALVES.entries()) {
      const exact = evaluateCurve(encoding.fromLinear, x);
      // Codes that pass through 0 elsewhere than at 0 light are told from each other by their absolute size.
      const size = Math.max(Math.abs(exact), evaluateCurve(encoding.fromLinear, 0) === 0 ? 0 : 0.5);
      if (exact !== codes[i]) worst = Math.max(worst, Math.abs(codes[i]! - exact) / size);
    }
    expect(worst).toBeLessThan(3e-7);
    const lights = bend(encoding.toLinear, codes);
    const about = encoding.toLinear.centre?.x ?? encoding.toLinear.origin ?? 0;
    let light = 0;
    for (const [i, code] of codes.entries()) {
      const exact = evaluateCurve(encoding.toLinear, code);
      const steep = Math.abs((evaluateCurve(encoding.toLinear, code * (1 + 1e-6)) - exact) / 1e-6 / exact);
      const size = Math.max(Math.abs(exact), evaluateCurve(encoding.toLinear, 0) === 0 ? 0 : 2 ** -5);
      // Where the curve begins at another code than 0, taking that away rounds the code once more.
      if (exact !== lights[i])
        light = Math.max(light, Math.abs(lights[i]! - exact) / size / Math.max(1, about === 0 ? 1 : steep));
    }
    expect(light).toBeLessThan(3e-7);
  });

  it('keeps the order of light through its tables', () => {
    const ramp = Float32Array.from({ length: 40_000 }, (_, i) => -0.05 + i / 20_000);
    const codes = bend(encoding.fromLinear, ramp);
    const fall = codes.findIndex((code, i) => i > 0 && code < codes[i - 1]! - 1.2e-7 * Math.abs(code));
    expect(fall).toBe(-1);
  });
});

it('LogC3 has the constants that ARRI prints for every exposure index', () => {
  // ALEXA Log C Curve, Usage in VFX, SUP 3.x for linear scene exposure: cut, a, b, c, d, e, f; as colour-science has them.
  const printed: Readonly<Record<number, readonly number[]>> = {
    160: [0.005561, 5.555556, 0.080216, 0.269036, 0.381991, 5.842037, 0.092778],
    200: [0.006208, 5.555556, 0.076621, 0.266007, 0.382478, 5.776265, 0.092782],
    250: [0.006871, 5.555556, 0.072941, 0.262978, 0.382966, 5.710494, 0.092786],
    320: [0.007622, 5.555556, 0.068768, 0.259627, 0.383508, 5.637732, 0.092791],
    400: [0.008318, 5.555556, 0.064901, 0.256598, 0.383999, 5.57196, 0.092795],
    500: [0.009031, 5.555556, 0.060939, 0.253569, 0.384493, 5.506188, 0.0928],
    640: [0.00984, 5.555556, 0.056443, 0.250219, 0.38504, 5.433426, 0.092805],
    800: [0.010591, 5.555556, 0.052272, 0.24719, 0.385537, 5.367655, 0.092809],
    1000: [0.011361, 5.555556, 0.047996, 0.244161, 0.386036, 5.301883, 0.092814],
    1280: [0.012235, 5.555556, 0.043137, 0.24081, 0.38659, 5.229121, 0.092819],
    1600: [0.013047, 5.555556, 0.038625, 0.237781, 0.387093, 5.16335, 0.092824],
  };
  for (const index of LOGC3_INDICES) {
    const [cut = 0, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = printed[index]!;
    const curve = logC3(index).fromLinear;
    for (const x of [cut * 1.001, 0.18, 1, 10, 100]) {
      expect(Math.abs(evaluateCurve(curve, x) - (c * Math.log10(a * x + b) + d)), `${index}, ${x}`).toBeLessThan(4e-6);
    }
    for (const x of [-0.1, 0, cut * 0.999]) {
      expect(Math.abs(evaluateCurve(curve, x) - (e * x + f)), `${index}, ${x}`).toBeLessThan(2e-6);
    }
    expect(Math.abs(curve.pieces[1]!.from - cut)).toBeLessThan(1e-6);
  }
  expect(LOGC3_INDICES.length).toBe(11);
});

describe('names', () => {
  it('are those of the Color Interop Forum, or stand in a namespace', () => {
    const published = Object.values(SPACES).filter(({ interopId }) => !interopId!.includes(':'));
    expect(published.map((s) => s.interopId).sort()).toEqual(
      'g18_rec709_scene g22_adobergb_scene g22_ap1_scene g22_rec709_display g22_rec709_scene g24_rec709_display g26_p3d65_display hlg_rec2020_display lin_adobergb_scene lin_ap0_scene lin_ap1_scene lin_ciexyzd65_scene lin_p3d65_scene lin_rec2020_scene lin_rec709_scene pq_p3d65_display pq_rec2020_display srgb_ap1_scene srgb_p3d65_display srgb_p3d65_scene srgb_rec709_display srgb_rec709_scene'.split(
        ' ',
      ),
    );
    expect(SPACE_NAMES.length).toBe(42);
  });

  it('are found by their ID, without its first namespace too, and nothing else is', () => {
    for (const name of SPACE_NAMES) expect(spaceOfId(SPACES[name].interopId!)).toBe(SPACES[name]);
    expect(spaceOfId('my-studio:lin_ap1_scene')?.name).toBe('lin_ap1_scene');
    expect(spaceOfId('show:studio:lin_ap1_scene')).toBeUndefined();
    for (const id of ['', 'ACEScg', 'LIN_AP1_SCENE', 'unknown', 'constructor', ':'])
      expect(spaceOfId(id)).toBeUndefined();
  });
});
