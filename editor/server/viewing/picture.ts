// One picture: a region of a node's image is dealt out in bands, and what comes back is put together.
import {
  type Box,
  boxHeight,
  boxIntersection,
  boxIsEmpty,
  boxWidth,
  EngineError,
  type NodeFindings,
  type PartSpec,
} from '../../../engine/index.ts';
import { lightOf } from '../../../nodes/index.ts';
import type { LightView, PictureHeader } from '../../picture.ts';
import type { View } from '../../protocol.ts';
import type { Motif, Seen } from './motif.ts';
import type { Painters, Priority } from './painters.ts';
import { Assembly, type Raster } from './resample.ts';
import { BAND_ROWS, type Spent } from './task.ts';

/** Samples of one picture at most, as halfs: 64 MiB of them. */
const MOST_SAMPLES = 2 ** 25;

export interface PictureOptions {
  readonly painters: Painters;
  /** What the view is of. */
  readonly motif: Motif;
  readonly priority: Priority;
  readonly signal: AbortSignal;
  /** Gets the share of bands that are done. */
  readonly onProgress?: (progress: number) => void;
  /** Gets what nodes found in the samples of a band. */
  readonly onFindings?: (findings: readonly NodeFindings[]) => void;
}

export interface FinishedPicture {
  readonly header: Omit<PictureHeader, 'slot' | 'serial'>;
  /** Half bits, interleaved, or the words of larger samples. */
  readonly samples: Uint16Array;
  readonly spent: readonly Spent[];
}

/** Makes a picture. Rejects with what is wrong above the node, `part-unknown`, `channel-unknown`, `deep-unsupported`, `cancelled`. */
export async function makePicture(view: View, options: PictureOptions): Promise<FinishedPicture> {
  const { motif, painters, priority, signal, onProgress, onFindings } = options;
  const { work, order } = motif;
  const { frame, channels, box } = view;
  const { node, part, light } = await viewedPart(motif, view);
  signal.throwIfAborted();
  const raster = rasterOf(view);
  const region = boxIntersection(box, part.dataWindow);
  const assembly = new Assembly(raster);
  const spent = new Map<string, number>();
  const bands = boxIsEmpty(region) ? [] : bandsOf(region, part.dataWindow);
  // A node that works on whole frames does so once in a thread.
  const together = needsWholeFrame(work, node, frame);
  // Where one band fails the others are wanted no more.
  const failing = new AbortController();
  const both = AbortSignal.any([signal, failing.signal]);
  let done = 0;
  const paint = async ({ index, rows }: { index: number; rows: Box }): Promise<void> => {
    const answer = await painters.ask(
      { kind: 'band', node, frame, part: view.part, channels, raster, dataWindow: part.dataWindow, region: rows },
      { place: together ? 0 : index, work: order, priority, signal: both },
    );
    assembly.put(answer.rows);
    onFindings?.(answer.findings);
    for (const s of answer.spent) spent.set(s.node, (spent.get(s.node) ?? 0) + s.milliseconds);
    onProgress?.(++done / bands.length);
  };
  try {
    await Promise.all(bands.map(paint));
  } finally {
    failing.abort();
  }
  const { width, height } = raster;
  const { dataWindow, displayWindow } = part;
  return {
    header: {
      node: view.node,
      frame,
      part: view.part,
      channels,
      box,
      width,
      height,
      dataWindow,
      displayWindow,
      pixelAspect: pixelAspect(part),
      ...(view.type ? { type: view.type } : {}),
      light,
      ...(motif.charts ? { charts: motif.charts } : {}),
    },
    samples: assembly.finish(),
    spent: [...spent].map(([id, milliseconds]) => ({ node: id, milliseconds })),
  };
}

async function viewedPart(
  { work, node }: Motif,
  view: View,
): Promise<{ node: string; part: PartSpec; light: LightView }> {
  const { node: id, frame } = view;
  const spec = node === undefined ? undefined : (await work.descriptions.describe(node, frame)).spec;
  if (node === undefined || !spec) {
    const problems = work.plan.nodes.has(id) ? await work.descriptions.problems(node ?? id, frame) : [];
    const own = [...work.plan.problems.filter((p) => p.where.node === id), ...problems];
    const problem = own.find((p) => p.severity === 'error');
    if (problem) throw new EngineError('invalid', problem.code, problem.message, problem.where);
    const message = work.document.nodes[id] ? `${id} has no image to show.` : `There is no node ${id}.`;
    throw new EngineError('invalid', 'input-missing', message, { node: id, frame });
  }
  const part = spec.parts[view.part];
  const where = { node: id, frame, part: view.part };
  if (!part) {
    throw new EngineError(
      'invalid',
      'part-unknown',
      `${id} has ${spec.parts.length} parts; there is no part ${view.part}.`,
      where,
    );
  }
  if (part.kind === 'deep')
    throw new EngineError(
      'unsupported',
      'deep-unsupported',
      `Part ${view.part} of ${id} is deep; deep samples are not shown.`,
      where,
    );
  for (const channel of view.channels) {
    if (channel === null || part.channels.some((c) => c.name === channel)) continue;
    throw new EngineError('invalid', 'channel-unknown', `${id} has no channel ${channel}.`, { ...where, channel });
  }
  return { node, part, light: lightOf(spec, view.part) };
}

/** At most the region's own pixels, and no more samples than one picture may have. */
function rasterOf({ box, width, height, channels, ...rest }: View): Raster {
  const type = rest.type ?? 'half';
  if (boxIsEmpty(box))
    throw new EngineError('invalid', 'usage', 'Expected a region of at least one pixel, found an empty one.');
  const wanted = { width: Math.min(width, boxWidth(box)), height: Math.min(height, boxHeight(box)) };
  const size = type === 'half' ? 1 : 2;
  const excess = (wanted.width * wanted.height * channels.length * size) / MOST_SAMPLES;
  const shrink = excess > 1 ? Math.sqrt(excess) : 1;
  return {
    box,
    width: Math.max(1, Math.floor(wanted.width / shrink)),
    height: Math.max(1, Math.floor(wanted.height / shrink)),
    channels: channels.length,
    type,
  };
}

/** Bands of the data window's grid that a region inside it meets, top first. */
function bandsOf(region: Box, window: Box): { index: number; rows: Box }[] {
  const first = Math.floor((region.minY - window.minY) / BAND_ROWS);
  const last = Math.floor((region.maxY - window.minY) / BAND_ROWS);
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const minY = window.minY + (first + i) * BAND_ROWS;
    return {
      index: first + i,
      rows: { ...region, minY: Math.max(region.minY, minY), maxY: Math.min(region.maxY, minY + BAND_ROWS - 1) },
    };
  });
}

function needsWholeFrame({ plan, descriptions }: Seen, node: string, frame: number): boolean {
  return descriptions.above(node, frame).some((at) => plan.nodes.get(at.node)?.definition.access === 'frame');
}

/** From the attribute `pixelAspectRatio`; 1 where there is none or it is no sound number. */
function pixelAspect(part: PartSpec): number {
  const attribute = part.attributes.find((a) => a.name === 'pixelAspectRatio' && a.type === 'float');
  if (attribute?.bytes.length !== 4) return 1;
  const value = new DataView(attribute.bytes.buffer, attribute.bytes.byteOffset, 4).getFloat32(0, true);
  return Number.isFinite(value) && value > 0 ? value : 1;
}
