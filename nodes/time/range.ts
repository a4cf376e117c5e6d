// Frame range: the frames that an image has, and what is shown before and after them.
import { z } from 'zod';
import { blackPart, defineNode, EngineError, type FrameSupply, image, passImage } from '../../engine/authoring.ts';

const LONGEST = 1_000_000;
const edge = z.enum(['error', 'hold', 'loop', 'bounce', 'black']);
const frame = z.int().min(-1_000_000_000).max(1_000_000_000);

const params = z.strictObject({
  first: frame.default(1).meta({ title: 'First', description: 'The first frame.' }),
  last: frame.default(100).meta({ title: 'Last', description: 'The last frame.' }),
  before: edge.default('error').meta({
    title: 'Before',
    description:
      'What a frame before the first shows: a problem, the first frame (hold), the range over and over (loop), to and fro (bounce), or black.',
  }),
  after: edge.default('error').meta({
    title: 'After',
    description: 'What a frame after the last shows, in the same words.',
  }),
});

type Params = z.output<typeof params>;

export const range = defineNode({
  type: 'time.range',
  version: 1,
  title: 'Frame range',
  doc: 'Limits its image to a range of frames, so that a run without a range of its own takes those, and says what is shown before and after. A frame that stands in for another is listed as substituted. Nuke only notes the range of FrameRange and shows frames outside of it none the less.',
  keywords: ['trim', 'cut', 'clip', 'loop', 'bounce', 'ping-pong', 'frames'],
  params,
  inputs: { image: image('The image to limit.') },
  summary: ({ first, last }) => `${first}-${last}`,

  frames: ({ params }) => {
    requireRange(params);
    const frames = Array.from({ length: params.last - params.first + 1 }, (_, i) => params.first + i);
    return { frames, ...edges(params), missing: false };
  },
  frameOf: ({ params, frame }) => inside(params, frame),
  framesOf: ({ params }, supply) => {
    requireRange(params);
    return { ...supply, ...edges(params), frames: within(params, supply) };
  },
  // At a frame where it is black, the input is described as at its nearest frame.
  identity: ({ params, frame }) => ({ black: ruleAt(params, frame) === 'black' }),

  spec({ node, params, frame, inputs }) {
    requireRange(params);
    const rule = ruleAt(params, frame);
    const passed = passImage(inputs.image, 'image');
    if (rule === undefined) return passed;
    const side = frame < params.first ? 'before' : 'after';
    const place = `${side} ${side === 'before' ? params.first : params.last}`;
    if (rule === 'error') {
      throw new EngineError(
        'invalid',
        'frame-outside',
        `Frame ${frame} lies ${place}. Render other frames, or set ${side} to hold, loop, bounce or black.`,
        { param: side },
      );
    }
    const used = rule === 'black' ? {} : { used: inside(params, frame) };
    const substitution = { node, asked: frame, reason: `${place}: ${rule}`, extended: true, ...used };
    return {
      ...passed,
      parts: rule === 'black' ? passed.parts.map(blackPart) : passed.parts,
      substitutions: [...(passed.substitutions ?? []), substitution],
    };
  },
});

function requireRange({ first, last }: Params): void {
  if (last >= first && last - first < LONGEST) return;
  const message =
    last < first
      ? `The last frame, ${last}, lies before the first, ${first}. Swap them.`
      : `Expected a range of at most ${LONGEST} frames, found ${first} to ${last}.`;
  throw new EngineError('invalid', 'frames-syntax', message, { param: 'last' });
}

const edges = ({ before, after }: Params): Pick<FrameSupply, 'before' | 'after'> => ({
  before: before !== 'error',
  after: after !== 'error',
});

/** What is done at a frame outside the range; undefined within it. */
const ruleAt = ({ first, last, before, after }: Params, frame: number): Params['before'] | undefined =>
  frame < first ? before : frame > last ? after : undefined;

/** The frame of the range that is shown. */
function inside(params: Params, frame: number): number {
  const { first, last } = params;
  const rule = ruleAt(params, frame);
  if (rule === undefined || last < first) return frame;
  const span = last - first + 1;
  const modulo = (value: number, by: number): number => ((value % by) + by) % by;
  if (rule === 'loop') return first + modulo(frame - first, span);
  if (rule !== 'bounce') return frame < first ? first : last;
  if (span === 1) return first;
  const at = modulo(frame - first, 2 * (span - 1));
  return first + (at < span ? at : 2 * (span - 1) - at);
}

/** The frames of the range that the source can give, by its own policies too. */
function within({ first, last }: Params, { frames, before, after, missing }: FrameSupply): number[] {
  const [start, end] = [frames[0]!, frames.at(-1)!];
  const there = new Set(frames);
  const found: number[] = [];
  for (let frame = first; frame <= last; frame++) {
    if (frame < start ? before : frame > end ? after : missing || there.has(frame)) found.push(frame);
  }
  return found;
}
