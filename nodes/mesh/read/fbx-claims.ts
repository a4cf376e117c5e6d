// What an FBX file announces: geometries with their counts, UV sets and material indices, units and axes.
import type { EngineError, MeshSpace } from '../../../engine/authoring.ts';
import { type Claims, EXPORT_ANEW, isSound, wrong } from './claims.ts';
import { type FbxFile, type FbxNode, type FbxNumbers, isBinaryFbx, readBinaryFbx } from './fbx.ts';
import { withoutPictures } from './fbx-lean.ts';
import { readTextFbx } from './fbx-text.ts';

const AXES = ['x', 'y', 'z'] as const;

interface Geometry {
  /** Its own name and those of the models that show it. */
  readonly names: ReadonlySet<string>;
  readonly sets: readonly string[];
  readonly polygons: number;
  readonly triangles: number;
  readonly instances: number;
}

/** Checks counts, indices and numbers. Throws `mesh-invalid`, `mesh-uvs`, `mesh-inconsistent`, `mesh-truncated`, `mesh-format`. */
export function readFbxClaims(file: string, bytes: Uint8Array, hint: string): Claims {
  const binary = isBinaryFbx(bytes);
  const tree = binary ? readBinaryFbx(file, bytes) : readTextFbx(file, bytes);
  const lean = binary ? withoutPictures(bytes) : undefined;
  const objects = tree.nodes.filter(({ name }) => name === 'Objects').flatMap(({ children }) => children);
  const links = connections(tree);
  const models = new Map(objects.filter((n) => n.name === 'Model').map((node) => [idOf(node), nameOf(node)]));
  const materials = new Set(objects.filter((n) => n.name === 'Material').map(idOf));
  const geometries = objects
    .filter((node) => child(node, 'Vertices') && child(node, 'PolygonVertexIndex') && node.values.includes('Mesh'))
    .map((node): Geometry => {
      const users = links.filter((link) => link.child === idOf(node) && models.has(link.parent)).map((l) => l.parent);
      // Older files have the geometry in the model.
      const shown = node.name === 'Model' ? [idOf(node)] : users;
      const counts = shown.map((id) => links.filter((l) => l.parent === id && materials.has(l.child)).length);
      const names = new Set([nameOf(node), ...shown.map((id) => models.get(id) ?? '')]);
      return { names, instances: shown.length, ...checked(file, node, Math.min(...counts), hint) };
    });
  const { version, kind } = tree;
  return {
    format: `FBX ${Math.floor(version / 1000)}.${Math.floor((version % 1000) / 100)}, ${kind}`,
    space: spaceOf(tree),
    uvSets: (name) => {
      const own = geometries.filter(({ names }) => names.has(name));
      return (own.length > 0 ? own : geometries).map(({ sets }) => sets);
    },
    polygons: geometries.reduce((sum, { polygons, instances }) => sum + polygons * instances, 0),
    triangles: geometries.reduce((sum, { triangles, instances }) => sum + triangles * instances, 0),
    objects: geometries.reduce((sum, { triangles, instances }) => sum + (triangles > 0 ? instances : 0), 0),
    ...(lean ? { instead: { name: file, bytes: lean } } : {}),
  };
}

function checked(
  file: string,
  node: FbxNode,
  materials: number,
  hint: string,
): Pick<Geometry, 'sets' | 'polygons' | 'triangles'> {
  const place = `${file}, geometry ${nameOf(node) || idOf(node)}`;
  const unsound = (expected: string, found: string): EngineError =>
    wrong('mesh-invalid', place, expected, found, EXPORT_ANEW);
  const vertices = numbers(child(node, 'Vertices'));
  if (vertices.length % 3 !== 0) throw unsound('three numbers for each vertex', `${vertices.length} numbers`);
  for (const [i, value] of vertices.entries())
    if (!isSound(value)) throw unsound('numbers as vertices', `${value} at place ${i}`);
  const count = vertices.length / 3;
  const corners = numbers(child(node, 'PolygonVertexIndex'));
  let [polygons, triangles] = [0, 0];
  let sides = 0;
  for (const [i, index] of corners.entries()) {
    // The last corner of a polygon is stored as its complement.
    const vertex = index < 0 ? -index - 1 : index;
    if (!(vertex >= 0 && vertex < count)) throw unsound(`indices below ${count}`, `${vertex} at corner ${i}`);
    sides += 1;
    if (index >= 0) continue;
    if (sides >= 3) polygons += 1;
    triangles += Math.max(0, sides - 2);
    sides = 0;
  }
  if (sides > 0) throw unsound('an end of the last polygon', `${sides} corners without one`);
  for (const element of node.children.filter(({ name }) => name === 'LayerElementUV')) {
    const name = String(child(element, 'Name')?.values[0] ?? '');
    const uv = numbers(child(element, 'UV'));
    for (const [i, value] of uv.entries()) {
      if (isSound(value)) continue;
      throw wrong('mesh-uvs', `${place}, UV set ${name}`, 'numbers', `${value} at place ${i}`, EXPORT_ANEW);
    }
    for (const index of numbers(child(element, 'UVIndex'))) {
      if (index >= -1 && index < uv.length / 2) continue;
      throw unsound(`indices of UV set ${name} below ${uv.length / 2}`, `${index}`);
    }
  }
  for (const element of node.children.filter(({ name }) => name === 'LayerElementMaterial')) {
    const used = numbers(child(element, 'Materials'));
    const all = child(element, 'MappingInformationType')?.values[0] === 'AllSame';
    let greatest = 0;
    for (const index of all ? used.slice(0, 1) : used) greatest = Math.max(greatest, index);
    if (Number.isFinite(materials) && greatest >= Math.max(1, materials))
      throw wrong('mesh-inconsistent', place, `material indices below ${Math.max(1, materials)}`, `${greatest}`, hint);
  }
  return { sets: setNames(node), polygons, triangles };
}

/** In the order of the layers, as importers number them. Sets without a single coordinate are none. */
function setNames(node: FbxNode): string[] {
  const index = (one: FbxNode | undefined): number => Number(one?.values[0] ?? 0);
  const elements = node.children.filter(({ name }) => name === 'LayerElementUV');
  const listed = node.children
    .filter(({ name }) => name === 'Layer')
    .flatMap((layer) => layer.children.filter((entry) => child(entry, 'Type')?.values[0] === 'LayerElementUV'))
    .flatMap((entry) => elements.filter((element) => index(element) === index(child(entry, 'TypedIndex'))))
    .filter((element) => numbers(child(element, 'UV')).length > 0);
  const names: string[] = [];
  for (const element of listed) {
    const name = String(child(element, 'Name')?.values[0] ?? '') || `UV ${names.length}`;
    names.push(names.includes(name) ? `${name} ${names.length}` : name);
  }
  return names;
}

function connections({ nodes }: FbxFile): { readonly child: string; readonly parent: string }[] {
  return nodes
    .filter(({ name }) => name === 'Connections')
    .flatMap(({ children }) => children)
    .flatMap(({ values }) => {
      const ends = values
        .flatMap((value) => (ArrayBuffer.isView(value) ? [...value].map(String) : [String(value)]))
        .slice(1);
      return ends.length >= 2 ? [{ child: plain(ends[0]!), parent: plain(ends[1]!) }] : [];
    });
}

const idOf = (node: FbxNode): string =>
  String(node.values.find((value) => typeof value !== 'string') ?? plain(String(node.values[0] ?? '')));

const nameOf = (node: FbxNode): string => plain(String(node.values.find((value) => typeof value === 'string') ?? ''));

/** Binary files write `name\0\1Class`, text files `Class::name`. */
const plain = (name: string): string => name.split('\0')[0]!.replace(/^\w+::/, '');

const child = (node: FbxNode, name: string): FbxNode | undefined => node.children.find((one) => one.name === name);

function numbers(node: FbxNode | undefined): Exclude<FbxNumbers, BigInt64Array> | readonly number[] {
  const list = node?.values.find((value) => ArrayBuffer.isView(value));
  if (list === undefined) return (node?.values ?? []).filter((value) => typeof value === 'number');
  return list instanceof BigInt64Array ? Float64Array.from(list, Number) : list;
}

/** Source of the settings' meaning: Autodesk, FBX SDK, FbxGlobalSettings: axes by number, the unit in centimetres. */
function spaceOf({ nodes }: FbxFile): MeshSpace {
  const settings = nodes
    .filter(({ name }) => name === 'GlobalSettings')
    .flatMap(({ children }) => children)
    .flatMap(({ children }) => children);
  const setting = (name: string): number | undefined => {
    const found = settings.find(({ values }) => values[0] === name)?.values.at(-1);
    return typeof found === 'number' ? found : undefined;
  };
  const axis = AXES[setting('UpAxis') ?? -1];
  const scale = setting('UnitScaleFactor');
  const up = axis && ((setting('UpAxisSign') ?? 1) < 0 ? (`-${axis}` as const) : axis);
  const told = [...(up ? [`up is ${up}`] : []), ...(scale !== undefined ? [`a unit is ${scale} cm`] : [])];
  return {
    ...(scale !== undefined && scale > 0 && Number.isFinite(scale) ? { millimetres: scale * 10 } : {}),
    ...(up ? { up } : {}),
    stated: told.length > 0 ? `FBX: ${told.join(', ')}` : 'the FBX file says nothing of units or axes',
  };
}
