// Building: pieces become one mesh, after every number and index in them has been looked at.
import { EngineError, type Mesh, type MeshObject, type UvSet } from '../../../engine/authoring.ts';
import { wrong } from './claims.ts';
import type { Pieces } from './piece.ts';

/** More than these take more memory than a mesh on a link may. */
export const MOST_FACES = 20_000_000;

/** Joins pieces. Throws `mesh-inconsistent` where they hold what is no number or name what is not there. */
export function buildMesh(
  { pieces, materials }: Pieces,
  about: Pick<Mesh, 'space' | 'source'>,
  bad: (message: string) => EngineError,
): Mesh {
  const faceCount = pieces.reduce((sum, { positions }) => sum + positions.length / 9, 0);
  if (faceCount === 0)
    throw wrong('mesh-invalid', about.source.file, 'a mesh with faces', 'none', 'Is it the file that was meant?');
  if (faceCount > MOST_FACES) {
    const message = `${about.source.file}: expected at most ${MOST_FACES} triangles, found ${faceCount}. Cut the mesh into several.`;
    throw new EngineError('invalid', 'mesh-too-large', message);
  }
  const faces = new Uint32Array(faceCount * 3);
  const polygons = new Uint32Array(faceCount);
  const faceMaterials = new Uint32Array(faceCount);
  const normals = pieces.every((piece) => piece.normals) ? new Float32Array(faceCount * 9) : undefined;
  const sets = new Map<string, { coordinates: Float32Array; has: Uint8Array }>();
  const objects: MeshObject[] = [];
  const names: string[] = [];
  const welder = new Welder(faceCount * 3);
  let face = 0;
  let polygon = 0;
  let object = -1;
  for (const piece of pieces) {
    const count = piece.positions.length / 9;
    const material = materials[piece.material];
    if (material === undefined) throw bad(`${piece.name} names material ${piece.material} of ${materials.length}`);
    if (piece.object !== object) {
      object = piece.object;
      welder.begin();
      objects.push({ name: piece.name, first: face, count: 0 });
    }
    const last = objects.at(-1)!;
    objects[objects.length - 1] = { ...last, count: last.count + count };
    requireNumbers(piece.positions, `positions of ${piece.name}`, bad);
    for (let i = 0; i < count * 3; i++) faces[face * 3 + i] = welder.vertex(piece.positions, i * 3);
    let at = names.indexOf(material);
    if (at < 0) at = names.push(material) - 1;
    faceMaterials.fill(at, face, face + count);
    for (let i = 0; i < count; i++) polygons[face + i] = polygon + (piece.polygons ? piece.polygons[i]! : i);
    polygon = count === 0 ? polygon : polygons[face + count - 1]! + 1;
    if (normals && piece.normals) {
      requireNumbers(piece.normals, `normals of ${piece.name}`, bad);
      normals.set(piece.normals, face * 9);
    }
    for (const { name, coordinates } of piece.uvs) {
      requireNumbers(coordinates, `UV set ${name} of ${piece.name}`, bad);
      let set = sets.get(name);
      if (!set) {
        set = { coordinates: new Float32Array(faceCount * 6).fill(NaN), has: new Uint8Array(faceCount) };
        sets.set(name, set);
      }
      set.coordinates.set(coordinates, face * 6);
      set.has.fill(1, face, face + count);
    }
    face += count;
  }
  return {
    positions: welder.positions(),
    faces,
    polygons,
    ...(normals ? { normals } : {}),
    uvSets: [...sets].map(([name, set]): UvSet => ({ name, ...set })),
    materials: names,
    faceMaterials,
    objects,
    ...about,
  };
}

function requireNumbers(numbers: Float32Array, what: string, bad: (message: string) => EngineError): void {
  for (let i = 0; i < numbers.length; i++) {
    if (!Number.isFinite(numbers[i])) throw bad(`${what} hold ${numbers[i]} at place ${i}`);
  }
}

/** Finds corners at the same place. */
class Welder {
  readonly #table: Int32Array;
  readonly #mask: number;
  readonly #places: Float32Array;
  /** The same bits, so that equal means equal in every one. */
  readonly #bits: Uint32Array;
  #count = 0;
  /** Vertices below belong to other objects. */
  #first = 0;

  constructor(corners: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(4, corners * 2)));
    this.#table = new Int32Array(size).fill(-1);
    this.#mask = size - 1;
    this.#places = new Float32Array(corners * 3);
    this.#bits = new Uint32Array(this.#places.buffer);
  }

  /** Vertices from now on are another object's. */
  begin(): void {
    this.#first = this.#count;
  }

  vertex(from: Float32Array, at: number): number {
    const [places, bits, base] = [this.#places, this.#bits, this.#count * 3];
    // Adding 0 makes one zero of both.
    for (let i = 0; i < 3; i++) places[base + i] = from[at + i]! + 0;
    const [x, y, z] = [bits[base]!, bits[base + 1]!, bits[base + 2]!];
    let hash = Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca77) ^ Math.imul(z, 0xc2b2ae3d) ^ this.#first;
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    for (let slot = (hash ^ (hash >>> 13)) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const known = this.#table[slot]!;
      if (known < 0) {
        this.#table[slot] = this.#count;
        return this.#count++;
      }
      const k = known * 3;
      if (known >= this.#first && bits[k] === x && bits[k + 1] === y && bits[k + 2] === z) return known;
    }
  }

  positions(): Float32Array {
    return this.#places.slice(0, this.#count * 3);
  }
}
