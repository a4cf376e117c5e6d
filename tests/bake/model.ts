// A model by formula: sheets of several materials with UV sets of their own, written as FBX with axes, units and nodes.
import { type FbxTree, fbxHead } from '../nodes/sheets.ts';

/** A grid of quads; the functions take s and t from 0 to 1. */
export interface Patch {
  readonly columns: number;
  readonly rows: number;
  readonly material: string;
  /** Where it lies on the textures, by the names of the UV sets. */
  readonly uvs: Readonly<Record<string, (s: number, t: number) => readonly [number, number]>>;
  /** Where it lies in space; z is up. */
  at(s: number, t: number): readonly [number, number, number];
}

/** A node of the scene with a mesh of its own. */
export interface ModelPart {
  readonly name: string;
  readonly patches: readonly Patch[];
  readonly scale?: readonly [number, number, number];
  readonly translation?: readonly [number, number, number];
  /** Degrees about x, y and z of the file. */
  readonly rotation?: readonly [number, number, number];
}

/** The axes that each of `UpAxis`, `FrontAxis` and `CoordAxis` means, and the sign of the front. */
const AXES = { y: [1, 2, 0, 1], z: [2, 1, 0, -1] } as const;

/** Places with z up in the axes of the file. */
const turned = (up: 'y' | 'z', [x, y, z]: readonly [number, number, number]): number[] =>
  up === 'z' ? [x, y, z] : [x, z, 0 - y];

interface Corners {
  readonly places: number[];
  /** Four a quad, the last as its complement. */
  readonly indices: number[];
  /** A corner after the other, three numbers each. */
  readonly normals: number[];
  readonly uvs: ReadonlyMap<string, { readonly coordinates: number[]; readonly indices: number[] }>;
  readonly materials: number[];
}

function cornersOf(patches: readonly Patch[], materials: readonly string[], up: 'y' | 'z'): Corners {
  const made: Corners = { places: [], indices: [], normals: [], uvs: new Map(), materials: [] };
  const sets = new Map<string, { coordinates: number[]; indices: number[] }>();
  for (const name of new Set(patches.flatMap(({ uvs }) => Object.keys(uvs))))
    sets.set(name, { coordinates: [], indices: [] });
  for (const { columns, rows, material, uvs, at } of patches) {
    const first = made.places.length / 3;
    const starts = new Map([...sets].map(([name, { coordinates }]) => [name, coordinates.length / 2]));
    for (let i = 0; i < (columns + 1) * (rows + 1); i++) {
      const [s, t] = [(i % (columns + 1)) / columns, Math.floor(i / (columns + 1)) / rows];
      made.places.push(...turned(up, at(s, t)));
      for (const [name, uv] of Object.entries(uvs)) sets.get(name)!.coordinates.push(...uv(s, t));
    }
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const low = row * (columns + 1) + column;
        const quad = [low, low + 1, low + columns + 2, low + columns + 1];
        made.indices.push(...quad.map((k, i) => (i === 3 ? -(first + k) - 1 : first + k)));
        const normal = normalOf(quad.map((k) => made.places.slice((first + k) * 3, (first + k) * 3 + 3)));
        for (const k of quad) {
          made.normals.push(...normal);
          for (const [name, set] of sets) set.indices.push(uvs[name] ? starts.get(name)! + k : -1);
        }
        made.materials.push(materials.indexOf(material));
      }
    }
  }
  return { ...made, uvs: sets };
}

function normalOf([a, b, , d]: readonly number[][]): number[] {
  const [p, q] = [b!, d!].map((end) => end.map((value, i) => value - a![i]!));
  const n = [0, 1, 2].map((i) => p![(i + 1) % 3]! * q![(i + 2) % 3]! - p![(i + 2) % 3]! * q![(i + 1) % 3]!);
  const length = Math.hypot(...n);
  return n.map((value) => value / length);
}

const double = (value: number) => ({ double: value });
const vector = (name: string, value: readonly number[]): FbxTree => ['P', [name, name, '', 'A', ...value.map(double)]];

/** The records of a file whose unit is so many centimetres. */
export function modelTree(
  parts: readonly ModelPart[],
  { up = 'z', unit = 1 }: { readonly up?: 'y' | 'z'; readonly unit?: number } = {},
): FbxTree[] {
  const materials = [...new Set(parts.flatMap(({ patches }) => patches.map(({ material }) => material)))];
  const [upAxis, front, coordinate, frontSign] = AXES[up];
  const whole = (name: string, value: number): FbxTree => ['P', [name, 'int', 'Integer', '', value]];
  const settings = [
    whole('UpAxis', upAxis),
    whole('UpAxisSign', 1),
    whole('FrontAxis', front),
    whole('FrontAxisSign', frontSign),
    whole('CoordAxis', coordinate),
    whole('CoordAxisSign', 1),
    ['P', ['UnitScaleFactor', 'double', 'Number', '', double(unit)]] as FbxTree,
    ['P', ['OriginalUnitScaleFactor', 'double', 'Number', '', double(unit)]] as FbxTree,
  ];
  return [
    ...fbxHead(settings),
    [
      'Objects',
      [],
      [
        ...parts.map(({ name, patches }, i) => geometry(BigInt(1000 + i), name, cornersOf(patches, materials, up))),
        ...parts.map(({ name, scale = [1, 1, 1], translation = [0, 0, 0], rotation = [0, 0, 0] }, i): FbxTree => {
          const turnedScale = up === 'z' ? scale : [scale[0], scale[2], scale[1]];
          const placed = [
            vector('Lcl Translation', turned(up, translation)),
            vector('Lcl Rotation', rotation),
            vector('Lcl Scaling', turnedScale),
          ];
          return [
            'Model',
            [BigInt(2000 + i), `Model::${name}`, 'Mesh'],
            [
              ['Version', [232]],
              ['Properties70', [], placed],
            ],
          ];
        }),
        ...materials.map(
          (name, i): FbxTree => [
            'Material',
            [BigInt(3000 + i), `Material::${name}`, ''],
            [
              ['Version', [102]],
              ['ShadingModel', ['phong']],
              ['MultiLayer', [0]],
              ['Properties70', [], [['P', ['DiffuseColor', 'Color', '', 'A', ...[0.8, 0.7, 0.6].map(double)]]]],
            ],
          ],
        ),
      ],
    ],
    [
      'Connections',
      [],
      parts.flatMap((_, i): FbxTree[] => [
        ['C', ['OO', BigInt(2000 + i), 0n]],
        ['C', ['OO', BigInt(1000 + i), BigInt(2000 + i)]],
        ...materials.map((__, k): FbxTree => ['C', ['OO', BigInt(3000 + k), BigInt(2000 + i)]]),
      ]),
    ],
  ];
}

function geometry(id: bigint, name: string, corners: Corners): FbxTree {
  const element = (type: string, index: number, title: string, mapping: string, data: readonly FbxTree[]): FbxTree => [
    type,
    [index],
    [
      ['Version', [101]],
      ['Name', [title]],
      ['MappingInformationType', [mapping]],
      ['ReferenceInformationType', [type === 'LayerElementNormal' ? 'Direct' : 'IndexToDirect']],
      ...data,
    ],
  ];
  const sets = [...corners.uvs].map(([title, { coordinates, indices }], i) =>
    element('LayerElementUV', i, title, 'ByPolygonVertex', [
      ['UV', [Float64Array.from(coordinates)]],
      ['UVIndex', [indices]],
    ]),
  );
  const layer = (index: number, types: readonly string[]): FbxTree => [
    'Layer',
    [index],
    [
      ['Version', [100]],
      ...types.map(
        (type): FbxTree => [
          'LayerElement',
          [],
          [
            ['Type', [type]],
            ['TypedIndex', [type === 'LayerElementUV' ? index : 0]],
          ],
        ],
      ),
    ],
  ];
  return [
    'Geometry',
    [id, `Geometry::${name}`, 'Mesh'],
    [
      ['Vertices', [Float64Array.from(corners.places)]],
      ['PolygonVertexIndex', [corners.indices]],
      ['GeometryVersion', [124]],
      element('LayerElementNormal', 0, '', 'ByPolygonVertex', [['Normals', [Float64Array.from(corners.normals)]]]),
      ...sets,
      element('LayerElementMaterial', 0, '', 'ByPolygon', [['Materials', [corners.materials]]]),
      ...sets.map((_, i) =>
        layer(i, i === 0 ? ['LayerElementNormal', 'LayerElementMaterial', 'LayerElementUV'] : ['LayerElementUV']),
      ),
    ],
  ];
}
