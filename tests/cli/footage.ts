// Small EXR sequences and graphs for tests of the command line.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import {
  type Box,
  box,
  ExrFile,
  ExrWriter,
  encodeAttribute,
  layoutOf,
  packChunk,
  type WritePart,
} from '../../engine/authoring.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { fill } from '../run/graph.ts';

export interface Footage {
  /** Channel names with their types; `R G B A` in half and `Z` in float by default. */
  readonly channels?: Readonly<Record<string, 'half' | 'float' | 'uint'>>;
  readonly window?: Box;
  readonly compression?: WritePart['compression'];
  /** Text attributes. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** A whole number from 0 to 2048 for each sample. */
  readonly sample?: (channel: string, x: number, y: number) => number;
  readonly parts?: readonly string[];
}

const WINDOW = box(-2, 1, 29, 20);
const CHANNELS = { A: 'half', B: 'half', G: 'half', R: 'half', Z: 'float' } as const;

/** Writes one file. */
export async function writeFootage(path: string, footage: Footage = {}): Promise<void> {
  const { channels = CHANNELS, window = WINDOW, compression = 'zip', attributes = {}, parts = [undefined] } = footage;
  const sample = footage.sample ?? ((channel, x, y) => (channel.charCodeAt(0) * 3 + x * 5 + y * 7) & 1023);
  const list = parts.map(
    (name): WritePart => ({
      ...(name === undefined ? {} : { name }),
      type: 'scanlineimage',
      channels: Object.entries(channels).map(([name, type]) => ({ name, type, sampling: { x: 1, y: 1 }, pLinear: 0 })),
      dataWindow: window,
      displayWindow: box(0, 0, 31, 23),
      compression,
      lineOrder: 'increasing',
      attributes: Object.entries(attributes).map(([name, value]) => encodeAttribute(name, 'string', value)),
    }),
  );
  const planes = new Map(
    Object.entries(channels).map(([name, type]) => [name, fill(type, window, (x, y) => sample(name, x, y))]),
  );
  const writer = await ExrWriter.create(path, list);
  for (const [number, part] of list.entries()) {
    for (let chunk = 0; chunk < layoutOf(part).chunkCount; chunk++) {
      await writer.put(number, chunk, packChunk(part, chunk, planes));
    }
  }
  await writer.finish();
}

/** Writes frames as `<folder>/<name>.%04d.exr`, each with a `take` attribute of its own. */
export async function writeSequence(
  folder: string,
  name: string,
  frames: readonly number[],
  footage: Footage = {},
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const frame of frames) {
    const attributes = { ...footage.attributes, take: `frame ${frame}` };
    await writeFootage(join(folder, `${name}.${String(frame).padStart(4, '0')}.exr`), { ...footage, attributes });
  }
}

export interface Sketch {
  readonly type: string;
  readonly params?: Readonly<Record<string, Json>>;
  readonly animation?: Json;
}

/** Writes a graph of node sketches and links `from > to`; `more` are other keys of the document. Returns its path. */
export function writeGraph(
  folder: string,
  nodes: Readonly<Record<string, Sketch>>,
  links: readonly string[],
  more: Readonly<Record<string, Json>> = {},
): string {
  const path = join(folder, `${String(more['name'] ?? 'graph')}.sluice.json`);
  const document = {
    sluice: 1,
    ...more,
    nodes: Object.fromEntries(
      Object.entries(nodes).map(([id, { type, params = {}, animation }]) => [
        id,
        { type, version: 1, params, animation, at: [0, 0] },
      ]),
    ),
    links: links.map((link) => {
      const [from = '', to = ''] = link.split(' > ');
      return { from, to };
    }),
  };
  writeFileSync(path, JSON.stringify(document));
  return path;
}

/** A graph that reads `in/a.%04d.exr` and writes it to `out/b.%04d.exr` packed anew. */
export const copyGraph = (folder: string, write: Readonly<Record<string, Json>> = {}): string =>
  writeGraph(
    folder,
    {
      read: { type: 'io.read', params: { path: 'in/a.%04d.exr' } },
      write: { type: 'io.write', params: { path: 'out/b.%04d.exr', compression: 'zips', ...write } },
    },
    ['read.image > write.image'],
  );

/** Makes folders below `root`, each with a sequence `in/a.%04d.exr` of the given frames; three by default. */
export function scenes(root: string): (frames?: readonly number[], name?: string) => Promise<string> {
  let made = 0;
  return async (frames = [1, 2, 3], name = `scene${made++}`) => {
    const folder = join(root, name);
    await writeSequence(join(folder, 'in'), 'a', frames);
    return folder;
  };
}

/** The files of a folder that a user sees; none where there is no such folder. */
export const visible = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.')) : [];

/** Every file that a user sees is whole. Returns how many. */
export function wholeFiles(folder: string): number {
  const names = visible(folder);
  for (const name of names) {
    const file = ExrFile.open(join(folder, name));
    expect(file.isComplete(), name).toBe(true);
    file.close();
  }
  return names.length;
}

/** What `--json` prints. */
export interface Report {
  readonly frames: number[];
  readonly outcomes: { readonly sink: string; readonly frame: number; readonly state: string; readonly path: string }[];
  readonly ledger: { readonly kind: string; readonly name: string; readonly frames: string }[];
  readonly problems: { readonly severity: string; readonly code: string; readonly message: string }[];
  readonly exitCode: number;
}
