// What a node that computes on samples can work on: flat parts that can be unpacked, of whole sampling and numbers to weigh.
import { listNames } from '../image/names.ts';
import { partLabel } from '../image/parts.ts';
import type { PartSpec } from '../image/spec.ts';
import type { SampleType } from '../pixels/plane.ts';
import type { NodeProblem } from './define.ts';

export interface WorkOn {
  readonly part: PartSpec;
  readonly index: number;
  /** The node's title. */
  readonly title: string;
  /** The channels whose samples it would change. */
  readonly channels: ReadonlySet<string>;
  /** The types that it can work on. */
  readonly types: readonly SampleType[];
  /** The parameter that chooses the channels, where one does. */
  readonly param?: string;
}

/** Why the node cannot change these channels: an error for each reason, none where it can. */
export function workProblems({ part, index, title, channels, types, param }: WorkOn): NodeProblem[] {
  const named = part.channels.filter((c) => channels.has(c.name));
  if (named.length === 0) return [];
  const where = { part: part.name ?? index, ...(param === undefined ? {} : { param }) };
  const label = partLabel(part, index);
  const way = param === undefined ? 'Take the part out with Select parts before it.' : 'Choose other channels.';
  const problem = (code: NodeProblem['code'], message: string): NodeProblem => ({
    severity: 'error',
    code,
    message: `${message} ${way}`,
    where,
  });
  if (part.kind === 'deep') return [problem('deep-unsupported', `${label} is deep, and ${title} works on flat parts.`)];
  if (part.stored?.copyOnly) {
    const message = `${label} is compressed with ${part.stored.compression}, which cannot be unpacked here.`;
    return [problem('exr-compression-unsupported', message)];
  }
  const problems: NodeProblem[] = [];
  const sparse = named.filter(({ sampling }) => sampling.x !== 1 || sampling.y !== 1).map((c) => c.name);
  if (sparse.length > 0) {
    const message = `${label}: ${title} needs a sample at every pixel, and ${listNames(sparse)} ${sparse.length === 1 ? 'has' : 'have'} fewer.`;
    problems.push(problem('sampling-mismatch', message));
  }
  const others = named.filter(({ type }) => !types.includes(type));
  if (others.length > 0) {
    const list = listNames(others.map((c) => `${c.name} (${c.type})`));
    problems.push(
      problem('channel-type', `${label}: ${title} works on ${types.join(' and ')} channels, found ${list}.`),
    );
  }
  return problems;
}
