// Files for tests of whole runs: EXR files made from a few words, graphs run over them, and what is in the outputs.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import type { AnyNode } from '../../engine/authoring.ts';
import { type Box, box } from '../../engine/base/box.ts';
import type { Document } from '../../engine/document/schema.ts';
import type { Attribute } from '../../engine/exr/attribute.ts';
import { encodeAttribute } from '../../engine/exr/attribute.ts';
import { packChunk } from '../../engine/exr/chunk.ts';
import type { Compression } from '../../engine/exr/compression.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import type { LineOrder, TileDescription, WritePart } from '../../engine/exr/header.ts';
import { layoutOf } from '../../engine/exr/layout.ts';
import { ExrWriter } from '../../engine/exr/writer.ts';
import { createPlane, type Plane, planeBytes, type SampleType } from '../../engine/pixels/plane.ts';
import type { GraphRun, RunGraphOptions } from '../../engine/run/run.ts';
import { runGraph } from '../../engine/run/run.ts';
import { nodes as builtIn } from '../../nodes/index.ts';
import { random } from '../base/random.ts';
import { pattern } from './graph.ts';

/** A channel as `name:type`, half where no type is given, with `/n` for a sampling of n: `Z:float`, `BY:half/2`. */
export type ChannelText = string;

export interface PartSketch {
  readonly name?: string;
  readonly view?: string;
  readonly channels: readonly ChannelText[];
  readonly window?: Box;
  readonly display?: Box;
  readonly compression?: Compression;
  readonly lineOrder?: LineOrder;
  readonly tiles?: readonly [number, number];
  readonly attributes?: readonly Attribute[];
  readonly headerOrder?: readonly string[];
  readonly pLinear?: Readonly<Record<string, number>>;
  /** The bytes after pLinear. */
  readonly reserved?: Readonly<Record<string, number>>;
  /** Samples: NaN payloads, denormals, any bits and slow steps; the same for the same seed and channel. */
  readonly seed?: number;
}

export const WINDOW = box(-3, 5, 40, 54);

/** An attribute of type string. */
export const text = (name: string, value: string): Attribute => encodeAttribute(name, 'string', value);

/** Folders of this file of tests. Those made within a test could no longer ask for a hook of their own. */
const made: string[] = [];
const removeAll = (): void => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
};
// The soak makes its files outside of any test.
if (process.env['VITEST']) afterAll(removeAll);

/** A folder that is removed when the tests of the file are done. */
export function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-run-'));
  made.push(folder);
  return folder;
}

const TYPE = /^(?<name>[^:]+)(?::(?<type>half|float|uint)(?:\/(?<step>\d))?)?$/;

function writePart(sketch: PartSketch): WritePart {
  const window = sketch.window ?? WINDOW;
  const tiles: TileDescription | undefined = sketch.tiles && {
    width: sketch.tiles[0],
    height: sketch.tiles[1],
    levels: 'one',
    rounding: 'down',
  };
  return {
    ...(sketch.name === undefined ? {} : { name: sketch.name }),
    ...(sketch.view === undefined ? {} : { view: sketch.view }),
    type: tiles ? 'tiledimage' : 'scanlineimage',
    channels: sketch.channels.map((channel) => {
      const { name, type = 'half', step = '1' } = TYPE.exec(channel)!.groups as Record<string, string>;
      const sampling = { x: Number(step), y: Number(step) };
      const reserved = sketch.reserved?.[name!];
      return {
        name: name!,
        type: type as SampleType,
        sampling,
        pLinear: sketch.pLinear?.[name!] ?? 0,
        ...(reserved === undefined ? {} : { reserved }),
      };
    }),
    dataWindow: window,
    displayWindow: sketch.display ?? window,
    compression: sketch.compression ?? 'zip',
    lineOrder: sketch.lineOrder ?? 'increasing',
    ...(tiles ? { tiles } : {}),
    attributes: sketch.attributes ?? [],
    ...(sketch.headerOrder ? { headerOrder: sketch.headerOrder } : {}),
  };
}

/** The first third every bit at random with the awkward values in front, the rest in slow steps, so that it packs well. */
function noise(plane: Plane, seed: number): Plane {
  const bytes = planeBytes(plane);
  const { int } = random(seed);
  for (let i = 0; i < plane.samples.length; i++) plane.samples[i] = (seed & 0x3ff) + (i >> 5);
  for (let i = 0; i < bytes.length / 3; i++) bytes[i] = int(0, 255);
  const awkward: Record<SampleType, readonly number[]> = {
    half: [0x7e01, 0xfc55, 0x8000, 0x0001, 0x7c00, 0xfc00, 0x83ff],
    float: [0x7fc00001, 0xff812345, 0x80000000, 0x00000001, 0x7f800000, 0xff800000, 0x807fffff],
    uint: [16_777_217, 4_294_967_295, 2 ** 31 + 1, 33_554_433],
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (const [i, bits] of awkward[plane.type].entries()) {
    if (i >= plane.samples.length) break;
    if (plane.type === 'half') view.setUint16(i * 2, bits, true);
    else view.setUint32(i * 4, bits, true);
  }
  return plane;
}

const seedOf = (name: string, seed: number): number =>
  [...name].reduce((hash, c) => (Math.imul(hash, 31) + c.charCodeAt(0)) | 0, seed * 7919 + 1);

/** Writes a file with the codec alone, no graph involved. */
export async function writeExr(path: string, parts: readonly PartSketch[]): Promise<string> {
  mkdirSync(dirname(path), { recursive: true });
  const written = parts.map(writePart);
  const writer = await ExrWriter.create(path, written);
  for (const [number, part] of written.entries()) {
    const planes = new Map(
      part.channels.map((c) => [
        c.name,
        noise(createPlane(c.type, part.dataWindow, c.sampling), seedOf(c.name, (parts[number]!.seed ?? 1) + number)),
      ]),
    );
    const order = Array.from({ length: layoutOf(part).chunkCount }, (_, i) => i);
    if (part.lineOrder === 'decreasing') order.reverse();
    for (const index of order) await writer.put(number, index, packChunk(part, index, planes));
  }
  await writer.finish();
  return path;
}

/** Writes one file a frame; the seed is the frame number, so that every frame differs. */
export async function writeSequence(
  folder: string,
  name: string,
  frames: readonly number[],
  part: PartSketch | ((frame: number) => readonly PartSketch[]),
): Promise<void> {
  for (const frame of frames) {
    const number = (frame < 0 ? '-' : '') + String(Math.abs(frame)).padStart(4, '0');
    const parts = typeof part === 'function' ? part(frame) : [{ seed: frame, ...part }];
    await writeExr(join(folder, name.replace('%04d', number)), parts);
  }
}

/** Runs a graph in this thread with the built-in nodes and the test pattern. */
export const run = (document: Document, folder: string, more: Partial<RunGraphOptions> = {}): Promise<GraphRun> =>
  runGraph({ document, folder, nodes: [...builtIn, pattern as AnyNode], jobs: 0, ...more });

/** `part/channel` → SHA-256 of its samples, bit for bit. */
export function sums(path: string): Record<string, string> {
  const file = ExrFile.open(path);
  try {
    return Object.fromEntries(
      file.header.parts.flatMap((part, index) =>
        [...file.readPart(index)].map(([name, plane]) => [
          `${part.name ?? index}/${name}`,
          `${plane.type} ${createHash('sha256').update(planeBytes(plane)).digest('hex')}`,
        ]),
      ),
    );
  } finally {
    file.close();
  }
}

/** The header of a file as it lies there, up to the offset table. */
export function headerBytes(path: string): Buffer {
  const file = ExrFile.open(path);
  const { byteLength } = file.header;
  file.close();
  return readFileSync(path).subarray(0, byteLength);
}

/** All files below a folder, as paths relative to it, sorted. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** File → its bytes, as text that compares and prints quickly. */
export const digest = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
