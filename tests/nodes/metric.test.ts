// Heights in millimetres: known displacements of known surfaces come back through mesh, map and metric; what a face without area gives.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AnyNode, box, createPlane, decodeAttribute, defineNode, type Plane } from '../../engine/authoring.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { metricOf } from '../../nodes/mesh/rasterize/metric.ts';
import { type Bench, bench, graph, never } from '../run/graph.ts';
import { fbxBinary, fbxTree, gltfOf, objOf, type Sheet } from './sheets.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-metric-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Vector = readonly [number, number, number];
type Params = Readonly<Record<string, Json>>;

/** Millimetres at a place of the texture, and how they rise with u and v. */
type Field = (u: number, v: number) => readonly [height: number, withU: number, withV: number];

const hills: Field = (u, v) => [
  0.4 * Math.sin(7 * u) * Math.cos(5 * v) + 0.1 * u,
  2.8 * Math.cos(7 * u) * Math.cos(5 * v) + 0.1,
  -2 * Math.sin(7 * u) * Math.sin(5 * v),
];

/** A surface with the field on it. `at` takes u and v; the sheet covers the part of the texture that `uv` says. */
interface Case {
  readonly at: (u: number, v: number) => Vector;
  readonly uv?: Sheet['uv'];
  readonly columns?: number;
  readonly rows?: number;
  readonly field?: Field;
  /** The axis along which the map was baked the other way round. */
  readonly turned?: boolean;
}

const whole: Sheet['uv'] = (s, t) => [s, t];

const sheetOf = ({ at, uv = whole, columns = 8, rows = 8 }: Case): Sheet => ({
  columns,
  rows,
  uv,
  at: (s, t) => at(...uv(s, t)),
});

const difference = (a: Vector, b: Vector, by: number): number[] => a.map((value, i) => (value - b[i]!) / by);
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

/** The tangent-space normal at a place of the texture: of the displaced surface, in the frame along u. */
function normalAt({ at, field = hills, turned }: Case, u: number, v: number): number[] {
  const step = 1e-5;
  const pu = difference(at(u + step, v), at(u - step, v), 2 * step);
  const pv = difference(at(u, v + step), at(u, v - step), 2 * step);
  const across = Math.hypot(...pu);
  const tangent = pu.map((value) => value / across);
  const along = dot(pv, tangent);
  const upright = Math.hypot(...pv.map((value, i) => value - along * tangent[i]!));
  const [, withU, withV] = field(u, v);
  const s = withU / across;
  const t = (withV - s * along) / upright;
  const length = Math.hypot(s, t, 1);
  return [((turned ? 1 : -1) * s) / length, -t / length, 1 / length];
}

/** A normal map from -1 to 1. */
const mapOf = (what: Case, [width, height]: readonly [number, number]): AnyNode =>
  defineNode({
    type: 'test.map',
    version: 1,
    title: 'Map',
    doc: 'Gives the normals of a case.',
    params: z.strictObject({}),
    inputs: {},
    spec: () => {
      const window = box(0, 0, width - 1, height - 1);
      const channel = (name: string) => ({
        name,
        type: 'float' as const,
        sampling: { x: 1, y: 1 },
        pLinear: 0,
        origin: { from: 'computed' as const },
      });
      const channels = ['B', 'G', 'R'].map(channel);
      return { parts: [{ kind: 'flat', dataWindow: window, displayWindow: window, attributes: [], channels }] };
    },
    pull: async (_, want) => {
      const made = want.channels.map((name): [string, Plane] => [name, createPlane('float', want.box)]);
      let i = 0;
      for (let y = want.box.minY; y <= want.box.maxY; y++) {
        for (let x = want.box.minX; x <= want.box.maxX; x++, i++) {
          const normal = normalAt(what, (x + 0.5) / width, 1 - (y + 0.5) / height);
          for (const [name, { samples }] of made) samples[i] = normal['RGB'.indexOf(name)]!;
        }
      }
      return new Map(made);
    },
  }) as AnyNode;

let files = 0;

interface Setting {
  readonly size?: readonly [number, number];
  readonly rasterize?: Params;
  readonly poisson?: Params;
  /** The file of the mesh: its text, and how it ends. */
  readonly file?: readonly [content: string | Uint8Array, ending: string];
}

function open(what: Case, { size = [256, 256], rasterize = {}, poisson = {}, file }: Setting = {}): Bench {
  const [content, ending] = file ?? [objOf([sheetOf(what)]), 'obj'];
  const path = `metric${files++}.${ending}`;
  writeFileSync(join(folder, path), content);
  const given = file ? {} : { millimetres: 1 };
  return bench(
    graph(
      {
        map: { type: 'test.map' },
        read: { type: 'mesh.read', params: { path } },
        charts: { type: 'mesh.charts' },
        tile: { type: 'mesh.rasterize', params: { metric: true, ...given, ...rasterize } },
        decode: { type: 'normal.decode', params: { range: 'signed', maxSlope: 10_000 } },
        height: { type: 'integrate.poisson', params: { units: 'mm', zero: 'mean', tolerance: 1e-8, ...poisson } },
      },
      [
        'map.image > tile.image',
        'map.image > decode.image',
        'read.mesh > charts.mesh',
        'charts.mesh > tile.mesh',
        'tile.image > decode.charts',
        'tile.image > height.charts',
        'decode.image > height.image',
      ],
    ),
    { folder, more: [mapOf(what, size)] },
  );
}

async function planesOf({ descriptions, evaluator }: Bench, node: string, channels: readonly string[]) {
  const { spec, problems } = await descriptions.describe(node, 1);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return evaluator.planes(node, 1, { part: 0, channels, box: spec!.parts[0]!.dataWindow }, never);
}

const heightsOf = async (opened: Bench): Promise<Float32Array> =>
  (await planesOf(opened, 'height', ['height'])).get('height')!.samples as Float32Array;

/** The root of the mean squared error over the range of the field, aligned by means, and the pixels of islands. */
async function errorOf(what: Case, setting: Setting = {}): Promise<{ rms: number; pixels: number }> {
  const opened = open(what, setting);
  const heights = await heightsOf(opened);
  const ids = (await planesOf(opened, 'tile', ['id'])).get('id')!.samples;
  const [width, height] = setting.size ?? [256, 256];
  const { field = hills } = what;
  const errors: number[] = [];
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < heights.length; i++) {
    if (ids[i] === 0) continue;
    const [truth] = field(((i % width) + 0.5) / width, 1 - (Math.floor(i / width) + 0.5) / height);
    [least, most] = [Math.min(least, truth), Math.max(most, truth)];
    errors.push(heights[i]! - truth);
  }
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const squares = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0);
  return { rms: Math.sqrt(squares / errors.length) / (most - least), pixels: errors.length };
}

const CASES: Readonly<Record<string, Case>> = {
  plane: { at: (u, v) => [30 * u, 30 * v, 0] },
  'long plane': { at: (u, v) => [50 * u, 8 * v, 0] },
  'sheared plane': { at: (u, v) => [40 * u + 17 * v, 25 * v, 3 * u] },
  'plane that lies askew on the texture': {
    at: (u, v) => [20 * u - 6 * v, 4 * u + 15 * v, u],
    uv: (s, t) => [0.15 + 0.55 * s + 0.2 * t, 0.2 - 0.1 * s + 0.6 * t],
  },
  cylinder: { at: (u, v) => [12 * Math.sin(2 * u), 20 * v, 12 * Math.cos(2 * u)], columns: 128 },
  'helix on a cylinder': {
    at: (u, v) => [12 * Math.sin(2 * u + v), 20 * v + 5 * u, 12 * Math.cos(2 * u + v)],
    columns: 128,
    rows: 64,
  },
  'patch of a sphere': {
    at: (u, v) => {
      const [turn, rise] = [1.5 * u, 1.6 * v - 0.8];
      return [9 * Math.cos(rise) * Math.sin(turn), 9 * Math.sin(rise), 9 * Math.cos(rise) * Math.cos(turn)];
    },
    columns: 96,
    rows: 96,
  },
};

describe('a displacement in millimetres comes back', () => {
  it.each(Object.entries(CASES))('from a %s, to less than 1e-4 of its range', async (name, what) => {
    const { rms, pixels } = await errorOf(what);
    expect(rms).toBeLessThan(1e-4);
    if (name.includes('askew')) expect(pixels).toBeLessThan(30_000);
    else expect(pixels).toBe(256 * 256);
  });

  it.each([
    [128, 128],
    [512, 128],
    [192, 600],
  ] as const)('at %i × %i as well', async (width, height) => {
    const { rms } = await errorOf(CASES['sheared plane']!, { size: [width, height] });
    expect(rms).toBeLessThan(1e-4);
  });

  it.each([false, true])('from mirrored islands, maps baked along the texture or not: %s', async (turned) => {
    const mirrored: Case = {
      at: (u, v) => [30 * (1 - u), 20 * v, 0],
      uv: (s, t) => [0.9 - 0.8 * s, 0.1 + 0.8 * t],
      turned,
    };
    const setting = { rasterize: { mirror: turned } };
    const flips = (await open(mirrored, setting).descriptions.describe('charts', 1)).value!.charts!.charts;
    expect(flips.map(({ flipU }) => flipU)).toEqual([true]);
    expect((await errorOf(mirrored, setting)).rms).toBeLessThan(1e-4);
  });

  it('and of a larger plane with the same normals is larger', async () => {
    const small = CASES['long plane']!;
    const large = objOf([sheetOf({ ...small, at: (u, v) => [100 * u, 16 * v, 0] })]);
    const once = await heightsOf(open(small));
    const unit = { rasterize: { millimetres: 1 } };
    const twice = await heightsOf(open(small, { file: [large, 'obj'], ...unit }));
    const scaled = await heightsOf(open(small, { rasterize: { millimetres: 2 } }));
    let most = 0;
    for (let i = 0; i < once.length; i++) {
      expect(Math.abs(twice[i]! - 2 * once[i]!)).toBeLessThan(1e-5);
      expect(Math.abs(scaled[i]! - 2 * once[i]!)).toBeLessThan(1e-5);
      most = Math.max(most, Math.abs(once[i]!));
    }
    expect(most).toBeGreaterThan(0.3);
  });
});

describe('the unit', () => {
  const plane = CASES['plane']!;
  const sheets = [sheetOf(plane)];
  const FILES = {
    obj: [objOf(sheets), 'obj'],
    gltf: [gltfOf(sheets).json, 'gltf'],
    fbx: [fbxBinary(fbxTree(sheets)), 'fbx'],
  } as const;
  const middle = async (setting: Setting): Promise<number[]> => {
    const planes = await planesOf(open(plane, { size: [64, 64], ...setting }), 'tile', ['metric.uu', 'metric.vv']);
    return ['metric.uu', 'metric.vv'].map((name) => planes.get(name)!.samples[64 * 32 + 32]!);
  };

  it('is that of the file, or the one that is given', async () => {
    // The glTF is twice as large by its node.
    expect(await middle({ file: FILES.gltf })).toEqual([60_000 / 64, 60_000 / 64].map((n) => expect.closeTo(n, 2)));
    expect(await middle({ file: FILES.fbx })).toEqual([762 / 64, 762 / 64].map((n) => expect.closeTo(n, 4)));
    const given = { rasterize: { millimetres: 10 } };
    for (const file of [FILES.obj, FILES.fbx])
      expect(await middle({ file, ...given })).toEqual([300 / 64, 300 / 64].map((n) => expect.closeTo(n, 4)));
  });

  it('is asked for where the file says none', async () => {
    const { descriptions } = open(plane, { file: FILES.obj });
    const { problems } = await descriptions.describe('tile', 1);
    expect(problems.map(({ code, severity, where }) => [severity, code, where.param])).toEqual([
      ['error', 'mesh-unit-unknown', 'millimetres'],
    ]);
    expect(problems[0]!.message).toMatch(
      /^Expected metric\d+\.obj to say how long its unit is, for millimetres; OBJ says nothing of units or axes\. Say how many millimetres a unit is\.$/,
    );
    expect(problems[0]!.fixes!.map(({ title, edits }) => [title, edits[0]])).toEqual([
      ['A unit is a millimetre', { op: 'setParam', node: 'tile', name: 'millimetres', value: 1 }],
      ['A unit is a centimetre', { op: 'setParam', node: 'tile', name: 'millimetres', value: 10 }],
      ['A unit is a metre', { op: 'setParam', node: 'tile', name: 'millimetres', value: 1000 }],
    ]);
    const plain = await open(plane, { file: FILES.obj, rasterize: { metric: false } }).descriptions.describe('tile', 1);
    expect(plain.problems).toEqual([]);
  });

  it('of heights is told, and what they were made of', async () => {
    const { descriptions } = open(plane);
    const [part] = (await descriptions.describe('height', 1)).spec!.parts;
    const told = Object.fromEntries(part!.attributes.map((a) => [a.name, decodeAttribute(a)]));
    expect(told).toEqual({
      'n2d:space': 'tangent',
      'n2d:units': 'mm',
      'n2d:amplitude': 1,
      Software: expect.stringMatching(/^Sluice \d+\.\d+\.\d+$/),
      SourceMesh: expect.stringMatching(/^metric\d+\.obj$/),
    });
  });
});

describe('a metric that is missing', () => {
  const problemsOf = async (setting: Setting) =>
    (await open(CASES['plane']!, setting).descriptions.describe('height', 1)).problems;

  it('is an error with a way out', async () => {
    const [problem, ...others] = await problemsOf({ rasterize: { metric: false } });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ severity: 'error', code: 'channel-unknown', where: { param: 'units' } });
    expect(problem!.message).toBe(
      'Expected charts with metric.uu, metric.vu, metric.vv for heights in millimetres, found boundary, id, mirror. Switch Metric on in Rasterize charts and connect it.',
    );
    expect(problem!.fixes).toEqual([
      {
        title: 'Make heights in texels',
        edits: [{ op: 'setParam', node: 'height', name: 'units', value: 'texel' }],
      },
    ]);
  });

  it('is looked for under the name that is given', async () => {
    const found = await problemsOf({ poisson: { metricLayer: 'other' } });
    expect(found.map(({ code }) => code)).toEqual(['channel-unknown']);
  });
});

describe('a face without area', () => {
  const square = { width: 10, height: 20 };
  const UV = Float32Array.of(0, 0, 1, 0, 0, 1);
  const faces = Uint32Array.of(0, 1, 2);
  const metric = (positions: readonly number[], uv = UV): number[] => [
    ...metricOf({ positions: Float32Array.from(positions), faces }, uv, square, 1000),
  ];

  it('in space has no height, nor is anything of it no number', () => {
    expect(metric([0, 0, 0, 1, 0, 0, 0, 2, 0])).toEqual([100, 0, 100]);
    expect(metric([0, 0, 0, 1, 0, 0, 3, 2, 0])).toEqual([100, 150, 100]);
    // A line along u, one along v, one along both, a point.
    expect(metric([0, 0, 0, 1, 0, 0, 0, 0, 0])).toEqual([100, 0, 0]);
    expect(metric([0, 0, 0, 0, 0, 0, 0, 2, 0])).toEqual([0, 0, 100]);
    expect(metric([0, 0, 0, 1, 0, 0, 2, 0, 0])).toEqual([100, 100, 0]);
    expect(metric([1, 2, 3, 1, 2, 3, 1, 2, 3])).toEqual([0, 0, 0]);
  });

  it('on the texture has none either', () => {
    const places = [0, 0, 0, 1, 0, 0, 0, 2, 0];
    expect(metric(places, Float32Array.of(0, 0, 1, 1, 2, 2))).toEqual([0, 0, 0]);
    expect(metric(places, Float32Array.of(0.5, 0.5, 0.5, 0.5, 0.5, 0.5))).toEqual([0, 0, 0]);
    const least = 2 ** -148;
    expect(metric(places, Float32Array.of(0, 0, least, 0, 0, least))).toEqual([0, 0, 0]);
  });

  it('leaves the others as they are', async () => {
    // The last two columns of quads are pressed to a line in space.
    const pressed: Case = {
      at: (u, v) => [30 * Math.min(u, 0.75), 30 * v, 0],
      field: (u, v) => (u < 0.75 ? hills(u, v) : [hills(0.75, v)[0], 0, hills(0.75, v)[2]]),
    };
    const heights = await heightsOf(open(pressed));
    expect(heights.every((height) => Math.abs(height) < 2)).toBe(true);
  });
});
