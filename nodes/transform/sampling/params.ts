// Parameters that all nodes share which take new samples between the old ones: filter, edges, channels that hold numbers.
import { z } from 'zod';
import {
  cryptomatteChannels,
  FILTER_NAMES,
  type Filter,
  filterOf,
  type ImageSpec,
  matchesName,
  rolesOf,
} from '../../../engine/authoring.ts';

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
      'Channels whose numbers are names of things: they take the nearest sample and are never mixed. So do whole numbers, ids by their role and Cryptomattes that the header tells of; an empty list mixes all but whole numbers and what the node Role calls ids.',
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

/** The channels of a part that take the nearest sample. Coverages go with the ids of a Cryptomatte, or they would fit no more. */
export function nearestIn({ nearest }: SamplingParams, { parts }: ImageSpec, index: number): ReadonlySet<string> {
  const part = parts[index]!;
  const isSaid = part.channels.filter(({ type, role }) => type === 'uint' || role === 'id').map(({ name }) => name);
  if (nearest.length === 0) return new Set(isSaid);
  const roles = rolesOf(part, parts[0]!.attributes);
  const isNear = (name: string): boolean =>
    roles.get(name) === 'id' || nearest.some((pattern) => matchesName(pattern, name));
  const guessed = part.channels.map(({ name }) => name).filter(isNear);
  return new Set([...isSaid, ...guessed, ...cryptomatteChannels(parts)[index]!]);
}
