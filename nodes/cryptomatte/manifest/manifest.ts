// Manifests of Cryptomattes: the names that ids stand for, from the header or from the file beside the image that it names.
import { readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import {
  asEngineError,
  type Cryptomatte,
  type CryptomatteHeader,
  EngineError,
  type PartSpec,
  type Services,
  textOf,
} from '../../../engine/authoring.ts';

/** A manifest that was read. */
export interface Manifest {
  /** Name → bits of its id. */
  readonly ids: ReadonlyMap<string, number>;
  /** As it stands in the header or the file: JSON in UTF-8. */
  readonly bytes: Uint8Array;
  /** The file, absolute, where it does not stand in the header. */
  readonly file?: string;
}

/** No manifest is larger: names of a few million things. */
const MOST_BYTES = 256 * 2 ** 20;

/** Manifests in headers, by their bytes: large ones are not parsed for every band of a frame. */
const known = new WeakMap<Uint8Array, ReadonlyMap<string, number>>();

/**
 * The manifest of a Cryptomatte: that of the file `path` where one is given, else of its header, else of the file beside the
 * image that the header names. Undefined where there is none. Throws `cryptomatte-manifest` with what is wrong, and as
 * `Services.resolve`.
 */
export function manifestOf(
  services: Services,
  parts: readonly PartSpec[],
  { name, headers }: Pick<Cryptomatte, 'name' | 'headers'>,
  path = '',
): Manifest | undefined {
  if (path !== '') return openManifest(services, path);
  for (const header of headers) {
    const inside = header.fields.get('manifest');
    const bytes = inside?.bytes;
    if (inside?.type === 'string' && bytes && bytes.length > 0) {
      const ids = known.get(bytes) ?? parseManifest(textOf(inside), `The manifest of ${name}`);
      known.set(bytes, ids);
      return { ids, bytes };
    }
    const beside = textOf(header.fields.get('manif_file'));
    if (beside) return openManifest(services, sidecarPath(parts, header, name, beside));
  }
  return undefined;
}

/** Where a manifest beside the image lies: below the folder of the file that the part was read from. */
function sidecarPath(parts: readonly PartSpec[], { part }: CryptomatteHeader, name: string, beside: string): string {
  if (beside.includes('\\') || isAbsolute(beside) || beside.includes('\0')) {
    const message = `Expected the header of ${name} to name its manifest by a relative path with /, found ${JSON.stringify(beside.slice(0, 80))}. Name the file in Manifest.`;
    throw new EngineError('invalid', 'cryptomatte-manifest', message);
  }
  const image = parts[part]?.stored?.chunks?.file;
  if (image !== undefined) return join(dirname(image), beside);
  const message = `The header of ${name} names the file ${beside} beside the image, and what comes in is no file as it was read. Name the manifest in Manifest, or place this node right after Read sequence.`;
  throw new EngineError('invalid', 'cryptomatte-manifest', message);
}

/** A manifest file, read once as long as it stays the same. */
function openManifest(services: Services, path: string): Manifest {
  const file = services.resolve(path, 'read');
  try {
    const { size, mtimeMs } = regular(file);
    const { manifest } = services.share(`cryptomatte ${file} ${size} ${mtimeMs}`, () => {
      const bytes = new Uint8Array(readFileSync(file));
      const text = textOf({ name: '', type: 'string', bytes });
      return { manifest: { ids: parseManifest(text, file), bytes, file }, close: () => {} };
    });
    return manifest;
  } catch (thrown) {
    const error = asEngineError(thrown, { file });
    if (error.code === 'cryptomatte-manifest') throw error;
    throw new EngineError('invalid', 'cryptomatte-manifest', error.message, { file }, thrown);
  }
}

function regular(file: string): { readonly size: number; readonly mtimeMs: number } {
  const found = statSync(file);
  if (found.isFile() && found.size <= MOST_BYTES) return found;
  const what = found.isFile() ? `a file of ${found.size} bytes` : 'what is no regular file';
  throw new EngineError('invalid', 'cryptomatte-manifest', `Expected a manifest, found ${what}: ${file}.`, { file });
}

/** What names a manifest file given as a parameter, for the fingerprint of a node. Throws where there is no such file. */
export function manifestIdentity(services: Services, path: string): { readonly [key: string]: string | number } {
  if (path === '') return {};
  const file = services.resolve(path, 'read');
  try {
    const { size, mtimeMs } = statSync(file);
    return { file, size, time: mtimeMs };
  } catch (thrown) {
    throw asEngineError(thrown, { file });
  }
}

/** Reads `{"name": "8 hexadecimal digits", …}`. Throws `cryptomatte-manifest`. */
export function parseManifest(text: string | undefined, what: string): ReadonlyMap<string, number> {
  const wrong = (found: string): EngineError =>
    new EngineError(
      'invalid',
      'cryptomatte-manifest',
      `Expected names with ids of eight hexadecimal digits in JSON, found ${found}: ${what}.`,
    );
  if (text === undefined) throw wrong('no text in UTF-8');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw wrong('no JSON');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw wrong('no object');
  const ids = new Map<string, number>();
  for (const [name, id] of Object.entries(json)) {
    if (typeof id !== 'string' || !/^[0-9a-f]{1,8}$/i.test(id)) throw wrong(`${JSON.stringify(id)?.slice(0, 40)}`);
    ids.set(name, Number.parseInt(id, 16));
  }
  return ids;
}
