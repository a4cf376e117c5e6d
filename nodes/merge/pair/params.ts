// The parameters that the nodes of this category share.
import { z } from 'zod';

export const mix = z.number().min(0).max(1).default(1).meta({
  title: 'Mix',
  description: 'How much of the result there is: 0 hands B on untouched.',
  widget: 'slider',
  min: 0,
  max: 1,
  step: 0.01,
});

export const window = z.enum(['union', 'intersection', 'A', 'B']).default('union').meta({
  title: 'Window',
  description: 'The data window that comes out: that of both together, what they have in common, or that of one.',
});

export const maskChannel = z.string().min(1).default('A').meta({
  title: 'Mask channel',
  description: 'The channel of the mask that is used, limited to 0 to 1.',
});

export const invertMask = z.boolean().default(false).meta({
  title: 'Invert mask',
  description: 'Turns the mask round: what was 0 is 1.',
});

export const attributes = z.enum(['B', 'join']).default('B').meta({
  title: 'Attributes',
  description: 'Those of B alone, or also those of A that B does not have.',
  advanced: true,
});
