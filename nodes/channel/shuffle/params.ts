// The parameters of Shuffle channels.
import { z } from 'zod';

const SAMPLE_TYPES = ['half', 'float', 'uint'] as const;

const target = z.string().max(4096).meta({
  title: 'To',
  description: 'Name of the output channel. May hold one * where `from` has one.',
});

const sourceRow = z.strictObject({
  to: target,
  from: z.string().max(4096).meta({
    title: 'From',
    description:
      'A channel of a source, as `source:part/layer.channel`; source and part may be left out where there is no doubt. One * stands for any text.',
    widget: 'channel',
  }),
  type: z.enum(SAMPLE_TYPES).optional().meta({
    title: 'Type',
    description: 'Converts the samples to this type. The type stays as it is where this is left out.',
    advanced: true,
  }),
});

const constantRow = z.strictObject({
  to: target,
  value: z.union([z.number(), z.enum(['inf', '-inf', 'nan'])]).meta({
    title: 'Value',
    description: 'The value of every sample.',
  }),
  type: z.enum(SAMPLE_TYPES).default('half').meta({ title: 'Type', description: 'The sample type of the channel.' }),
});

const row = z
  .union([sourceRow, constantRow], {
    error: 'Expected a row { "to", "from" } or { "to", "value", "type" }, with type half, float or uint.',
  })
  .meta({ title: 'Row' });

const source = z.string().meta({ title: 'Source', widget: 'source' });
const leaveOut = z.strictObject({ leaveOut: z.literal(true) }).meta({ title: 'Leave out' });

const resolution = z
  .union(
    [
      source,
      z.strictObject({ value: z.json(), type: z.string().optional() }).meta({ title: 'Custom value' }),
      leaveOut,
    ],
    { error: 'Expected the name of a source, { "value", "type" } or { "leaveOut": true }.' },
  )
  .meta({ title: 'Choice' });

const attributes = z.strictObject({
  from: z.array(z.string()).optional().meta({
    title: 'From',
    description: 'The sources whose attributes are taken, the leading one first. All sources where this is left out.',
    widget: 'order',
  }),
  resolve: z.record(z.string(), resolution).default({}).meta({
    title: 'Choices',
    description: 'Attribute name → what is taken where sources disagree: a source, a custom value, or nothing.',
  }),
  resolveAll: z
    .union([source, leaveOut], {
      error: 'Expected the name of a source or { "leaveOut": true }.',
    })
    .optional()
    .meta({
      title: 'Choice for all others',
      description: 'What is taken of every other attribute on which sources disagree.',
    }),
});

export const params = z.strictObject({
  rows: z.array(row).default([]).meta({
    title: 'Rows',
    description: 'Output channel ← source channel, layer with *, or constant.',
    widget: 'rows',
  }),
  others: z
    .enum(['keep', 'drop'])
    .default('keep')
    .meta({ title: 'Other channels', description: 'Whether channels that no row takes pass under their own names.' }),
  attributes: attributes.prefault({}).meta({
    title: 'Attributes',
    description: 'Which sources give their attributes and who wins where they disagree.',
    widget: 'conflicts',
  }),
  windows: z
    .union([
      z.enum(['same', 'union', 'intersection']),
      z.strictObject({
        source: z
          .string()
          .meta({ title: 'Source', description: 'The source whose windows are used.', widget: 'source' }),
      }),
    ])
    .default('same')
    .meta({
      title: 'Windows',
      description:
        'What is done where sources have different windows: a problem (same), their union, their intersection, or the windows of one source.',
      advanced: true,
    }),
  fill: z
    .number()
    .default(0)
    .meta({ title: 'Fill', description: 'The value of samples outside the window of their source.', advanced: true }),
});

export type Params = z.output<typeof params>;
export type Row = Params['rows'][number];
export type Resolution = Params['attributes']['resolve'][string];
