// Read mesh on files that are cut off, contradict themselves or are meant to do harm: one clear error each, quickly and in
// little memory; and on what assimp alone would misread in silence.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EngineError, type Mesh, type NodeProblem } from '../../engine/authoring.ts';
import { FileServices } from '../../engine/run/services.ts';
import { loadMesh } from '../../nodes/mesh/read/load.ts';
import { HERO } from '../bake/hero.ts';
import { modelTree } from '../bake/model.ts';
import { random } from '../base/random.ts';
import { never } from '../run/graph.ts';
import { fbxBinary, fbxText, glbOf, gltfOf, objOf, rectangle } from './sheets.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-wrong-'));
afterAll(() => rmSync(folder, { recursive: true }));

// Whether Blender is on this machine decides nothing here.
const path = process.env['PATH'];
beforeAll(() => {
  process.env['PATH'] = '';
});
afterAll(() => {
  process.env['PATH'] = path;
});

const told: NodeProblem[] = [];

function load(name: string, content: string | Uint8Array): Promise<Mesh> {
  writeFileSync(join(folder, name), content);
  told.length = 0;
  const services = new FileServices({ folder });
  return loadMesh(name, 'auto', { services, signal: never, report: (problem) => told.push(problem) });
}

/** `code message` of the error, or `read`. */
const outcome = (name: string, content: string | Uint8Array): Promise<string> =>
  load(name, content).then(
    () => 'read',
    (thrown: unknown) => {
      expect(thrown).toBeInstanceOf(EngineError);
      const { code, message, where } = thrown as EngineError;
      expect([message.includes(name), where.file], message).toEqual([true, join(folder, name)]);
      return `${code} ${message}`;
    },
  );

const SHEETS = [
  rectangle([0.1, 0.1, 0.4, 0.6], { material: 'red' }),
  rectangle([0.5, 0.1, 0.9, 0.6], { material: 'blue' }),
];
const OBJ = objOf(SHEETS);
const TREE = modelTree(HERO);
const [BINARY, TEXT] = [fbxBinary(TREE), fbxText(TREE)];
const GLB = glbOf(SHEETS);

/** The greatest memory of the process so far, in MiB. */
const peak = (): number => process.resourceUsage().maxRSS / 1024;

describe('files that are cut off', () => {
  /** So many places, at random but the same on every run, and the last ones. */
  const places = (length: number): number[] => {
    const from = random(41);
    return [...Array.from({ length: 150 }, () => from.int(0, length - 1)), length - 1, length - 2];
  };

  test('FBX, binary: up to the record that ends it', async () => {
    // What follows it is for nobody.
    const end = BINARY.length - 160;
    let refused = 0;
    for (const cut of places(end)) {
      expect(await outcome('cut.fbx', BINARY.subarray(0, cut)), `${cut}`).toMatch(/^mesh-(truncated|format) /);
      refused += 1;
    }
    expect(refused).toBe(152);
  });

  test('FBX, ASCII', async () => {
    let refused = 0;
    // A line that ends without its end of line is whole.
    for (const cut of places(TEXT.trimEnd().length)) {
      expect(await outcome('cut.fbx', TEXT.slice(0, cut)), `${cut}`).toMatch(/^mesh-(truncated|format|invalid) /);
      refused += 1;
    }
    expect(refused).toBe(152);
  });

  test('GLB', async () => {
    let refused = 0;
    for (const cut of places(GLB.length)) {
      expect(await outcome('cut.glb', GLB.subarray(0, cut)), `${cut}`).toMatch(/^mesh-(truncated|format) /);
      refused += 1;
    }
    expect(refused).toBe(152);
  });

  test('OBJ, where a face or a number is not whole any more', async () => {
    let [refused, read] = [0, 0];
    for (const cut of places(OBJ.length).slice(-42)) {
      // Between lines nobody can tell.
      const found = await outcome('cut.obj', OBJ.slice(0, cut));
      expect(found, `${cut}`).toMatch(/^(read$|mesh-(truncated|invalid|uvs|format) )/);
      if (found === 'read') read += 1;
      else refused += 1;
    }
    expect([refused, read]).toEqual([29, 13]);
  });
});

/** What of a glTF document is changed here. */
interface Draft {
  accessors: Record<string, unknown>[];
  bufferViews: Record<string, unknown>[];
  buffers: { uri?: string; byteLength: number }[];
  meshes: { primitives: { attributes: Record<string, number> }[] }[];
  nodes: object[];
  extensionsRequired?: string[];
}

/** A glTF with something changed. */
const gltf = (change: (document: Draft) => void): string => {
  const document = JSON.parse(gltfOf(SHEETS).json) as Draft;
  change(document);
  return JSON.stringify(document);
};
const glb = (at: number, value: number): Buffer => {
  const bytes = Buffer.from(GLB);
  bytes.writeUInt32LE(value, at);
  return bytes;
};
/** A number beside the name of a record: 1 is the length of its list, 5 how it is packed, 9 how many bytes it takes. */
const fbx = (name: string, beside: number, value: number): Buffer => {
  const bytes = Buffer.from(BINARY);
  bytes.writeUInt32LE(value, bytes.indexOf(name) + name.length + beside);
  return bytes;
};
const BIN = 20 + GLB.readUInt32LE(12);

describe('files that contradict themselves, or claim what no memory holds', () => {
  const before = peak();
  const cases: readonly (readonly [string, string, string | Uint8Array, RegExp])[] = [
    ['empty.obj', 'nothing', '', /^mesh-truncated .*an empty file/],
    ['zeros.obj', 'zeros', '\0'.repeat(1000), /^mesh-invalid .*found none/],
    ['a.obj', 'index 0', `${OBJ}f 0/1 1/1 2/2\n`, /^mesh-invalid .*line 49.*found 0\/1/],
    ['b.obj', 'index before the first', `${OBJ}f -99/-1 -2/-2 -3/-3\n`, /^mesh-invalid .*found -99/],
    ['c.obj', 'index of texture before the first', `${OBJ}f -1/-99 -2/-2 -3/-3\n`, /^mesh-invalid .*found -1\/-99/],
    ['d.obj', 'index and a half', `${OBJ}f 1.5 2 3\n`, /^mesh-invalid .*found 1\.5/],
    ['e.obj', 'words', `${OBJ}f a b c\n`, /^mesh-invalid .*found a/],
    ['f.obj', 'huge index', `${OBJ}f 99999999999999999999 2 3\n`, /^mesh-invalid .*found 9999/],
    ['g.obj', 'two corners', `${OBJ}f 1 2\n`, /^mesh-invalid .*three corners of a face or more, found 2/],
    ['h.obj', 'no corner', `${OBJ}f\n`, /^mesh-invalid .*found 0/],
    ['i.obj', 'infinite UV', OBJ.replace('vt 0.1', 'vt inf'), /^mesh-uvs .*found "inf"/],
    ['j.obj', 'UV beyond single precision', OBJ.replace('vt 0.1', 'vt 1e39'), /^mesh-uvs .*found "1e39"/],
    ['k.obj', 'vertex beyond it', OBJ.replace('v 0 0', 'v 1e39 0'), /^mesh-invalid .*found "1e39"/],
    ['l.obj', 'hexadecimal', OBJ.replace('v 0 0', 'v 0x10 0'), /^mesh-invalid .*found "0x10"/],
    ['words.fbx', 'a text', 'Dear all,\nhere is the mesh.\n', /^mesh-format .*an FBX file, binary or ASCII/],
    ['m.fbx', 'list of 2^32', fbx('Vertices', 1, 0xffffffff), /^mesh-invalid .*larger than its bytes/],
    ['n.fbx', 'list of 2^28', fbx('Vertices', 1, 2 ** 28), /^mesh-invalid .*larger than its bytes/],
    ['o.fbx', 'unknown packing', fbx('Vertices', 5, 7), /^mesh-invalid .*longer than its record/],
    ['p.fbx', 'packed beyond its record', fbx('Vertices', 9, 0xffffffff), /^mesh-invalid .*longer than its record/],
    ['q.fbx', 'list one too long', fbx('Vertices', 1, 451), /^mesh-invalid .*cannot be unpacked/],
    [
      'r.fbx',
      'ASCII list of 1e9',
      TEXT.replace(/Vertices: \*\d+/, 'Vertices: *1000000000'),
      /^mesh-invalid .*found 450/,
    ],
    ['s.fbx', 'ASCII list of 3', TEXT.replace(/Vertices: \*\d+/, 'Vertices: *3'), /^mesh-invalid .*expected 3 numbers/],
    ['t.fbx', 'infinite UV', TEXT.replace(/(UV: \*\d+ \{\s*a: )[^,]*/, '$1inf'), /^mesh-uvs .*UV set map1/],
    ['u.fbx', 'UV beyond single precision', TEXT.replace(/(UV: \*\d+ \{\s*a: )[^,]*/, '$11e39'), /^mesh-uvs .*1e\+39/],
    ['v.fbx', 'UV index', TEXT.replace(/(UVIndex: \*\d+ \{\s*a: )0/, '$1500'), /^mesh-invalid .*UV set map1 below 150/],
    ['w.fbx', 'material', TEXT.replace(/(Materials: \*\d+ \{\s*a: )0/, '$15'), /^mesh-inconsistent .*below 2, found 5/],
    [
      'x.fbx',
      'vertex',
      TEXT.replace(/(PolygonVertexIndex: \*\d+ \{\s*a: )0/, '$1999'),
      /^mesh-invalid .*999 at corner 0/,
    ],
    ['a.glb', 'longer than it is', glb(8, GLB.length + 100), /^mesh-truncated .*found the end .* after 2088/],
    ['b.glb', 'shorter than its chunks', glb(8, GLB.length - 100), /^mesh-truncated .*a chunk that ends at byte 2088/],
    ['c.glb', 'nothing but a head', glb(8, 12), /^mesh-format .*JSON chunk/],
    ['d.glb', 'endless JSON', glb(12, 0xffffffff), /^mesh-truncated .*a chunk that ends/],
    ['e.glb', 'no JSON', glb(12, 0), /^mesh-(truncated|format) /],
    ['f.glb', 'endless numbers', glb(BIN, 0xfffffff0), /^mesh-truncated .*a chunk that ends/],
    ['g.glb', 'few numbers', glb(BIN, 8), /^mesh-truncated /],
    ['h.glb', 'unknown version', glb(4, 99), /^mesh-format /],
    [
      'a.gltf',
      'stride 0',
      gltf((d) => Object.assign(d.bufferViews[0]!, { byteStride: 0 })),
      /^mesh-invalid .*9 elements/,
    ],
    ['b.gltf', 'stride -12', gltf((d) => Object.assign(d.bufferViews[0]!, { byteStride: -12 })), /^mesh-invalid /],
    ['c.gltf', 'offset -100', gltf((d) => Object.assign(d.accessors[0]!, { byteOffset: -100 })), /^mesh-invalid /],
    [
      'd.gltf',
      '2.5 elements',
      gltf((d) => Object.assign(d.accessors[0]!, { count: 2.5 })),
      /^mesh-invalid .*2\.5 elements/,
    ],
    [
      'e.gltf',
      'many zeros',
      gltf((d) => {
        delete d.accessors[3]!['bufferView'];
        d.accessors[3]!['count'] = 3e8;
      }),
      /^mesh-invalid .*300000000 elements/,
    ],
    [
      'f.gltf',
      'many replaced',
      gltf((d) => Object.assign(d.accessors[0]!, { sparse: { count: 1e9 } })),
      /^mesh-invalid /,
    ],
    ['g.gltf', 'five corners', gltf((d) => Object.assign(d.accessors[3]!, { count: 5 })), /^mesh-invalid .*5 corners/],
    ['h.gltf', 'huge buffer', gltf((d) => Object.assign(d.buffers[0]!, { byteLength: 1e12 })), /^mesh-truncated /],
    [
      'o.gltf',
      'data that is none',
      gltf((d) => Object.assign(d.buffers[0]!, { uri: 'data:,%E0%A4%A' })),
      /^mesh-invalid /,
    ],
    [
      'i.gltf',
      'material',
      gltf((d) => Object.assign(d.meshes[0]!.primitives[0]!, { material: 9 })),
      /^mesh-inconsistent .*below 2, found 9/,
    ],
    [
      'j.gltf',
      'accessor',
      gltf((d) => Object.assign(d.meshes[0]!.primitives[0]!.attributes, { POSITION: 99 })),
      /^mesh-invalid /,
    ],
    ['k.gltf', 'circle of nodes', gltf((d) => Object.assign(d.nodes[0]!, { children: [0] })), /^mesh-invalid .*node 0/],
    [
      'l.gltf',
      'nodes that double',
      gltf((d) => {
        d.nodes = Array.from({ length: 30 }, (_, i) => (i < 29 ? { children: [i + 1, i + 1] } : { mesh: 0 }));
      }),
      /^mesh-invalid .*node 1 below two/,
    ],
    [
      'm.gltf',
      'nodes too deep',
      gltf((d) => {
        d.nodes = Array.from({ length: 300 }, (_, i) => (i < 299 ? { children: [i + 1] } : { mesh: 0 }));
      }),
      /^mesh-inconsistent .*deeper in each other/,
    ],
    [
      'n.gltf',
      'packed by Draco',
      gltf((d) => {
        d.extensionsRequired = ['KHR_draco_mesh_compression'];
      }),
      /^mesh-inconsistent .*packed by KHR_draco/,
    ],
  ];

  test.each(cases)('%s: %s', async (name, _, content, expected) => {
    expect(await outcome(name, content)).toMatch(expected);
  });

  test('took little memory', () => {
    expect(cases).toHaveLength(50);
    expect(peak() - before).toBeLessThan(300);
  });
});

describe('what assimp alone would misread', () => {
  /** A document with one attribute stored otherwise. */
  const stored = (name: string, kind: number, pack: (numbers: Float32Array) => Uint8Array, more: object = {}): string =>
    gltf((d) => {
      for (const { attributes } of d.meshes[0]!.primitives) {
        const accessor = d.accessors[attributes[name]!]!;
        const view = d.bufferViews[accessor['bufferView'] as number] as { byteOffset: number; byteLength: number };
        const whole = Buffer.from(d.buffers[0]!.uri!.split(',')[1]!, 'base64');
        const numbers = new Float32Array(
          Uint8Array.from(whole.subarray(view.byteOffset, view.byteOffset + view.byteLength)).buffer,
        );
        const packed = pack(numbers);
        const bytes = Buffer.concat([whole, packed]);
        accessor.bufferView =
          d.bufferViews.push({ buffer: 0, byteOffset: whole.length, byteLength: packed.length }) - 1;
        Object.assign(accessor, { componentType: kind }, more);
        d.buffers[0] = { byteLength: bytes.length, uri: `data:;base64,${bytes.toString('base64')}` };
      }
    });
  const bytesOf = (list: Uint16Array | Int16Array | Uint8Array): Uint8Array => new Uint8Array(list.buffer);

  test('glTF with coordinates and places of 8 and 16 bits', async () => {
    const plain = await load('plain.gltf', gltfOf(SHEETS).json);
    const near = (found: Float32Array, expected: Float32Array, most: number): void => {
      expect(found.length).toBe(expected.length);
      let worst = 0;
      for (const [i, value] of found.entries()) worst = Math.max(worst, Math.abs(value - expected[i]!));
      expect(worst).toBeLessThan(most);
    };
    const short = stored('TEXCOORD_0', 5123, (n) => bytesOf(Uint16Array.from(n, (v) => Math.round(v * 65_535))), {
      normalized: true,
    });
    near((await load('short.gltf', short)).uvSets[0]!.coordinates, plain.uvSets[0]!.coordinates, 1e-5);
    const small = stored('TEXCOORD_1', 5121, (n) => bytesOf(Uint8Array.from(n, (v) => Math.round(v * 255))), {
      normalized: true,
    });
    near((await load('small.gltf', small)).uvSets[1]!.coordinates, plain.uvSets[1]!.coordinates, 1 / 500);
    const places = stored('POSITION', 5122, (n) => bytesOf(Int16Array.from(n, (v) => v * 2)));
    near(
      (await load('places.gltf', places)).positions,
      plain.positions.map((value) => value * 2),
      1e-6,
    );
  });

  test('OBJ with indices that count back from the last', async () => {
    const mesh = await load('back.obj', `${OBJ}f -9/-9 -8/-8 -5/-5\n`);
    expect(mesh.faces.length / 3).toBe(17);
    expect([...mesh.uvSets[0]!.coordinates.slice(-6)].map((value) => value.toFixed(2))).toEqual([
      ...['0.50', '0.10', '0.70', '0.10', '0.70', '0.35'],
    ]);
  });

  test('OBJ of which it leaves triangles out, as it cannot cut a polygon into them', async () => {
    const crossing = [0, 1, 2, 0, 1, 2, 1, 0].map((x, i) => `v ${x} ${(i * 5) % 3} 0\n`).join('');
    const mesh = await load('lost.obj', `${OBJ}${crossing}f -8 -7 -6 -5 -4 -3 -2 -1\n`);
    const faces = mesh.faces.length / 3;
    expect([faces, told]).toEqual([
      faces,
      [
        {
          severity: 'warning',
          code: 'mesh-inconsistent',
          message: expect.stringContaining(`lost.obj: assimp gives ${faces} of 22 triangles`),
        },
      ],
    ]);
    expect(faces).toBeLessThan(22);
  });
});
