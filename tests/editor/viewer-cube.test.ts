// The cubes of the viewer against the exact display transforms, and how they and the light of pictures come from the host.
import { expect, test } from 'vitest';
import { decodePicture, encodePicture, type PictureHeader } from '../../editor/picture.ts';
import { requestSchema } from '../../editor/protocol.ts';
import { cubeView } from '../../editor/server/viewing/cube.ts';
import { type Cube, type Light, lookUp, REC709 } from '../../editor/ui/viewer/cube.ts';
import { cubeFrom } from '../../editor/ui/viewer/cubes.ts';
import { DISPLAY_TRANSFORMS } from '../../editor/ui/viewer/transform.ts';
import { evaluateCurve } from '../../engine/authoring.ts';
import { applyMatrix, convertPrimaries, type Vector } from '../../engine/colour/matrix.ts';
import { PRIMARIES } from '../../engine/colour/primaries.ts';
import { SPACES } from '../../engine/colour/space.ts';
import { DISPLAYS, type DisplayName, renderingOf } from '../../nodes/color/output/named.ts';
import { render } from '../../nodes/color/output/render.ts';
import { CUBE_NAMES, lightOf } from '../../nodes/index.ts';
import { random } from '../base/random.ts';
import { picture, text } from '../nodes/spec-builder.ts';

const BAKED = DISPLAY_TRANSFORMS.filter(({ cube }) => cube).map(({ id }) => id as DisplayName);

/** Levels of 255 on the display, by the definition in double precision. */
function exactly(name: DisplayName, rgb: Vector): number[] {
  const { target, to } = DISPLAYS[name];
  const { encoding } = SPACES[to];
  return render(renderingOf(target!), rgb).map((x) => evaluateCurve(encoding!.fromLinear, x) * 255);
}

function levels(cube: Cube, light: Light, [r, g, b]: Vector): number[] {
  const into = new Float64Array(3);
  lookUp(cube, light, r, g, b, into);
  return [...into].map((x) => x * 255);
}

const apart = (a: readonly number[], b: readonly number[]): number => Math.max(...a.map((x, i) => Math.abs(x - b[i]!)));

test('the viewer offers every cube that the host has', () => {
  expect(BAKED).toEqual([...CUBE_NAMES]);
  expect(() => cubeView('aces2-pq-1000-p3d65')).toThrow('Expected one of aces2-srgb, aces2-rec709, aces2-p3d65');
  expect(requestSchema.safeParse({ kind: 'cube', id: 1, transform: 'aces2-srgb' }).success).toBe(true);
});

test.each(BAKED)(
  '%s is mostly within one level of 255 of the exact transform, and within half a level for greys',
  (name) => {
    const cube = cubeFrom(cubeView(name));
    expect(cube.codes).toHaveLength(65 ** 3 * 3);
    const { int } = random(5);
    const share = (): number => int(0, 1_000_000) / 1_000_000;
    const count = 20_000;
    const errors: number[] = [];
    for (let i = 0; i < count; i++) {
      // From 1/1024 to 64 times scene white, of any saturation within AP1.
      const light = 2 ** (share() * 16 - 10);
      const saturation = share();
      const one = (): number => light * (1 - saturation * share());
      const rgb: Vector = [one(), one(), one()];
      errors.push(apart(levels(cube, [1, 0, 0, 0, 1, 0, 0, 0, 1], rgb), exactly(name, rgb)));
    }
    errors.sort((a, b) => a - b);
    const mean = errors.reduce((sum, error) => sum + error, 0) / count;
    expect(mean).toBeLessThan(0.15);
    expect(errors[Math.floor(count * 0.98)]).toBeLessThan(1);
    expect(errors[Math.floor(count * 0.999)]).toBeLessThan(2.5);
    // At the edges of the display's gamut, where the transform itself bends sharply.
    expect(errors.at(-1)).toBeLessThan(16);

    let worst = 0;
    for (let light = 1e-4; light < 200; light *= 1.01) {
      const made = levels(cube, REC709, [light, light, light]);
      expect(Math.max(...made) - Math.min(...made)).toBeLessThan(0.05);
      worst = Math.max(worst, apart(made, exactly(name, [light, light, light])));
    }
    expect(worst).toBeLessThan(0.5);
  },
);

test('linear Rec.709 becomes ACEScg by the matrix of the engine', () => {
  const wanted = convertPrimaries(PRIMARIES.rec709, PRIMARIES.ap1, 'bradford')!;
  expect(apart(REC709, wanted)).toBeLessThan(1e-9);
  expect(applyMatrix(wanted, [1, 1, 1]).every((x) => Math.abs(x - 1) < 1e-12)).toBe(true);
});

test('the light of a part is what its tags say, and travels with its pictures', () => {
  const tagged = (id: string) => lightOf(picture({ attributes: [text('colorInteropID', id)] }), 0);
  expect(tagged('lin_ap1_scene')).toEqual({ title: 'ACEScg', stated: true, toAcescg: [1, 0, 0, 0, 1, 0, 0, 0, 1] });
  expect(tagged('srgb_rec709_display')).toEqual({ title: 'sRGB display', stated: true, toAcescg: [] });
  expect(tagged('data')).toEqual({ title: 'data', stated: true, toAcescg: [] });
  const silent = lightOf(picture({}), 0);
  expect([silent.title, silent.stated]).toEqual(['Linear Rec.709', false]);
  expect(apart(silent.toAcescg, REC709)).toBeLessThan(1e-9);
  const box = { minX: 0, minY: 0, maxX: 0, maxY: 0 };
  const header: PictureHeader = {
    ...{ slot: 0, serial: 1, node: 'a', frame: 1, part: 0, channels: ['R'], box, width: 1, height: 1 },
    ...{ dataWindow: box, displayWindow: box, pixelAspect: 1, light: silent },
  };
  const sent = encodePicture(header, new Uint16Array([0x3c00]));
  expect(decodePicture(sent.buffer)?.header).toEqual(header);
});
