// Parameters that all nodes share which take new samples between the old ones: filter, edges, channels that hold numbers.
import { z } from 'zod';
import { type ChannelSpec, FILTER_NAMES, type Filter, filterOf, matchesName } from '../../../engine/authoring.ts';

/** Names of Cryptomattes, as renderers give them: hashes that have no mean. */
const NUMBER_CHANNELS = ['*rypto*'];

const share = z.number().min(-10).max(10);

/** `preferred` is the filter where none is given. */
export const samplingParams = (preferred: (typeof FILTER_NAMES)[number]) => ({
  filter: z.enum(FILTER_NAMES).default(preferred).meta({
    title: 'Filter',
    description:
      'How samples are weighed by their distance. box takes the nearest, or the mean where the image becomes smaller; mitchell and b-spline are soft; catmull-rom, which Nuke calls Keys, and lanczos3 are sharp and overshoot at edges, below 0 too; cubic takes the two numbers below.',
  }),
  cubic: z.tuple([share, share]).default([0, 0]).meta({
    title: 'B and C',
    description:
      "The two numbers of the filter cubic, as Mitchell and Netravali have them: 0, 0 is Nuke's Cubic, 1, 0 the B-spline, 0, 0.75 OpenCV's.",
    advanced: true,
  }),
  edges: z.enum(['repeat', 'black']).default('repeat').meta({
    title: 'Edges',
    description:
      'What lies outside the data window for the filter: its outermost samples again and again, as in Nuke, or black.',
  }),
  nearest: z.array(z.string().min(1)).default(NUMBER_CHANNELS).meta({
    title: 'Not mixed',
    description:
      'Channels whose numbers are names of things: they take the nearest sample and are never mixed. Channels of whole numbers always do.',
    widget: 'channels',
    advanced: true,
  }),
});

export interface SamplingParams {
  readonly filter: (typeof FILTER_NAMES)[number];
  readonly cubic: readonly [number, number];
  readonly edges: 'repeat' | 'black';
  readonly nearest: readonly string[];
}

export const chosenFilter = ({ filter, cubic }: SamplingParams): Filter => filterOf(filter, ...cubic);

/** Whether a channel takes the nearest sample. */
export const takesNearest = (
  params: SamplingParams,
  { name, type, role }: Pick<ChannelSpec, 'name' | 'type' | 'role'>,
): boolean => type === 'uint' || role === 'id' || params.nearest.some((pattern) => matchesName(pattern, name));
