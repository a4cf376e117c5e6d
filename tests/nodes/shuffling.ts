// Images for tests of Shuffle channels, and the node described with rows.
import type { ImageSpec } from '../../engine/authoring.ts';
import { shuffle } from '../../nodes/channel/shuffle.ts';
import { describeNode, part, picture } from './spec-builder.ts';

export type Sources = Readonly<Record<string, ImageSpec>>;
export type Params = Readonly<Record<string, unknown>>;
/** Describes Shuffle channels. */
export const run = (params: Params, sources: Sources) => describeNode(shuffle, params, { sources });
/** Parameters that keep nothing but what rows take. */
export const drop = (rows: readonly unknown[], more: Params = {}): Params => ({ rows, others: 'drop', ...more });

export const beauty = picture(part({ channels: ['R', 'G', 'B', 'A'] }));
export const utility = picture(
  part({ channels: ['Z:float', 'N.X:float', 'N.Y:float', 'specular.R', 'specular.G', 'id:uint'] }),
);
export const layers = picture(
  part({ name: 'main', channels: ['R', 'G'] }),
  part({ name: 'light', channels: ['R', 'key.R', 'main/R'] }),
);
export const both = { beauty, utility };
