// What a node that computes on samples can work on: flat parts that can be unpacked, of whole sampling and numbers to weigh.
import { type Box, boxEquals, boxHeight, boxWidth } from '../base/box.ts';
import { cryptomatteChannels } from '../image/cryptomatte.ts';
import { listNames } from '../image/names.ts';
import { partLabel } from '../image/parts.ts';
import type { ImageSpec, PartSpec } from '../image/spec.ts';
import type { SampleType } from '../pixels/plane.ts';
import type { NodeProblem } from './problem.ts';

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
  const [way, or] =
    param === undefined
      ? ['Take the part out with Select parts before it.', 'take the part out with Select parts']
      : ['Choose other channels.', 'choose other channels'];
  const problem = (code: NodeProblem['code'], message: string): NodeProblem => ({
    severity: 'error',
    code,
    message: `${message} ${way}`,
    where,
  });
  if (part.kind === 'deep') {
    const message = `${label} is deep, and ${title} works on flat parts. Put Flatten deep before it, or ${or}.`;
    return [{ severity: 'error', code: 'deep-unsupported', message, where }];
  }
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

/**
 * Warns of a node that changes ids and coverages of a Cryptomatte by its parameter `channels`: they would fit no name. The fix
 * is the list of what was chosen without them.
 */
export function cryptomatteProblem(
  { parts }: ImageSpec,
  chosen: readonly ReadonlySet<string>[],
  title: string,
): NodeProblem | undefined {
  const crypto = cryptomatteChannels(parts);
  const spoilt = chosen.flatMap((names, index) => [...names].filter((name) => crypto[index]!.has(name)));
  if (spoilt.length === 0) return undefined;
  const left = chosen.flatMap((names, index) => [...names].filter((name) => !crypto[index]!.has(name)));
  // The same name may be a colour in another part; then no list of names tells them apart.
  const mends = left.length > 0 && !left.some((name) => spoilt.includes(name));
  return {
    severity: 'warning',
    code: 'cryptomatte-spoilt',
    message: `${title} would change ${listNames(spoilt)}: ids and coverages of a Cryptomatte, which would fit no name any more. Choose other channels, or part them with Select parts.`,
    where: { param: 'channels', channel: spoilt[0]! },
    ...(mends ? { fixes: [{ title: 'Leave them out', set: { channels: [...new Set(left)] } }] } : {}),
  };
}

/**
 * Why the numbers of islands cannot be looked at pixel by pixel with a map: their data windows differ. `expected` is what
 * should be found, such as `charts of the size of the map`.
 */
export function windowProblem(map: Box, charts: Box, expected: string): NodeProblem | undefined {
  if (boxEquals(map, charts)) return undefined;
  const size = (w: Box): string => `${boxWidth(w)} × ${boxHeight(w)} at (${w.minX}, ${w.minY})`;
  const way = 'Connect the map to Rasterize charts too, which then draws at its size; or use Reformat or Crop.';
  const message = `Expected ${expected}, ${size(map)}, found ${size(charts)}. ${way}`;
  return { severity: 'error', code: 'window-mismatch', message };
}
