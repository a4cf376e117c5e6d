// Makes the files of the benchmark: a rendered frame of 14 channels, the same split in two, and one four times as tall.
import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { box, ExrWriter, layoutOf, type WritePart } from '../../engine/authoring.ts';
import { type Attribute, parseDocument, runGraph } from '../../engine/index.ts';
import { beautyAttributes, utilityAttributes } from '../../fixtures/shot/header.ts';
import { nodes } from '../../nodes/index.ts';
import type { BandOrder, PackedBand } from './band.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

const half = (...names: string[]) => names.map((name) => ({ name, type: 'half' as const }));
const float = (...names: string[]) => names.map((name) => ({ name, type: 'float' as const }));

const BEAUTY = half('R', 'G', 'B', 'A', 'specular.R', 'specular.G', 'specular.B');
const UTILITY = [...half('diffuse.R', 'diffuse.G', 'diffuse.B'), ...float('Z', 'N.X', 'N.Y', 'N.Z')];

/** Frames of the sequence: the same file under eight names. */
export const SEQUENCE = [1, 2, 3, 4, 5, 6, 7, 8] as const;

export interface BenchFiles {
  readonly folder: string;
  /** All 14 channels. */
  readonly frame: string;
  /** The first seven of them, and the other seven. */
  readonly beauty: string;
  readonly utility: string;
  /** The frame four times, one below the other. */
  readonly tall: string;
  /** R, G, B and A of the frame as floats, not compressed. */
  readonly plain: string;
  /** The same as halves: not compressed, and in the methods that are timed by themselves. */
  readonly colours: Readonly<Record<'none' | 'piz' | 'dwaa', string>>;
  /** The frame as a sequence, with `%04d`. */
  readonly sequence: string;
  /** A hundred small frames of ten channels, with `%04d`. */
  readonly small: string;
}

/** The size of the small frames, and how many there are. */
const SMALL: Size = { width: 480, height: 270 };
export const SMALL_COUNT = 100;

/** Makes the files in a folder of the system's temporary folder, or finds them there. */
export async function makeFiles(size: Size, say: (text: string) => void): Promise<BenchFiles> {
  const folder = join(tmpdir(), `sluice-bench-${size.width}x${size.height}-${sourcesKey()}`);
  const at = (name: string): string => join(folder, name);
  const files = { frame: at('frame.exr'), beauty: at('beauty.exr'), utility: at('utility.exr'), tall: at('tall.exr') };
  if (!Object.values(files).every(existsSync)) {
    say(`Making the frames in ${folder}`);
    mkdirSync(folder, { recursive: true });
    const shared = beautyAttributes(1001, size);
    const own = utilityAttributes(1001, size, [1, 100]).filter(({ name }) => !shared.some((a) => a.name === name));
    await render({ ...size, period: size.height }, [
      { path: files.frame, channels: [...BEAUTY, ...UTILITY], attributes: [...shared, ...own] },
      { path: files.beauty, channels: BEAUTY, attributes: shared },
      { path: files.utility, channels: UTILITY, attributes: own },
    ]);
    await render({ width: size.width, height: size.height * 4, period: size.height }, [
      { path: files.tall, channels: [...BEAUTY, ...UTILITY], attributes: [...shared, ...own] },
    ]);
  }
  const plain = at('plain.exr');
  if (!existsSync(plain)) await makeColours(folder, files.frame, plain, 'float', 'none');
  const colours = { none: at('colours-none.exr'), piz: at('colours-piz.exr'), dwaa: at('colours-dwaa.exr') };
  for (const [compression, path] of Object.entries(colours)) {
    if (!existsSync(path)) await makeColours(folder, files.frame, path, 'half', compression);
  }
  for (const frame of SEQUENCE) {
    const name = at(`sequence.${String(frame).padStart(4, '0')}.exr`);
    if (!existsSync(name)) linkSync(files.frame, name);
  }
  const small = (frame: number): string => at(`small.${String(frame).padStart(4, '0')}.exr`);
  if (!existsSync(small(1))) {
    const channels = [...BEAUTY, ...half('diffuse.R', 'diffuse.G', 'diffuse.B')];
    const attributes = beautyAttributes(1001, SMALL);
    await render({ ...SMALL, period: SMALL.height }, [{ path: small(1), channels, attributes }]);
  }
  for (let frame = 2; frame <= SMALL_COUNT; frame++) {
    if (!existsSync(small(frame))) linkSync(small(1), small(frame));
  }
  return { folder, ...files, plain, colours, sequence: at('sequence.%04d.exr'), small: at('small.%04d.exr') };
}

/** The colours alone: uncompressed for filters, so that packing does not hide them, and packed for the methods. */
async function makeColours(
  folder: string,
  frame: string,
  path: string,
  type: 'half' | 'float',
  compression: string,
): Promise<void> {
  const rows = ['A', 'B', 'G', 'R'].map((name) => ({ to: name, from: name, type }));
  const node = (type: string, params: object) => ({ type, version: 1, params, at: [0, 0] });
  const { document } = parseDocument({
    sluice: 1,
    name: 'colours',
    nodes: {
      read: node('io.read', { path: frame }),
      take: node('channel.shuffle', { rows, others: 'drop' }),
      write: node('io.write', { path, compression, overwrite: 'replace' }),
    },
    links: [
      { from: 'read.image', to: 'take.sources.a' },
      { from: 'take.image', to: 'write.image' },
    ],
  });
  if (!document) throw new Error('The graph that makes it is wrong.');
  const { exitCode } = await runGraph({ document, folder, nodes, range: '1', jobs: 0 });
  if (exitCode !== 0) throw new Error(`${path} could not be made.`);
}

/** A text that changes with the sources that decide what is in the files. */
function sourcesKey(): string {
  const hash = createHash('sha256');
  const shot = fileURLToPath(new URL('../../fixtures/shot/', import.meta.url));
  for (const name of readdirSync(shot).sort()) hash.update(readFileSync(join(shot, name)));
  for (const name of ['frame.ts', 'band.ts']) hash.update(readFileSync(new URL(name, import.meta.url)));
  return hash.digest('hex').slice(0, 8);
}

interface Target {
  readonly path: string;
  readonly channels: readonly { readonly name: string; readonly type: 'half' | 'float' }[];
  readonly attributes: readonly Attribute[];
}

/** Renders rows once, in two threads, and puts them into all targets. */
async function render(picture: Size & { readonly period: number }, targets: readonly Target[]): Promise<void> {
  const window = box(0, 0, picture.width - 1, picture.height - 1);
  const parts = targets.map(
    ({ channels, attributes }): WritePart => ({
      type: 'scanlineimage',
      channels: channels.map((c) => ({ ...c, sampling: { x: 1, y: 1 }, pLinear: 0 })),
      dataWindow: window,
      displayWindow: window,
      compression: 'zip',
      lineOrder: 'increasing',
      attributes,
    }),
  );
  const count = layoutOf(parts[0]!).chunkCount;
  const writers = await Promise.all(parts.map((part, i) => ExrWriter.create(`${targets[i]!.path}.part`, [part])));
  try {
    const waiting = new Map<number, PackedBand>();
    let next = 0;
    const threads = 2;
    await Promise.all(
      Array.from({ length: threads }, (_, thread) => {
        const order: BandOrder = { ...picture, parts, first: thread, step: threads, count };
        return inWorker(order, async (band) => {
          waiting.set(band.index, band);
          for (let ready = waiting.get(next); ready; ready = waiting.get(next)) {
            waiting.delete(next++);
            const { index, packed } = ready;
            await Promise.all(writers.map((writer, i) => writer.put(0, index, packed[i]!)));
          }
        });
      }),
    );
    for (const [i, writer] of writers.entries()) {
      await writer.finish();
      renameSync(`${targets[i]!.path}.part`, targets[i]!.path);
    }
  } catch (thrown) {
    for (const writer of writers) await writer.abort();
    for (const { path } of targets) rmSync(`${path}.part`, { force: true });
    throw thrown;
  }
}

function inWorker(order: BandOrder, take: (band: PackedBand) => Promise<void>): Promise<void> {
  return new Promise((done, fail) => {
    const worker = new Worker(new URL('./band.ts', import.meta.url), { workerData: order });
    let last: Promise<void> = Promise.resolve();
    worker.on('message', (band: PackedBand) => {
      last = last.then(() => take(band));
    });
    worker.once('error', fail);
    worker.once('exit', (code) => {
      if (code === 0) last.then(done, fail);
      else fail(new Error(`The renderer ended with code ${code}.`));
    });
  });
}
