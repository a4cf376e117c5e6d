// Write tiles: one EXR file for each tile of a texture.
import { z } from 'zod';
import {
  defineNode,
  EngineError,
  FIRST_TILE,
  LAST_TILE,
  type NodeProblem,
  parsePattern,
} from '../../engine/authoring.ts';
import { write as writeFrames } from '../io/write.ts';

const { path: _, ...others } = writeFrames.params.shape;

const params = z.strictObject({
  path: z.string().min(1, 'Expected where to write').meta({
    title: 'File',
    widget: 'save-sequence',
    description:
      'A pattern such as out/disp.<UDIM>.exr, out/disp.%04d.exr or out/disp.u<u>_v<v>.exr. Several tiles need a token.',
  }),
  ...others,
});

const { deliver } = writeFrames;

/** A problem of where files go in the words of tiles; `ending` is that of files that are given none. */
export function asTiles(path: string, problem: NodeProblem, ending: string): NodeProblem {
  if (problem.code !== 'pattern-no-frame') return problem;
  const dot = path.lastIndexOf('.');
  const named =
    dot > path.lastIndexOf('/') ? `${path.slice(0, dot)}.<UDIM>${path.slice(dot)}` : `${path}.<UDIM>.${ending}`;
  const message = `Several tiles would all be written to ${path}. Put <UDIM>, %04d or <u>_<v> into the path.`;
  return { ...problem, message, fixes: [{ title: `Write to ${named}`, set: { path: named } }] };
}

/** Throws `tile-outside` where a frame is no tile; `way` says what else can be done than reading tiles. */
export function requireTile(frame: number, way: string): void {
  if (frame >= FIRST_TILE && frame <= LAST_TILE) return;
  const text = `Expected a tile from ${FIRST_TILE} to ${LAST_TILE}, found frame ${frame}. Read the tiles with Read tiles, or ${way}.`;
  throw new EngineError('invalid', 'tile-outside', text, { param: 'path', frame });
}

export const write = defineNode({
  ...writeFrames,
  type: 'udim.write',
  title: 'Write tiles',
  doc: 'Writes each tile of a texture as an EXR file, as Write EXR does with frames: the frame is the number of the tile, 1001 + column + 10 × row.',
  keywords: ['udim', 'texture', 'tile', 'uv', 'mari', 'save', 'output', 'displacement', 'exr'],
  params,
  deliver: {
    ...deliver!,
    plan: (ctx) => {
      const { path } = ctx.params;
      if (parsePattern(path).token) requireTile(ctx.frame, 'take Write EXR for frames');
      return deliver!.plan({ ...ctx, report: (problem) => ctx.report(asTiles(path, problem, 'exr')) });
    },
  },
});
