// What is wrong with a choice of layers, and whether their samples can be had.
import type { Place } from '../base/error.ts';
import { listChannels, listNames } from '../image/names.ts';
import { partLabel } from '../image/parts.ts';
import type { ImageSpec, PartSpec } from '../image/spec.ts';
import type { NodeProblem } from '../node/problem.ts';
import type { PointwiseProgram } from '../pixels/pointwise.ts';
import { type Choice, type Layer, layerLabel } from './layer.ts';

/** What the checks need of a node's `spec` context. */
export interface ChoiceContext {
  readonly params: { readonly channels: readonly string[] };
  readonly inputs: { readonly image: ImageSpec };
  report(problem: NodeProblem): void;
}

/** The place of a problem in a part. */
export const placeOf = (part: PartSpec, index: number, param: string): Place => ({ param, part: part.name ?? index });

/** Whether the samples of the layers can be had; reports why not. */
export function checkReadable(
  ctx: ChoiceContext,
  index: number,
  layers: readonly Layer[],
  program: PointwiseProgram,
): boolean {
  const part = ctx.inputs.image.parts[index]!;
  const where = placeOf(part, index, 'channels');
  const label = partLabel(part, index);
  const refuse = (code: NodeProblem['code'], message: string): false => {
    ctx.report({ severity: 'error', code, message, where });
    return false;
  };
  if (part.kind === 'deep') {
    return refuse(
      'deep-unsupported',
      `${label} is deep, and colours are changed in flat parts only. Put Flatten deep before, or choose channels of other parts.`,
    );
  }
  if (part.stored?.copyOnly) {
    const method = part.stored.compression;
    return refuse(
      'exr-compression-unsupported',
      `${label} is compressed with ${method}, which cannot be unpacked here. Choose channels of other parts.`,
    );
  }
  const covered = program.some((step) => step.do === 'divide');
  const uneven = layers.find(({ channels, alpha }) => {
    const all = covered && alpha ? [...channels, alpha.channel] : channels;
    return all.some((c) => c.sampling.x !== channels[0].sampling.x || c.sampling.y !== channels[0].sampling.y);
  });
  if (uneven) {
    return refuse(
      'sampling-mismatch',
      `The channels of ${layerLabel(uneven)} in ${label} have different sampling. Choose other layers${covered ? ', or do not unpremultiply' : ''}.`,
    );
  }
  return true;
}

/** Reports what patterns chose wrongly, in all parts together. `doing` is what happens to colours: `converted`. */
export function reportChoice(ctx: ChoiceContext, all: readonly Choice[], doing: string): void {
  const where = { param: 'channels' };
  const doubtful = all.flatMap((choice) => choice.doubtful);
  const alone = all.flatMap((choice) => choice.alone);
  const torn = all.flatMap((choice) => choice.torn);
  const left = all.flatMap((choice) => choice.left);
  const why = (layers: readonly Layer[]): string => listNames(layers.map((l) => `${layerLabel(l)} ${l.doubt}`));
  const trust = [{ title: 'Treat them as colours none the less', set: { notColour: 'convert' } }];
  if (doubtful.length > 0) {
    const message = `These layers are no colour: ${why(doubtful)}. Leave them out, or say that what is not colour is ${doing} too.`;
    ctx.report({ severity: 'error', code: 'color-not-colour', message, where, fixes: trust });
  }
  if (alone.length > 0) {
    const message = `${listNames(alone)} cannot be ${doing}: a colour is R, G and B of one layer. Leave out the rest.`;
    const channels = ctx.params.channels.filter((name) => !alone.includes(name));
    const fixes = [{ title: `Leave out ${listNames(alone)}`, set: { channels } }];
    ctx.report({ severity: 'error', code: 'color-not-colour', message, where, fixes });
  }
  if (torn.length > 0) {
    const message = `${listNames(torn)} alone cannot be ${doing}: R, G and B of a layer go together. Choose all three or none.`;
    ctx.report({ severity: 'error', code: 'color-not-colour', message, where });
  }
  if (left.length > 0) {
    const message = `Left as they are, since they are no colour: ${why(left)}.`;
    ctx.report({ severity: 'info', code: 'color-not-colour', message, where, fixes: trust });
  }
  if (
    all.every(({ layers, singles }) => layers.length + singles.length === 0) &&
    doubtful.length + alone.length + torn.length === 0
  ) {
    const names = ctx.inputs.image.parts.flatMap((part) => part.channels.map((c) => c.name));
    const message = `No colour fits ${listNames(ctx.params.channels)}, so nothing is ${doing}.${listChannels(names)}`;
    ctx.report({ severity: 'warning', code: 'channel-unknown', message, where });
  }
}
