// Read sequence: parts, channels and attributes of the EXR file of each frame.
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import {
  defineNode,
  EngineError,
  ExrFile,
  type FrameSupply,
  layoutOf,
  type Note,
  type Planes,
  type Services,
  type Timeline,
} from '../../engine/authoring.ts';
import { type Choice, chooseFrame, runFrame, sequenceFrame } from './read/choice.ts';
import { listingOf } from './read/listing.ts';
import { blackPart, partSpec } from './read/part-spec.ts';

const edge = z.enum(['error', 'hold', 'loop', 'bounce', 'black']).default('error');

const params = z.strictObject({
  path: z.string().min(1, 'Expected the path of a sequence, a file or a folder').meta({
    title: 'File',
    widget: 'sequence',
    description:
      'A pattern such as beauty.%04d.exr, beauty.####.exr or beauty.@@.exr, one file, or a folder that holds one sequence.',
  }),
  offset: z
    .int()
    .default(0)
    .meta({ title: 'Frame offset', description: 'Frame n of the files is frame n + offset of the graph.' }),
  before: edge.meta({ title: 'Before', description: 'What answers for frames before the first file.' }),
  after: edge.meta({ title: 'After', description: 'What answers for frames after the last file.' }),
  missing: z.enum(['error', 'hold', 'next', 'nearest', 'black', 'wait']).default('error').meta({
    title: 'Missing frames',
    description:
      'What stands in for a frame without a file: the one before it (hold), the next, the nearest, black; or wait until it arrives.',
  }),
  waitSeconds: z.number().min(0).max(604_800).default(600).meta({
    title: 'Longest wait',
    unit: 's',
    advanced: true,
    description: 'How long to wait for one frame, with Missing frames set to wait.',
  }),
  missingChunks: z.enum(['error', 'black']).default('error').meta({
    title: 'Missing chunks',
    advanced: true,
    description:
      'Whether a file with missing chunks is an error or is read with black in their place, which the ledger lists.',
  }),
});

type Params = z.output<typeof params>;

/** What the node's functions share: where it reads and by which policies. */
interface Reading {
  readonly params: Params;
  readonly services: Services;
  readonly timeline: Timeline;
}

/** Milliseconds between two looks for a frame that is waited for. */
const POLL = 250;

export const read = defineNode({
  type: 'io.read',
  version: 1,
  title: 'Read sequence',
  doc: 'Reads a sequence of EXR files: every part, channel and attribute as it is in the file. Only what is asked for is unpacked.',
  keywords: ['open', 'load', 'input', 'file', 'exr', 'import'],
  params,
  inputs: {},
  summary: ({ path }) => path.slice(path.lastIndexOf('/') + 1),

  frames: ({ params, services, timeline }): FrameSupply | undefined => {
    const listing = listingOf(services, services.resolve(params.path, 'read'));
    if (listing.single) return undefined;
    const { frames } = listing.sequence;
    return {
      frames: frames.map((_, i) => runFrame(frames, i, params.offset, timeline)),
      before: params.before !== 'error',
      after: params.after !== 'error' || params.missing === 'wait',
      missing: params.missing !== 'error',
    };
  },

  files: ({ params, services }) => {
    const listing = listingOf(services, services.resolve(params.path, 'read'));
    return listing.single ? [listing.file(0)] : listing.sequence.frames.map((frame) => listing.file(frame));
  },

  prepare: async ({ params, services, timeline, frame, signal, node }) => {
    if (params.missing !== 'wait') return;
    const until = performance.now() + params.waitSeconds * 1000;
    for (;;) {
      const state = arrival({ params, services, timeline }, frame);
      if (state === 'whole') return;
      if (performance.now() >= until) {
        throw new EngineError(
          'io',
          'frame-wait-timeout',
          `Frame ${frame} ${state} after ${params.waitSeconds} s. Wait longer (waitSeconds) or see to the render that writes it.`,
          { node, frame },
        );
      }
      await sleep(POLL, undefined, { signal });
    }
  },

  identity: (ctx) => {
    const choice = choose(ctx, ctx.frame);
    if (choice.used === undefined) return { black: true };
    const { size, mtimeNs } = open(ctx.services, choice.file).identity;
    return { frame: choice.used, size, mtimeNs };
  },

  spec: (ctx) => {
    const choice = choose(ctx, ctx.frame);
    const { header } = open(ctx.services, choice.file);
    const parts = header.parts.map((part, index) => partSpec(part, index, choice.file, ctx.node));
    const { asked, used, reason, extended } = choice;
    return {
      parts: used === undefined ? parts.map(blackPart) : parts,
      ...(reason === undefined
        ? {}
        : { substitutions: [{ node: ctx.node, asked, reason, extended, ...(used === undefined ? {} : { used }) }] }),
    };
  },

  pull: async (ctx, want): Promise<Planes> => {
    const { chunks } = ctx.spec.parts[want.part]!.stored!;
    const file = open(ctx.services, chunks!.file);
    const filled = (chunk: number): Note => ({
      kind: 'filled',
      part: want.part,
      name: `chunk ${chunk} of part ${want.part}`,
      reason: `missing in ${chunks!.file}: black`,
    });
    return file.readPart(chunks!.part, {
      channels: want.channels,
      box: want.box,
      ...(ctx.params.missingChunks === 'black'
        ? { onMissing: 'black', missing: (chunk: number) => ctx.note(filled(chunk)) }
        : {}),
    });
  },
});

/** A file stays open for the frames and bands that follow. */
const open = (services: Services, file: string): ExrFile => services.share(`exr ${file}`, () => ExrFile.open(file));

/** The choice for a frame of the run, and the file to describe: for black, that of the nearest frame there is. */
function choose({ params, services, timeline }: Reading, frame: number): Choice & { readonly file: string } {
  const listing = listingOf(services, services.resolve(params.path, 'read'));
  if (listing.single)
    return { asked: frame, used: frame, extended: false, file: services.resolve(listing.file(frame), 'read') };
  const asked = sequenceFrame(listing.sequence.frames, frame, params.offset, timeline);
  const frames = listing.framesWith(asked);
  const after = params.after === 'error' && timeline.mismatch === 'hold-last' ? 'hold' : params.after;
  const choice = chooseFrame(frames, asked, { before: params.before, after, missing: params.missing });
  const near = choice.used ?? frames.reduce((best, f) => (Math.abs(f - asked) < Math.abs(best - asked) ? f : best));
  return { ...choice, file: services.resolve(listing.file(near), 'read') };
}

/** Whether a frame that is waited for is there and whole; otherwise how far it has got. */
function arrival({ params, services, timeline }: Reading, frame: number): 'whole' | 'is not there' | 'is not whole' {
  const listing = listingOf(services, services.resolve(params.path, 'read'));
  try {
    if (listing.single) return wholeness(listing.file(frame));
    const asked = sequenceFrame(listing.sequence.frames, frame, params.offset, timeline);
    const frames = listing.framesWith(asked);
    if (frames.includes(asked)) return wholeness(listing.file(asked));
    const waits =
      (asked >= frames[0]! && asked <= frames.at(-1)!) ||
      (asked > frames.at(-1)! && params.after === 'error' && timeline.mismatch !== 'hold-last');
    return waits ? 'is not there' : 'whole'; // not this frame's policy to wait for
  } catch (thrown) {
    if (!(thrown instanceof EngineError) || !['sequence-empty', 'file-not-found'].includes(thrown.code)) throw thrown;
    listing.refresh();
    return 'is not there';
  }
}

function wholeness(file: string): 'whole' | 'is not whole' {
  try {
    const opened = ExrFile.open(file);
    try {
      return isComplete(opened) ? 'whole' : 'is not whole';
    } finally {
      opened.close();
    }
  } catch (thrown) {
    // A header that cannot be read yet is one that is still being written; the time limit ends the wait.
    if (thrown instanceof EngineError && thrown.kind === 'invalid') return 'is not whole';
    throw thrown;
  }
}

/** Whether the offset tables name every chunk and each lies in the file: writers fill them last. */
function isComplete({ header, table }: ExrFile): boolean {
  return header.parts.every((shape, part) => {
    const { chunkCount } = layoutOf(shape);
    return Array.from({ length: chunkCount }, (_, i) => i).every(
      (i) => table.extentAt(part, i, table.statedOffset(part, i)) !== undefined,
    );
  });
}
