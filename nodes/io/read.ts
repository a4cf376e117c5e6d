// Read sequence: parts, channels and attributes of the EXR or picture file of each frame.
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import {
  blackPart,
  type DeepPlanes,
  defineNode,
  EngineError,
  ExrFile,
  type FrameSupply,
  isPicture,
  layoutOf,
  type NodeProblem,
  type Note,
  openPicture,
  type PartSpec,
  type Planes,
  type ReadOptions,
  type Services,
  SPACE_NAMES,
  SPACE_TITLES,
  type Timeline,
  type Want,
} from '../../engine/authoring.ts';
import { awaited, type Choice, chooseFrame, type Policy, runFrame, sequenceFrame } from './read/choice.ts';
import { planesThroughDoor, throughDoor, WORKING_SPACES } from './read/door.ts';
import { isFullLevel, LevelPlace, partsAtLevel } from './read/level.ts';
import { listingOf } from './read/listing.ts';
import { partSpec, withHoles } from './read/part-spec.ts';
import { pictureOf, picturePart, picturePlanes, pictureProblems } from './read/picture.ts';

/** As far as frame numbers go. */
const FARTHEST_OFFSET = 2 ** 31 - 1;

const edge = z.enum(['error', 'hold', 'loop', 'bounce', 'black']).default('error');

const params = z.strictObject({
  path: z.string().min(1, 'Expected the path of a sequence, a file or a folder').meta({
    title: 'File',
    widget: 'sequence',
    description:
      'A pattern such as beauty.%04d.exr, beauty.####.exr or beauty.@@.exr, one file, or a folder that holds one sequence. EXR, PNG, TIFF, JPEG or WebP.',
  }),
  offset: z
    .int()
    .min(-FARTHEST_OFFSET)
    .max(FARTHEST_OFFSET)
    .default(0)
    .meta({ title: 'Frame offset', description: 'Frame n of the files is frame n + offset of the graph.' }),
  before: edge.meta({ title: 'Before', description: 'What answers for frames before the first file.' }),
  after: edge.meta({ title: 'After', description: 'What answers for frames after the last file.' }),
  inputSpace: z
    .enum(['auto', ...SPACE_NAMES])
    .default('auto')
    .meta({
      title: 'Input space',
      description:
        "The space that the colours of the files are in. auto: what their tags say, and unknown where they say nothing; a camera's log is never guessed. Another one is set in colorInteropID and chromaticities, and samples stay as they are. arrilogc3_awg3_scene is LogC3 at an exposure index of 800.",
      titles: SPACE_TITLES,
    }),
  workingSpace: z
    .enum(['off', ...WORKING_SPACES])
    .default('off')
    .meta({
      title: 'Convert to',
      description:
        'off: colours come in as they are, and chunks that nobody changes are copied. Else they are converted from the input space as Color convert does it, with its defaults; layers that hold no colour are left alone.',
      titles: SPACE_TITLES,
    }),
  level: z
    .tuple([z.int().min(0).max(31), z.int().min(0).max(31)])
    .default([0, 0])
    .meta({
      title: 'Level',
      advanced: true,
      description:
        'Which level of a mip or rip map is the image: 0, 0 is full resolution; each step halves the width or the height. Both numbers of a mip level are the same.',
    }),
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
      'Whether an EXR file with missing chunks is an error or is read with black in their place, which the ledger lists.',
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
  doc: `Reads a sequence of EXR files: every part, channel and attribute as it is in the file. Only what is asked for is unpacked.

PNG, TIFF, JPEG and WebP files are read too, each as one part of float channels R, G, B or Y, and A. Whole numbers are divided by 255 or 65535 and go through no curve: what the file says of its colours is set in colorInteropID and chromaticities, and nothing is guessed. Alpha stays as it is: where colour is not multiplied by it, oiio:UnassociatedAlpha is 1. Orientation is told and not applied. Nuke and Gaffer convert to linear light here unless told otherwise; this node does so where Convert to names a space. Such a file is unpacked as a whole once a frame.`,
  keywords: ['open', 'load', 'input', 'file', 'exr', 'png', 'tiff', 'jpeg', 'jpg', 'webp', 'import'],
  params,
  inputs: {},
  summary: ({ path }) => path.slice(path.lastIndexOf('/') + 1),

  frames: ({ params, services, timeline }): FrameSupply | undefined => {
    const listing = listingOf(services, services.resolve(params.path, 'read'));
    const waits = params.missing === 'wait';
    if (waits && !listing.begun) return { frames: [], before: true, after: true, missing: true };
    if (listing.single) return undefined;
    const { frames } = listing.sequence;
    return {
      frames: frames.map((_, i) => runFrame(frames, i, params.offset, timeline)),
      before: params.before !== 'error' || waits,
      after: params.after !== 'error' || waits,
      missing: params.missing !== 'error',
    };
  },

  files: ({ params, services }) => {
    const listing = listingOf(services, services.resolve(params.path, 'read'));
    if (params.missing === 'wait' && !listing.begun) return [];
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
    const { file, used } = choose(ctx, ctx.frame);
    // The number of the frame is left out: frames that show the same file are the same image.
    if (isPicture(file)) return { ...named(file, pictureOf(ctx.services, file).identity), black: used === undefined };
    const { identity, source } = open(ctx.services, file);
    // Another file in its place is left alone for as long as this one is open; one that is written over is another one.
    const changed = source.changed() ? { changed: true } : {};
    return { ...named(file, identity), black: used === undefined, ...changed };
  },

  spec: (ctx) => {
    const choice = choose(ctx, ctx.frame);
    const stored = partsOf(ctx, choice.file);
    const reduced = isPicture(choice.file)
      ? stored
      : partsAtLevel(ctx, open(ctx.services, choice.file).header.parts, stored, ctx.params.level);
    // The ledger compares with all that is in the file.
    const parts = throughDoor({ ...ctx, found: () => ctx.found(stored) }, reduced);
    const { asked, used, reason, extended } = choice;
    return {
      parts: used === undefined ? parts.map(blackPart) : parts,
      ...(reason === undefined
        ? {}
        : { substitutions: [{ node: ctx.node, asked, reason, extended, ...(used === undefined ? {} : { used }) }] }),
    };
  },

  fresh: true,
  pull: async (ctx, want): Promise<Planes> => {
    const path = choose(ctx, ctx.frame).file;
    const parts = () => partsOf({ ...ctx, report: () => {} }, path);
    return planesThroughDoor(ctx.params, parts, want, (asked) => planesOf(ctx, path, asked));
  },

  pullDeep: (ctx, want): DeepPlanes => {
    const path = choose(ctx, ctx.frame).file;
    const file = open(ctx.services, path);
    const place = new LevelPlace(file.header.parts, want.part, ctx.params.level);
    return place.inImage(file.readDeep(want.part, readOptions(ctx, path, want, place)));
  },
});

function planesOf(ctx: Reading & { note(note: Note): void }, path: string, want: Want): Planes | Promise<Planes> {
  if (isPicture(path)) return picturePlanes(ctx.services, pictureOf(ctx.services, path), want);
  const file = open(ctx.services, path);
  const place = new LevelPlace(file.header.parts, want.part, ctx.params.level);
  const planes = file.readPart(want.part, readOptions(ctx, path, want, place));
  return new Map([...planes].map(([name, plane]) => [name, place.inImage(plane)]));
}

/** What is read of a file for a want, and how. */
function readOptions(
  ctx: Reading & { note(note: Note): void },
  path: string,
  want: Want,
  place: LevelPlace,
): ReadOptions {
  const filled = (chunk: number): Note => ({
    kind: 'filled',
    part: want.part,
    name: `chunk ${chunk} of part ${want.part}`,
    reason: `missing in ${path}: black`,
  });
  return {
    channels: want.channels,
    box: place.inFile(want.box),
    ...(isFullLevel(ctx.params.level) ? {} : { level: { x: ctx.params.level[0], y: ctx.params.level[1] } }),
    ...(ctx.params.missingChunks === 'black'
      ? { onMissing: 'black', missing: (chunk: number) => ctx.note(filled(chunk)) }
      : {}),
  };
}

/** The parts of a file, with what there is to know about a picture. */
function partsOf(
  ctx: Reading & { readonly node: string; report(problem: NodeProblem): void },
  path: string,
): readonly PartSpec[] {
  if (isPicture(path)) {
    const picture = pictureOf(ctx.services, path);
    for (const problem of pictureProblems(picture)) ctx.report(problem);
    return [picturePart(picture, ctx.node)];
  }
  const file = open(ctx.services, path);
  file.requireTables();
  const whole = ctx.params.missingChunks === 'error' || file.isComplete();
  return file.header.parts
    .map((part, index) => partSpec(part, index, path, ctx.node))
    .map((part) => (whole ? part : withHoles(part)));
}

const named = (file: string, { size, mtimeNs }: { readonly size: number; readonly mtimeNs: string }) => ({
  file: basename(file),
  size,
  mtimeNs,
});

/** A file stays open for the frames and bands that follow. */
const open = (services: Services, file: string): ExrFile => services.share(`exr ${file}`, () => ExrFile.open(file));

/** The choice for a frame of the run, and the file to describe: for black, that of the nearest frame there is. */
function choose(reading: Reading, frame: number): Choice & { readonly file: string } {
  const { params, services, timeline } = reading;
  const waits = params.missing === 'wait';
  const listing = listingOf(services, services.resolve(params.path, 'read'));
  const path = (number: number): string => services.resolve(listing.file(number), 'read');
  if (waits && !listing.begun) throw awaited(`No file of ${params.path} has arrived yet.`);
  if (listing.single) {
    const file = path(frame);
    if (waits) refuseUnfinished(file);
    return { asked: frame, used: frame, extended: false, file };
  }
  const asked = sequenceFrame(listing.sequence.frames, frame, params.offset, timeline);
  const frames = listing.framesWith(asked);
  const choice = chooseFrame(frames, asked, policyOf(reading));
  const near = choice.used ?? frames.reduce((best, f) => (Math.abs(f - asked) < Math.abs(best - asked) ? f : best));
  const file = path(near);
  if (waits) refuseUnfinished(file);
  return { ...choice, file };
}

const policyOf = ({ params, timeline }: Reading): Policy => ({
  before: params.before,
  after: params.after === 'error' && timeline.mismatch === 'hold-last' ? 'hold' : params.after,
  missing: params.missing,
});

/** A file that is still being written is not described: what is shared would stay as it was found half-way. */
function refuseUnfinished(file: string): void {
  if (wholeness(file) !== 'whole') throw awaited(`${file} is not whole yet.`, file);
}

/** Whether a frame that is waited for is there and whole; otherwise how far it has got. */
function arrival(reading: Reading, frame: number): 'whole' | 'is not there' | 'is not whole' {
  const { params, services, timeline } = reading;
  const listing = listingOf(services, services.resolve(params.path, 'read'));
  if (!listing.begun) return 'is not there';
  const present = (number: number) => wholeness(services.resolve(listing.file(number), 'read'));
  if (listing.single) return present(frame);
  const asked = sequenceFrame(listing.sequence.frames, frame, params.offset, timeline);
  const frames = listing.framesWith(asked);
  if (frames.includes(asked)) return present(asked);
  const { before, after } = policyOf(reading);
  const side = asked < frames[0]! ? before : asked > frames.at(-1)! ? after : 'error';
  if (side === 'error') return 'is not there';
  // The policy for the ends answers, with a file that may be on its way too.
  const { used } = chooseFrame(frames, asked, policyOf(reading));
  return used === undefined ? 'whole' : present(used);
}

function wholeness(file: string): 'whole' | 'is not there' | 'is not whole' {
  try {
    if (isPicture(file)) return openPicture(file).header.complete ? 'whole' : 'is not whole';
    const opened = ExrFile.open(file);
    try {
      return isComplete(opened) ? 'whole' : 'is not whole';
    } finally {
      opened.close();
    }
  } catch (thrown) {
    if (!(thrown instanceof EngineError)) throw thrown;
    if (thrown.code === 'file-not-found') return 'is not there';
    // A header that cannot be read yet is one that is still being written; the time limit ends the wait.
    if (thrown.kind === 'invalid') return 'is not whole';
    throw thrown;
  }
}

/** Whether the offset tables name every chunk and each lies in the file: writers fill them last. */
function isComplete({ header, table }: ExrFile): boolean {
  return header.parts.every((shape, part) => {
    const { chunkCount } = layoutOf(shape);
    for (let i = 0; i < chunkCount; i++)
      if (table.extentAt(part, i, table.statedOffset(part, i)) === undefined) return false;
    return true;
  });
}
