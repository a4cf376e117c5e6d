// Select parts: keeps chosen parts of a multi-part image, in the order given, under the same or new names.
import { z } from 'zod';
import {
  countStars,
  defineNode,
  findPart,
  type ImageSpec,
  image,
  type Json,
  listNames,
  matchesName,
  type NodeProblem,
  nameTrouble,
  nearNames,
  type PartSpec,
  partLabel,
  partLabels,
  passPart,
} from '../../engine/authoring.ts';

const params = z.strictObject({
  parts: z.array(z.string()).default(['*']).meta({
    title: 'Parts',
    description: 'Names of parts in the wanted order, `#` and a number, or * for any text.',
    widget: 'parts',
  }),
  rename: z
    .record(z.string(), z.string())
    .default({})
    .meta({ title: 'Rename', description: 'Name (or `#` and number) of a part → its new name.', widget: 'byPart' }),
});

interface Context {
  readonly params: z.output<typeof params>;
  readonly inputs: { readonly image: ImageSpec };
  report(problem: NodeProblem): void;
}

export const select = defineNode({
  type: 'part.select',
  version: 1,
  title: 'Select parts',
  doc: 'Keeps the chosen parts of an image, in the order given. Channels, attributes and chunks of each part stay as they are.',
  keywords: ['multi-part', 'multipart', 'split', 'extract', 'reorder', 'subimage', 'rename'],
  params,
  inputs: { image: image('The image whose parts are chosen.') },

  summary({ parts }) {
    return parts.length === 1 && parts[0] === '*' ? 'all parts' : parts.join(', ');
  },

  spec(ctx) {
    const { parts } = ctx.inputs.image;
    const chosen = chooseParts(ctx);
    for (const [index, part] of parts.entries()) {
      if (chosen.includes(index)) continue;
      const reason = 'left out';
      ctx.lose({ kind: 'part', port: 'image', part: index, name: partLabel(part, index), reason });
    }
    const names = newNames(ctx, chosen);
    const renamed = chosen.map((index): PartSpec => {
      const part = passPart(parts[index]!, 'image', index);
      const name = names.get(index);
      if (name === undefined || name === part.name) return part;
      if (part.name !== undefined) {
        const reason = `changed to ${name}`;
        ctx.lose({ kind: 'attribute', port: 'image', part: index, name: 'name', reason, replaced: true });
      }
      return { ...part, name };
    });
    return { ...ctx.inputs.image, parts: renamed };
  },
});

/** Numbers of the chosen parts in order, each once. */
function chooseParts(ctx: Context): number[] {
  const { parts } = ctx.inputs.image;
  const labels = partLabels(parts);
  const chosen = new Set<number>();
  for (const [index, pattern] of ctx.params.parts.entries()) {
    const exact = findPart(parts, pattern);
    const found =
      exact !== undefined
        ? [exact]
        : countStars(pattern) > 0
          ? [...parts.keys()].filter((i) => matchesName(pattern, parts[i]!.name ?? ''))
          : [];
    for (const i of found) chosen.add(i);
    if (found.length > 0) continue;
    const near = nearNames(pattern, labels);
    ctx.report({
      severity: countStars(pattern) > 0 ? 'warning' : 'error',
      code: 'part-unknown',
      message: `There is no part ${pattern}. Parts: ${listNames(labels)}.`,
      where: { param: `parts[${index}]`, part: pattern },
      fixes: [
        ...near.map((name) => ({ title: `Use ${name}`, set: { parts: ctx.params.parts.with(index, name) as Json } })),
        { title: `Remove ${pattern}`, set: { parts: ctx.params.parts.toSpliced(index, 1) as Json } },
      ],
    });
  }
  if (chosen.size === 0) {
    const message = `No part is left. Choose from: ${listNames(labels)}.`;
    const fixes = [{ title: 'Keep all parts', set: { parts: ['*'] } }];
    ctx.report({ severity: 'error', code: 'part-unknown', message, where: { param: 'parts' }, fixes });
  }
  return [...chosen];
}

/** Part number → new name, for those that are renamed. Reports what does not fit. */
function newNames(ctx: Context, chosen: readonly number[]): Map<number, string> {
  const { parts } = ctx.inputs.image;
  const names = new Map<number, string>();
  for (const [address, name] of Object.entries(ctx.params.rename)) {
    const index = findPart(parts, address);
    const where = { param: `rename.${address}` };
    const trouble = nameTrouble(name);
    if (index === undefined || !chosen.includes(index)) {
      const message = `There is no part ${address} to rename among those chosen: ${listNames(chosen.map((i) => partLabel(parts[i]!, i)))}.`;
      ctx.report({ severity: 'warning', code: 'part-unknown', message, where });
    } else if (trouble !== undefined) {
      ctx.report({ severity: 'error', code: 'part-name', message: `The new name of ${address} ${trouble}.`, where });
    } else names.set(index, name);
  }
  const seen = new Set<string>();
  for (const index of chosen) {
    const name = names.get(index) ?? parts[index]!.name;
    if (name === undefined && chosen.length > 1) {
      const message = `Part #${index} has no name, which it needs beside other parts. Give it one in "rename".`;
      ctx.report({ severity: 'error', code: 'part-name', message, where: { param: 'rename', part: index } });
    } else if (name !== undefined && seen.has(name)) {
      const message = `Two of the chosen parts would be named ${name}. Rename one of them.`;
      ctx.report({ severity: 'error', code: 'part-duplicate', message, where: { param: 'rename', part: name } });
    }
    if (name !== undefined) seen.add(name);
  }
  return names;
}
