// Meshes by formula for tests: sheets of quads with the UVs that they lie at, written as OBJ, glTF and FBX.
import { deflateSync } from 'node:zlib';

/** A grid of quads. `uv` and `at` take s and t from 0 to 1; the surface must not fold onto itself. */
export interface Sheet {
  readonly columns: number;
  readonly rows: number;
  uv(s: number, t: number): readonly [number, number];
  /** Where it lies in space; flat in x and y where left out. */
  at?(s: number, t: number): readonly [number, number, number];
  /** Leaves quads out. */
  hole?(column: number, row: number): boolean;
  readonly material?: string;
}

/** A rectangle of the texture, as a sheet; with `turn` -1 it runs from right to left. */
export const rectangle = (
  [u0, v0, u1, v1]: readonly [number, number, number, number],
  more: Partial<Sheet> & { readonly mirrored?: 'u' | 'v' } = {},
): Sheet => ({
  columns: 2,
  rows: 2,
  uv: (s, t) => [
    u0 + (u1 - u0) * (more.mirrored === 'u' ? 1 - s : s),
    v0 + (v1 - v0) * (more.mirrored === 'v' ? 1 - t : t),
  ],
  ...more,
});

/** What a sheet is made of, indices from 0. */
export interface Unfolded {
  readonly material: string;
  readonly places: readonly (readonly [number, number, number])[];
  readonly uvs: readonly (readonly [number, number])[];
  /** Quads, corners anticlockwise; the same index for place and UV. */
  readonly quads: readonly (readonly [number, number, number, number])[];
}

/** Sheets as they are, each a unit to the right of the one before it. */
export const unfold = (sheets: readonly Sheet[]): Unfolded[] =>
  sheets.map(({ columns, rows, uv, at, hole, material }, index) => {
    const steps = Array.from({ length: (columns + 1) * (rows + 1) }, (_, i) => [
      (i % (columns + 1)) / columns,
      Math.floor(i / (columns + 1)) / rows,
    ]) as [number, number][];
    const quads: [number, number, number, number][] = [];
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        if (hole?.(column, row)) continue;
        const first = row * (columns + 1) + column;
        quads.push([first, first + 1, first + columns + 2, first + columns + 1]);
      }
    }
    return {
      material: material ?? 'grey',
      places: steps.map(([s, t]) => at?.(s, t) ?? [s + index * 2, t, 0]),
      uvs: steps.map(([s, t]) => uv(s, t)),
      quads,
    };
  });

/** OBJ of quads; each sheet an object of its own unless `joined`. */
export function objOf(sheets: readonly Sheet[], options: { readonly joined?: boolean } = {}): string {
  const lines: string[] = [];
  let first = 1;
  for (const [i, { material, places, uvs, quads }] of unfold(sheets).entries()) {
    if (!options.joined || i === 0) lines.push(`o sheet${i}`);
    lines.push(...places.map((place) => `v ${place.join(' ')}`), ...uvs.map((uv) => `vt ${uv.join(' ')}`));
    lines.push(`usemtl ${material}`);
    lines.push(...quads.map((quad) => `f ${quad.map((k) => `${k + first}/${k + first}`).join(' ')}`));
    first += places.length;
  }
  return `${lines.join('\n')}\n`;
}

/** glTF with its buffer inside: triangles, the UVs of the sheets in TEXCOORD_0 and their mirror images in TEXCOORD_1. */
export function gltfOf(sheets: readonly Sheet[], uri?: string): { readonly json: string; readonly binary: Buffer } {
  const blocks: Buffer[] = [];
  const views: object[] = [];
  const accessors: object[] = [];
  let length = 0;
  const add = (numbers: Float32Array | Uint32Array, type: string, width: number): number => {
    const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    views.push({ buffer: 0, byteOffset: length, byteLength: bytes.length });
    const bounds =
      type === 'VEC3'
        ? [0, 1, 2].map((k) => Array.from({ length: numbers.length / 3 }, (_, i) => numbers[i * 3 + k]!))
        : undefined;
    accessors.push({
      bufferView: views.length - 1,
      componentType: numbers instanceof Float32Array ? 5126 : 5125,
      count: numbers.length / width,
      type,
      ...(bounds ? { min: bounds.map((b) => Math.min(...b)), max: bounds.map((b) => Math.max(...b)) } : {}),
    });
    blocks.push(bytes);
    length += bytes.length;
    return accessors.length - 1;
  };
  const unfolded = unfold(sheets);
  const materials = [...new Set(unfolded.map(({ material }) => material))];
  const primitives = unfolded.map(({ material, places, uvs, quads }) => ({
    attributes: {
      POSITION: add(Float32Array.from(places.flat()), 'VEC3', 3),
      // glTF counts v downwards.
      TEXCOORD_0: add(Float32Array.from(uvs.flatMap(([u, v]) => [u, 1 - v])), 'VEC2', 2),
      TEXCOORD_1: add(Float32Array.from(uvs.flatMap(([u, v]) => [1 - u, 1 - v])), 'VEC2', 2),
    },
    indices: add(Uint32Array.from(quads.flatMap(([a, b, c, d]) => [a, b, c, a, c, d])), 'SCALAR', 1),
    material: materials.indexOf(material),
  }));
  const binary = Buffer.concat(blocks);
  const json = JSON.stringify({
    asset: { version: '2.0' },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ name: 'sheets', mesh: 0, scale: [2, 2, 2] }],
    meshes: [{ name: 'sheets', primitives }],
    materials: materials.map((name) => ({ name })),
    accessors,
    bufferViews: views,
    buffers: [
      { byteLength: binary.length, uri: uri ?? `data:application/octet-stream;base64,${binary.toString('base64')}` },
    ],
  });
  return { json, binary };
}

/** GLB of the same. */
export function glbOf(sheets: readonly Sheet[]): Buffer {
  const { json, binary } = gltfOf(sheets);
  const document = JSON.parse(json) as { buffers: { uri?: string }[] };
  delete document.buffers[0]!.uri;
  const text = Buffer.from(JSON.stringify(document));
  const padded = Buffer.concat([text, Buffer.alloc(-text.length & 3, 0x20)]);
  const head = (...numbers: number[]): Buffer => Buffer.from(Uint32Array.from(numbers).buffer);
  return Buffer.concat([
    head(0x46546c67, 2, 28 + padded.length + binary.length, padded.length, 0x4e4f534a),
    padded,
    head(binary.length, 0x004e4942),
    binary,
  ]);
}

/** Whole numbers are ints where `double` does not say otherwise; lists of numbers are ints, those of an array doubles. */
export type FbxTreeValue = string | number | { readonly double: number } | bigint | readonly number[] | Float64Array;
/** A record of an FBX file. */
export type FbxTree = readonly [name: string, values: readonly FbxTreeValue[], children?: readonly FbxTree[]];

/** What an FBX file begins with: its version, and axes and units as settings. */
export const fbxHead = (settings: readonly FbxTree[]): FbxTree[] => [
  [
    'FBXHeaderExtension',
    [],
    [
      ['FBXHeaderVersion', [1003]],
      ['FBXVersion', [7400]],
    ],
  ],
  [
    'GlobalSettings',
    [],
    [
      ['Version', [1000]],
      ['Properties70', [], settings],
    ],
  ],
];

/** One geometry of all sheets, with a UV set for each name: the first as the sheets have it, the others turned around. */
export function fbxTree(
  sheets: readonly Sheet[],
  options: {
    readonly sets?: readonly string[];
    readonly materialOf?: (index: number) => number;
    readonly uv?: (value: number, i: number) => number;
  } = {},
): FbxTree[] {
  const unfolded = unfold(sheets);
  const firsts = unfolded.map((_, i) => unfolded.slice(0, i).reduce((sum, { places }) => sum + places.length, 0));
  const quads = unfolded.flatMap(({ quads: own }, i) => own.map((quad) => quad.map((k) => k + firsts[i]!)));
  const names = [...new Set(unfolded.map(({ material }) => material))];
  const materials = unfolded.flatMap(({ material, quads: own }) => own.map(() => names.indexOf(material)));
  const uvs = unfolded.flatMap(({ uvs: own }) => own);
  const sets = options.sets ?? ['map1'];
  const whole = (name: string, value: number): FbxTree => ['P', [name, 'int', 'Integer', '', value]];
  const unit: FbxTree = ['P', ['UnitScaleFactor', 'double', 'Number', '', { double: 2.54 }]];
  const uvElement = (name: string, i: number): FbxTree => [
    'LayerElementUV',
    [i],
    [
      ['Version', [101]],
      ['Name', [name]],
      ['MappingInformationType', ['ByPolygonVertex']],
      ['ReferenceInformationType', ['IndexToDirect']],
      [
        'UV',
        [
          Float64Array.from(
            uvs.flatMap(([u, v]) => (i === 0 ? [u, v] : [1 - u, 1 - v])),
            (value, k) => options.uv?.(value, k) ?? value,
          ),
        ],
      ],
      ['UVIndex', [quads.flat()]],
    ],
  ];
  return [
    ...fbxHead([
      whole('UpAxis', 2),
      whole('UpAxisSign', 1),
      whole('FrontAxis', 1),
      whole('FrontAxisSign', -1),
      whole('CoordAxis', 0),
      whole('CoordAxisSign', 1),
      unit,
    ]),
    [
      'Objects',
      [],
      [
        [
          'Geometry',
          [1000n, 'Geometry::sheets', 'Mesh'],
          [
            ['Vertices', [Float64Array.from(unfolded.flatMap(({ places }) => places.flat()))]],
            ['PolygonVertexIndex', [quads.flatMap((quad) => quad.map((k, i) => (i === 3 ? -k - 1 : k)))]],
            ['GeometryVersion', [124]],
            ...sets.map(uvElement),
            [
              'LayerElementMaterial',
              [0],
              [
                ['Version', [101]],
                ['Name', ['']],
                ['MappingInformationType', ['ByPolygon']],
                ['ReferenceInformationType', ['IndexToDirect']],
                ['Materials', [materials.map((index) => options.materialOf?.(index) ?? index)]],
              ],
            ],
            ...sets.map(
              (_, i): FbxTree => [
                'Layer',
                [i],
                [
                  ['Version', [100]],
                  ...(i === 0
                    ? [
                        [
                          'LayerElement',
                          [],
                          [
                            ['Type', ['LayerElementMaterial']],
                            ['TypedIndex', [0]],
                          ],
                        ] as FbxTree,
                      ]
                    : []),
                  [
                    'LayerElement',
                    [],
                    [
                      ['Type', ['LayerElementUV']],
                      ['TypedIndex', [i]],
                    ],
                  ],
                ],
              ],
            ),
          ],
        ],
        ['Model', [2000n, 'Model::sheets', 'Mesh'], [['Version', [232]]]],
        ...names.map(
          (name, i): FbxTree => [
            'Material',
            [BigInt(3000 + i), `Material::${name}`, ''],
            [
              ['Version', [102]],
              ['ShadingModel', ['phong']],
            ],
          ],
        ),
      ],
    ],
    [
      'Connections',
      [],
      [
        ['C', ['OO', 2000n, 0n]],
        ['C', ['OO', 1000n, 2000n]],
        ...names.map((_, i): FbxTree => ['C', ['OO', BigInt(3000 + i), 2000n]]),
      ],
    ],
  ];
}

/** The tree as text. */
export function fbxText(trees: readonly FbxTree[]): string {
  const isList = (value: FbxTreeValue): value is readonly number[] | Float64Array =>
    Array.isArray(value) || value instanceof Float64Array;
  const write = ([name, values, children]: FbxTree, indent: string): string => {
    const list = values.find(isList);
    if (list) return `${indent}${name}: *${list.length} {\n${indent}\ta: ${[...list].join(',')}\n${indent}}\n`;
    const told = values
      .map((value) => (typeof value === 'object' && 'double' in value ? value.double : value))
      .map((value) => (typeof value === 'string' ? `"${value}"` : `${value}`))
      .join(', ');
    const inner = children?.map((child) => write(child, `${indent}\t`)).join('');
    return `${indent}${name}: ${told}${inner === undefined ? '' : ` {\n${inner}${indent}}`}\n`;
  };
  return `; FBX 7.4.0 project file\n${trees.map((tree) => write(tree, '')).join('')}`;
}

/** The tree as a binary file; lists are deflated by turns. From version 7500 on records have wider heads. */
export function fbxBinary(trees: readonly FbxTree[], version: 7400 | 7500 = 7400): Buffer {
  let lists = 0;
  const packList = (kind: string, numbers: Float64Array | Int32Array): Buffer => {
    const raw = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    const deflated = lists++ % 2 === 0;
    const bytes = deflated ? deflateSync(raw) : raw;
    const head = Buffer.from(Uint32Array.of(numbers.length, deflated ? 1 : 0, bytes.length).buffer);
    return Buffer.concat([Buffer.from(kind), head, bytes]);
  };
  const packValue = (value: FbxTreeValue): Buffer => {
    if (typeof value === 'string') {
      const text = Buffer.from(value.replace(/^(\w+)::(.*)$/, '$2\0\x01$1'));
      return Buffer.concat([Buffer.from('S'), Buffer.from(Uint32Array.of(text.length).buffer), text]);
    }
    if (typeof value === 'bigint')
      return Buffer.concat([Buffer.from('L'), Buffer.from(BigInt64Array.of(value).buffer)]);
    if (typeof value === 'number')
      return Number.isInteger(value)
        ? Buffer.concat([Buffer.from('I'), Buffer.from(Int32Array.of(value).buffer)])
        : Buffer.concat([Buffer.from('D'), Buffer.from(Float64Array.of(value).buffer)]);
    if ('double' in value) return Buffer.concat([Buffer.from('D'), Buffer.from(Float64Array.of(value.double).buffer)]);
    return value instanceof Float64Array ? packList('d', value) : packList('i', Int32Array.from(value));
  };
  const width = version >= 7500 ? 8 : 4;
  const headLength = 3 * width + 1;
  const empty = Buffer.alloc(headLength);
  const pack = ([name, values, children]: FbxTree, at: number): Buffer => {
    const packed = Buffer.concat(values.map(packValue));
    const head = Buffer.alloc(headLength + name.length);
    const blocks: Uint8Array[] = [head, packed];
    let end = at + head.length + packed.length;
    for (const child of children ?? []) {
      const block = pack(child, end);
      blocks.push(block);
      end += block.length;
    }
    if (children) blocks.push(empty);
    const numbers = [end + (children ? headLength : 0), values.length, packed.length];
    for (const [i, number] of numbers.entries()) head.writeUInt32LE(number, i * width);
    head[headLength - 1] = name.length;
    head.write(name, headLength);
    return Buffer.concat(blocks);
  };
  const start = Buffer.concat([
    Buffer.from('Kaydara FBX Binary  \0\x1a\0'),
    Buffer.from(Uint32Array.of(version).buffer),
  ]);
  const blocks: Uint8Array[] = [start];
  let at = start.length;
  for (const tree of trees) {
    const block = pack(tree, at);
    blocks.push(block);
    at += block.length;
  }
  return Buffer.concat([...blocks, empty, Buffer.alloc(160)]);
}
