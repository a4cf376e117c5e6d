// Sanitize: puts numbers in place of what is no number, infinite or, where that is asked, negative.
import { z } from 'zod';
import {
  boxIntersection,
  COLOUR_CHANNELS,
  defineNode,
  type ImageSpec,
  image,
  listNames,
  matchesName,
  type NodeProblem,
  type PartSpec,
  type Plane,
  passPart,
  recomputePart,
  workProblems,
} from '../../engine/authoring.ts';
import { type Cures, KINDS, type Kind, repair } from './sanitize/repair.ts';

const WAYS = ['keep', 'value', 'median'] as const;

/** What becomes of a kind of samples: the choice, and the value that goes with it. */
const cure = (title: string, what: string, preset: (typeof WAYS)[number]) =>
  z
    .enum(WAYS)
    .default(preset)
    .meta({
      title,
      description: `What becomes of ${what}: they are kept, become the value, or the median of the eight neighbours.`,
    });
const value = (title: string, what: string) =>
  z
    .number()
    .min(-3.4e38)
    .max(3.4e38)
    .default(0)
    .meta({
      title,
      description: `The value that ${what} become, also where no neighbour is sound.`,
      advanced: true,
    });

const params = z.strictObject({
  nan: cure('NaN', 'samples that are no number', 'median'),
  infinity: cure('Infinity', 'infinite samples', 'median'),
  negativeInfinity: cure('-Infinity', 'samples that are infinitely negative', 'median'),
  negative: cure('Negative', 'samples below 0', 'keep'),
  nanValue: value('NaN becomes', 'samples that are no number'),
  infinityValue: value('Infinity becomes', 'infinite samples'),
  negativeInfinityValue: value('-Infinity becomes', 'samples that are infinitely negative'),
  negativeValue: value('Negative becomes', 'samples below 0'),
  channels: z
    .array(z.string().min(1))
    .default([...COLOUR_CHANNELS, 'A', '*.A'])
    .meta({
      title: 'Channels',
      description:
        'Names of the channels to look through, * for any text: diffuse.* or *. Whole numbers are sound as they are.',
      widget: 'channels',
      advanced: true,
    }),
});

type Params = z.output<typeof params>;

const NAMES: Readonly<Record<Kind, string>> = {
  nan: 'NaN',
  infinity: 'infinity',
  negativeInfinity: 'minus infinity',
  negative: 'negative',
};

const cureOf = (values: Params, kind: Kind): Cures[Kind] => {
  const way = values[kind];
  return way === 'keep' ? { way } : { way, value: values[`${kind}Value`] };
};

const curesOf = (values: Params): Cures => ({
  nan: cureOf(values, 'nan'),
  infinity: cureOf(values, 'infinity'),
  negativeInfinity: cureOf(values, 'negativeInfinity'),
  negative: cureOf(values, 'negative'),
});

const reachOf = (values: Params): number => (KINDS.some((kind) => values[kind] === 'median') ? 1 : 0);

const reasonOf = (values: Params, kind: Kind): string =>
  `${NAMES[kind]} became ${values[kind] === 'median' ? 'the median of its neighbours' : values[`${kind}Value`]}`;

interface Context {
  readonly params: Params;
  readonly inputs: { readonly image: ImageSpec };
  report(problem: NodeProblem): void;
}

const GREATEST_HALF = 65504;

/** Values that are infinite again as halves would cure nothing. */
function reportValues(ctx: Context, part: PartSpec, index: number, names: ReadonlySet<string>): void {
  const halves = part.channels.filter((c) => names.has(c.name) && c.type === 'half').map((c) => c.name);
  for (const kind of halves.length > 0 ? KINDS : []) {
    const found = ctx.params[`${kind}Value`];
    if (ctx.params[kind] === 'keep' || Math.abs(found) <= GREATEST_HALF) continue;
    const greatest = found < 0 ? -GREATEST_HALF : GREATEST_HALF;
    ctx.report({
      severity: 'error',
      code: 'param-invalid',
      message: `${listNames(halves)} ${halves.length === 1 ? 'is' : 'are'} half, which holds nothing beyond ${greatest}, so ${found} would be infinite. Choose a smaller value.`,
      where: { param: `${kind}Value`, part: part.name ?? index },
      fixes: [{ title: `Take ${greatest}`, set: { [`${kind}Value`]: greatest } }],
    });
  }
}

function describe(ctx: Context): ImageSpec {
  const { image } = ctx.inputs;
  const chosen = image.parts.map(
    ({ channels }) =>
      new Set(
        channels
          .filter(
            ({ name, type }) => type !== 'uint' && ctx.params.channels.some((pattern) => matchesName(pattern, name)),
          )
          .map((c) => c.name),
      ),
  );
  if (chosen.every((names) => names.size === 0)) {
    const all = listNames(image.parts.flatMap((part) => part.channels.map((c) => c.name)));
    const message = `No channel of halves or floats fits ${listNames(ctx.params.channels)}, so nothing is changed. Channels: ${all}.`;
    ctx.report({ severity: 'warning', code: 'channel-unknown', message, where: { param: 'channels' } });
  }
  const idle = KINDS.every((kind) => ctx.params[kind] === 'keep');
  const parts = image.parts.map((part, index): PartSpec => {
    const names = chosen[index]!;
    if (idle || names.size === 0) return passPart(part, 'image', index);
    const on = {
      part,
      index,
      title: 'Sanitize',
      channels: names,
      types: ['half', 'float'],
      param: 'channels',
    } as const;
    for (const problem of workProblems(on)) ctx.report(problem);
    reportValues(ctx, part, index, names);
    return recomputePart(part, 'image', index, names);
  });
  return { ...image, parts };
}

export const sanitize = defineNode({
  type: 'color.sanitize',
  version: 1,
  title: 'Sanitize',
  doc: 'Looks through colours and alpha for samples that are no number, infinite or, where that is asked, negative, and puts a value or the median of the neighbours in their place; the ledger counts them. Neighbours are the up to eight around a sample, within the data window; those that are to be changed themselves or are not finite count for nothing, and of two in the middle the lower one is taken. Minus zero is not negative. Windows and sample types stay as they are; whole numbers pass.',
  keywords: ['NaN', 'inf', 'infinity', 'negative', 'fix', 'dead pixels', 'firefly', 'broken', 'repair', 'clean'],
  params,
  inputs: { image: image('The image to look through.') },
  access: (values) => ({ margin: reachOf(values) }),
  summary: (values) =>
    KINDS.filter((kind) => values[kind] !== 'keep')
      .map((kind) => `${NAMES[kind]} → ${values[kind] === 'median' ? 'median' : values[`${kind}Value`]}`)
      .join(' · ') || 'nothing',

  spec: (ctx) => describe(ctx),

  async pull({ params, inputs, sources, signal, note }, want) {
    const reach = reachOf(params);
    const { minX, minY, maxX, maxY } = want.box;
    const around = { minX: minX - reach, minY: minY - reach, maxX: maxX + reach, maxY: maxY + reach };
    const region = boxIntersection(around, inputs.image.parts[want.part]!.dataWindow);
    const planes = await sources.image.planes({ ...want, box: region });
    return new Map(
      want.channels.map((name): [string, Plane] => {
        signal.throwIfAborted();
        const { plane, found } = repair(planes.get(name)!, want.box, curesOf(params));
        for (const { kind, rows } of found) {
          note({ kind: 'counted', part: want.part, name, reason: reasonOf(params, kind), rows });
        }
        return [name, plane];
      }),
    );
  },
});
