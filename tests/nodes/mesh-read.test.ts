// Read mesh: files of others and by formula, in every format, and what is said of those that are wrong.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { EngineError, type Mesh, type NodeProblem } from '../../engine/authoring.ts';
import { FileServices } from '../../engine/run/services.ts';
import { type FbxFile, readBinaryFbx } from '../../nodes/mesh/read/fbx.ts';
import { withoutPictures } from '../../nodes/mesh/read/fbx-lean.ts';
import { type Loader, loadMesh, meshFiles } from '../../nodes/mesh/read/load.ts';
import { type FbxTree, fbxBinary, fbxText, fbxTree, glbOf, gltfOf, objOf, rectangle } from './sheets.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-mesh-'));
afterAll(() => rmSync(folder, { recursive: true }));

const told: NodeProblem[] = [];

function load(path: string, loader: Loader = 'auto', roots?: readonly string[]): Promise<Mesh> {
  const services = new FileServices({ folder, ...(roots ? { roots } : {}) });
  const { signal } = new AbortController();
  return loadMesh(path, loader, { services, signal, report: (problem) => told.push(problem) });
}

function write(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return name;
}

const errorOf = async (work: Promise<unknown>): Promise<EngineError> => {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(EngineError);
  return thrown as EngineError;
};

const SHEETS = [
  rectangle([0.1, 0.1, 0.4, 0.6], { material: 'red' }),
  rectangle([1.1, 0.1, 1.4, 0.6], { material: 'blue', columns: 3 }),
];

const summary = (mesh: Mesh): object => ({
  vertices: mesh.positions.length / 3,
  faces: mesh.faces.length / 3,
  polygons: mesh.polygons.at(-1)! + 1,
  sets: mesh.uvSets.map(({ name, has }) => [name, has.reduce((sum, one) => sum + one, 0)]),
  materials: mesh.materials,
  objects: mesh.objects.length,
  normals: mesh.normals !== undefined,
});

const CORPUS = new URL('../../../shared/corpus/mesh/', import.meta.url);
const corpus = (() => {
  try {
    return readdirSync(CORPUS).filter((name) => /\.(fbx|obj|glb)$/.test(name));
  } catch {
    return undefined;
  }
})();

/** Counts as other programs tell them of the models. */
const EXPECTED: Readonly<Record<string, object>> = {
  'BoxTextured.glb': {
    vertices: 8,
    faces: 12,
    polygons: 12,
    sets: [['TEXCOORD_0', 12]],
    materials: ['Texture'],
    objects: 1,
    normals: true,
  },
  'box.fbx': { vertices: 8, faces: 12, polygons: 12, sets: [], materials: ['Material_50'], objects: 1, normals: true },
  'cubes_with_mirroring_and_pivot.fbx': {
    vertices: 220,
    faces: 420,
    polygons: 210,
    sets: [['map1', 420]],
    materials: ['Mat_Green', 'Mat_Red'],
    objects: 4,
    normals: true,
  },
  'phong_cube.fbx': {
    vertices: 8,
    faces: 12,
    polygons: 6,
    sets: [['map1', 12]],
    materials: ['phong1'],
    objects: 1,
    normals: true,
  },
  'spider.fbx': {
    vertices: 734,
    faces: 1368,
    polygons: 1368,
    sets: [['UVMap', 1368]],
    materials: ['BeinTex', 'Skin', 'Augentex', 'HLeibTex'],
    objects: 19,
    normals: true,
  },
  'spider.obj': {
    vertices: 734,
    faces: 1368,
    polygons: 1368,
    sets: [['uv', 1368]],
    materials: ['HLeibTex', 'Skin', 'BeinTex', 'Augentex'],
    objects: 19,
    normals: true,
  },
};

describe.skipIf(corpus === undefined && process.env['CI'] !== 'true')('the meshes of the corpus', () => {
  test('are all read, with the counts that they have', async () => {
    const found: Record<string, object> = {};
    for (const name of corpus!) found[name] = summary(await load(fileURLToPath(new URL(name, CORPUS))));
    expect(found).toEqual(EXPECTED);
    expect(Object.keys(found).length).toBe(6);
  });

  test('end in a clear error wherever they are cut off', async () => {
    let refused = 0;
    for (const name of corpus!) {
      const bytes = readFileSync(new URL(name, CORPUS));
      for (const part of [0, 0.001, 0.2, 0.5, 0.8, 0.95]) {
        // A cut in an OBJ file may fall between two lines, where nobody can tell.
        const cut = Math.floor(bytes.length * part);
        const mesh = load(write(`cut-${name}`, bytes.subarray(0, cut)));
        if (name.endsWith('.obj') && cut > 0) {
          await mesh.catch((thrown) => expect((thrown as EngineError).code).toMatch(/^mesh-/));
          continue;
        }
        expect((await errorOf(mesh)).code, `${name} at ${part}`).toMatch(/^mesh-(truncated|format|invalid)$/);
        refused += 1;
      }
    }
    expect(refused).toBe(5 * 6 + 1);
  });

  test('damaged in single bytes they give a mesh or a clear error', async () => {
    let [random, tried] = [12345, 0];
    const next = (below: number): number => {
      random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
      return random % below;
    };
    for (const name of corpus!.filter((one) => !one.startsWith('spider'))) {
      const bytes = readFileSync(new URL(name, CORPUS));
      for (let i = 0; i < 12; i++) {
        const damaged = Uint8Array.from(bytes);
        for (let k = 0; k < 4; k++) damaged[next(damaged.length)] = next(256);
        const code = await load(write(`damaged-${name}`, damaged)).then(
          () => 'mesh-read',
          (thrown) => (thrown as EngineError).code,
        );
        expect(code, name).toMatch(/^mesh-/);
        tried += 1;
      }
    }
    expect(tried).toBe(48);
  }, 60_000);
});

describe('meshes by formula', () => {
  test('OBJ: numbers may begin with their point, and comments may follow them', async () => {
    const text = ['v .5 0 0', 'v +.25 .125 -.5', 'v 1 .75 0 # .5', 'vt .5 .25', 'vt 0 .5', 'vt 1 1', 'f 1/1 2/2 3/3'];
    const mesh = await load(write('points.obj', Buffer.from(`${text.join('\n')}\n`)));
    expect([...mesh.positions]).toEqual([0.5, 0, 0, 0.25, 0.125, -0.5, 1, 0.75, 0]);
    expect([...mesh.uvSets[0]!.coordinates]).toEqual([0.5, 0.25, 0, 0.5, 1, 1]);
  });

  test('OBJ: quads, two materials, two objects', async () => {
    const mesh = await load(write('two.obj', objOf(SHEETS)));
    expect(summary(mesh)).toEqual({
      vertices: 9 + 12,
      faces: 20,
      polygons: 10,
      sets: [['uv', 20]],
      materials: ['red', 'blue'],
      objects: 2,
      normals: false,
    });
    expect([...mesh.polygons]).toEqual(Array.from({ length: 20 }, (_, i) => Math.floor(i / 2)));
    expect([...mesh.faceMaterials]).toEqual([...Array(8).fill(0), ...Array(12).fill(1)]);
    expect(mesh.space).toEqual({ stated: 'OBJ says nothing of units or axes' });
  });

  test('FBX, binary and ASCII: two UV sets by name, two materials, units and axes; both the same', async () => {
    const tree = fbxTree(SHEETS, { sets: ['skin', 'light'] });
    const [binary, text] = [await load(write('b.fbx', fbxBinary(tree))), await load(write('t.fbx', fbxText(tree)))];
    const { source, ...wide } = await load(write('w.fbx', fbxBinary(tree, 7500)));
    expect([binary.source.format, source.format]).toEqual(['FBX 7.4, binary', 'FBX 7.5, binary']);
    expect({ ...wide, source: 0 }).toEqual({ ...binary, source: 0 });
    expect(text.source.format).toBe('FBX 7.4, ASCII');
    for (const mesh of [binary, text]) {
      expect(summary(mesh)).toMatchObject({ vertices: 21, faces: 20, polygons: 10, materials: ['red', 'blue'] });
      expect(mesh.space).toEqual({ millimetres: 25.4, up: 'z', stated: 'FBX: up is z, a unit is 2.54 cm' });
      const [skin, light] = mesh.uvSets;
      expect([skin!.name, light!.name]).toEqual(['skin', 'light']);
      for (const [i, value] of skin!.coordinates.entries()) expect(light!.coordinates[i]).toBeCloseTo(1 - value, 6);
    }
    expect({ ...text, source: 0 }).toEqual({ ...binary, source: 0 });
  });

  test('FBX with a picture in it: assimp, which takes bytes one by one, is not given that', async () => {
    const tree = fbxTree(SHEETS);
    const plain = await load(write('plain.fbx', fbxBinary(tree)));
    // A list of doubles stands for the picture.
    const noise = Float64Array.from({ length: 20_000 }, (_, i) => Math.sin(i) * 1e9);
    const [name, values, objects] = tree[2]!;
    const video: FbxTree = [
      'Video',
      [4000n, 'Video::skin', 'Clip'],
      [
        ['Type', ['Clip']],
        ['Content', [noise]],
        ['Filename', ['skin.png']],
      ],
    ];
    const pictured = [tree[0]!, tree[1]!, [name, values, [video, ...objects!, video]] as FbxTree, tree[3]!];
    for (const version of [7400, 7500] as const) {
      const bytes = fbxBinary(pictured, version);
      const lean = withoutPictures(bytes)!;
      expect(bytes.length - lean.length).toBeGreaterThan(250_000);
      expect(withoutPictures(lean)).toBeUndefined();
      const names = ({ nodes }: FbxFile): string[] =>
        nodes.flatMap((node) => [node.name, ...names({ nodes: node.children } as FbxFile)]);
      expect(names(readBinaryFbx('lean', lean))).toEqual(
        names(readBinaryFbx('whole', bytes)).filter((one) => one !== 'Content'),
      );
      const { source, ...mesh } = await load(write('picture.fbx', bytes));
      expect(source.file).toBe('picture.fbx');
      const { source: _, ...expected } = plain;
      expect(mesh).toEqual(expected);
    }
  });

  test('glTF and GLB, with the buffer inside and beside: sets, scale of the node, exact coordinates', async () => {
    const beside = gltfOf(SHEETS, 'sheets%20of%202.bin');
    write('sheets of 2.bin', beside.binary);
    const names = [
      write('in.gltf', gltfOf(SHEETS).json),
      write('beside.gltf', beside.json),
      write('all.glb', glbOf(SHEETS)),
    ];
    const meshes = await Promise.all(names.map((name) => load(name)));
    for (const mesh of meshes) {
      expect(summary(mesh)).toMatchObject({ faces: 20, materials: ['red', 'blue'] });
      expect(mesh.uvSets.map(({ name }) => name)).toEqual(['TEXCOORD_0', 'TEXCOORD_1']);
      expect(Math.max(...mesh.positions)).toBe(6);
      expect(mesh.uvSets[0]!.coordinates[0]).toBeCloseTo(0.1, 6);
      expect(mesh.uvSets[0]!.coordinates[1]).toBeCloseTo(0.1, 6);
    }
    const services = new FileServices({ folder });
    expect(meshFiles(services, 'beside.gltf')).toEqual([join(folder, 'beside.gltf'), join(folder, 'sheets of 2.bin')]);
  });

  test('corners at the same place are one vertex of an object, and not of two', async () => {
    const same = { at: (s: number, t: number) => [s, t, 0] as const };
    const apart = await load(write('apart.obj', objOf([rectangle([0, 0, 1, 1], same), rectangle([0, 0, 1, 1], same)])));
    expect(apart.positions.length / 3).toBe(18);
    const joined = objOf([rectangle([0, 0, 1, 1], same), rectangle([0, 0, 1, 1], same)], { joined: true });
    expect((await load(write('joined.obj', joined))).positions.length / 3).toBe(9);
  });
});

/** Whether Blender is on this machine decides nothing below. */
const withPath = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
  const before = process.env['PATH'];
  process.env['PATH'] = path;
  try {
    return await work();
  } finally {
    process.env['PATH'] = before;
  }
};

describe('what is wrong is told', () => {
  const nan = (value: number, i: number): number => (i === 5 ? NaN : value);
  const cases: readonly (readonly [string, string | Uint8Array, string, RegExp])[] = [
    [
      'nan.obj',
      objOf(SHEETS).replace('vt 0.1 0.1', 'vt nan 0.1'),
      'mesh-uvs',
      /line 11: expected numbers of a texture/,
    ],
    ['nanv.obj', objOf(SHEETS).replace('v 0 0 0', 'v 0 0 inf'), 'mesh-invalid', /numbers of a vertex/],
    ['range.obj', `${objOf(SHEETS)}f 1/1 2/2 99/3\n`, 'mesh-invalid', /one of 21 of kind vertex, found 99/],
    ['uvrange.obj', `${objOf(SHEETS)}f 1/1 2/2 3/99\n`, 'mesh-invalid', /of kind texture coordinate/],
    ['nan.fbx', fbxBinary(fbxTree(SHEETS, { uv: nan })), 'mesh-uvs', /UV set map1.*found NaN at place 5/],
    ['nant.fbx', fbxText(fbxTree(SHEETS, { uv: nan })), 'mesh-uvs', /UV set map1.*found NaN at place 5/],
    [
      'material.fbx',
      fbxBinary(fbxTree(SHEETS, { materialOf: (index) => index + 1 })),
      'mesh-inconsistent',
      /material indices below 2, found 2.*Blender/,
    ],
    [
      'sets.fbx',
      fbxBinary(fbxTree(SHEETS, { sets: Array.from({ length: 9 }, (_, i) => `set${i}`) })),
      'mesh-inconsistent',
      /8 UV sets of sheets in place of 9.*Blender/,
    ],
    ['empty.fbx', '', 'mesh-truncated', /empty file/],
    ['words.fbx', 'this is no mesh', 'mesh-format', /FBX file/],
    ['words.gltf', '{"hello":1}', 'mesh-format', /no asset/],
    ['buffer.gltf', gltfOf(SHEETS).json.replace(/base64,.{40}/, 'base64,'), 'mesh-truncated', /bytes in a buffer/],
    ['count.gltf', gltfOf(SHEETS).json.replace(/"count":9/, '"count":900000'), 'mesh-invalid', /900000 elements/],
    ['null.gltf', '{"asset":{"version":"2.0"},"buffers":[null],"meshes":[null]}', 'mesh-invalid', /sound document/],
    ['shape.gltf', '{"asset":{},"meshes":[{"primitives":[{"attributes":7}]}]}', 'mesh-format', /assimp/],
    ['none.obj', 'v 0 0 0\nv 1 0 0\nv 1 1 0\n', 'mesh-invalid', /found none/],
    ['sheet.usd', 'x', 'mesh-format', /ends with .fbx, .obj/],
  ];
  test.each(cases)('%s', async (name, content, code, message) => {
    const error = await withPath('', () => errorOf(load(write(name, content))));
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
    expect(error.where.file).toBe(join(folder, name));
  });

  test('glTF with a coordinate that is no number', async () => {
    const { json, binary } = gltfOf(SHEETS, 'bad.bin');
    new Float32Array(binary.buffer, binary.byteOffset, binary.length / 4)[27 + 3] = NaN;
    write('bad.bin', binary);
    expect((await errorOf(load(write('bad.gltf', json)))).code).toBe('mesh-uvs');
  });

  test('paths outside of the roots, also of a buffer; what is not there; a folder', async () => {
    const roots = [join(folder, 'inner')];
    mkdirSync(roots[0]!);
    write('outer.obj', objOf(SHEETS));
    write('inner/way.gltf', gltfOf(SHEETS, '../sheets%20of%202.bin').json);
    expect((await errorOf(load('outer.obj', 'auto', roots))).code).toBe('outside-roots');
    expect((await errorOf(load('inner/way.gltf', 'auto', roots))).code).toBe('outside-roots');
    expect((await errorOf(load('nothing.fbx'))).code).toBe('file-not-found');
    mkdirSync(join(folder, 'folder.fbx'));
    expect((await errorOf(load('folder.fbx'))).code).toBe('file-not-regular');
    write('lost.gltf', gltfOf(SHEETS, 'lost.bin').json);
    expect((await errorOf(load('lost.gltf'))).code).toBe('file-not-found');
  });

  test('it stops when it is cancelled', async () => {
    write('cancel.obj', objOf(SHEETS));
    const services = new FileServices({ folder });
    const controller = new AbortController();
    const work = loadMesh('cancel.obj', 'auto', { services, signal: controller.signal, report: () => {} });
    controller.abort();
    expect((await errorOf(work)).code).toBe('cancelled');
  });
});

describe('Blender', () => {
  /** Stands for Blender: writes what the script would, a triangle with the UV set `skin`. */
  const STAND_IN = `#!${process.execPath}
const [source, made] = process.argv.slice(process.argv.indexOf('--') + 1);
if (source.includes('refuse')) { console.error('it will not'); process.exit(1); }
const header = Buffer.from(JSON.stringify({ materials: ['m'], pieces: [{ object: 0, name: 'o', material: 0, triangles: 1, uvs: ['skin'] }] }));
const floats = (...n) => Buffer.from(Float32Array.from(n).buffer);
require('node:fs').writeFileSync(made, Buffer.concat([Buffer.from(Uint32Array.of(header.length).buffer), header,
  floats(0, 0, 0, 1, 0, 0, 1, 1, 0), floats(0, 0, 1, 0, 0, 1, 0, 0, 1), Buffer.from(Uint32Array.of(0).buffer), floats(0, 0, 1, 0, 1, 1)]));
`;
  test('where it is not on the machine that is said', async () => {
    write('any.fbx', fbxBinary(fbxTree(SHEETS)));
    const error = await withPath('', () => errorOf(load('any.fbx', 'blender')));
    expect([error.code, error.message]).toEqual(['mesh-loader', expect.stringMatching(/Blender on the PATH/)]);
  });

  test.skipIf(process.platform === 'win32')('reads in place of assimp, where that is asked for or needed', async () => {
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin', 'blender'), STAND_IN, { mode: 0o755 });
    write('refuse.fbx', fbxBinary(fbxTree(SHEETS)));
    await withPath(join(folder, 'bin'), async () => {
      const mesh = await load('any.fbx', 'blender');
      expect(mesh.source).toEqual({ file: 'any.fbx', format: 'FBX', loader: 'blender' });
      expect(mesh.space.up).toBe('z');
      expect(mesh.uvSets[0]!.name).toBe('skin');
      told.length = 0;
      expect((await load('material.fbx')).source.loader).toBe('blender');
      expect(told.map(({ severity, code }) => [severity, code])).toEqual([['warning', 'mesh-inconsistent']]);
      const kept = await errorOf(load('material.fbx', 'assimp'));
      expect([kept.code, kept.message]).toEqual(['mesh-inconsistent', expect.stringMatching(/loader blender/)]);
      write('refuse-indices.fbx', fbxBinary(fbxTree(SHEETS, { materialOf: (index) => index + 1 })));
      const neither = await errorOf(load('refuse-indices.fbx'));
      const both = /found 2\. Export the mesh anew\. Blender does not read it either: .*it will not\./;
      expect([neither.code, neither.message]).toEqual(['mesh-inconsistent', expect.stringMatching(both)]);
      const text = await errorOf(load(write('text.fbx', fbxText(fbxTree(SHEETS))), 'blender'));
      expect([text.code, text.message]).toEqual(['mesh-loader', expect.stringMatching(/a binary FBX file.*binary\./)]);
      expect((await errorOf(load('gone.fbx', 'blender'))).code).toBe('file-not-found');
      const refused = await errorOf(load('refuse.fbx', 'blender'));
      expect([refused.code, refused.message]).toEqual(['mesh-loader', expect.stringMatching(/it will not/)]);
    });
  });
});
