// Cryptomatte select: renames, copies and drops Cryptomattes with all that belongs to them.
import { z } from 'zod';
import {
  cryptomattesOf,
  defineNode,
  image,
  type Json,
  listNames,
  matchesName,
  type NodeProblem,
  nameTrouble,
  nearNames,
} from '../../engine/authoring.ts';
import { type Edit, editParts } from './select/edit.ts';

const layer = z
  .string()
  .min(1)
  .meta({ title: 'Cryptomatte', description: 'The name of the Cryptomatte, such as crypto_object.' });
const to = z.string().min(1).meta({
  title: 'New name',
  description: 'Its channels are called by it, and the key of its attributes is its hash.',
});
const pattern = z
  .string()
  .min(1)
  .meta({ title: 'Cryptomatte', description: 'The name of the Cryptomatte, with * for any text.' });

const params = z.strictObject({
  edits: z
    .array(
      z.discriminatedUnion('op', [
        z.strictObject({ op: z.literal('rename'), layer, to }).meta({ title: 'Rename' }),
        z.strictObject({ op: z.literal('copy'), layer, to }).meta({ title: 'Copy' }),
        z.strictObject({ op: z.literal('drop'), layer: pattern }).meta({ title: 'Drop' }),
      ]),
    )
    .max(64)
    .default([])
    .meta({ title: 'Edits', description: 'What is done to Cryptomattes, one edit after the other.' }),
  sidecars: z.enum(['keep', 'embed']).default('keep').meta({
    title: 'Manifest files',
    description:
      'Of a manifest in a file beside the image: keep goes on naming the file, which has to lie beside the new image too; embed puts what it holds into the header.',
  }),
});

export const select = defineNode({
  type: 'cryptomatte.select',
  version: 1,
  title: 'Cryptomatte select',
  doc: 'Renames, copies and drops Cryptomattes: all channels of all levels and the preview, and the attributes that describe them, go together. The attributes of a new name stand under the key that the Cryptomatte specification makes of it; the manifest stays as it is, byte for byte. Samples, types and windows stay as they are, so that ids are never changed. All parts and views are looked at; a part that is called by a level, such as crypto_object00 with R, G, B and A, is renamed. A part of which nothing is left is dropped. Copies hold the same samples twice in the file.',
  keywords: ['crypto', 'id', 'matte', 'layer', 'rename', 'remove', 'manifest', 'sidecar', 'manif_file'],
  params,
  inputs: { image: image('The image with the Cryptomattes.') },
  summary({ edits: [first, ...more], sidecars }) {
    if (!first) return sidecars === 'embed' ? 'manifests into the header' : 'no edits';
    const text = `${first.op} ${first.layer}${'to' in first ? ` to ${first.to}` : ''}`;
    return more.length > 0 ? `${text}, +${more.length} more` : text;
  },

  spec(ctx) {
    const { edits, sidecars } = ctx.params;
    const names = new Set(cryptomattesOf(ctx.inputs.image.parts).map(({ name }) => name));
    const sound: Edit[] = [];
    for (const [index, edit] of edits.entries()) {
      const problem = wrongEdit(edit, index, names, edits as unknown as readonly Json[]);
      if (problem) ctx.report(problem);
      if (problem?.severity === 'error') continue;
      for (const name of [...names].filter((known) => matches(edit, known))) {
        sound.push({ op: edit.op, name, ...('to' in edit ? { to: edit.to } : {}) } as Edit);
        if (edit.op !== 'copy') names.delete(name);
        if ('to' in edit) names.add(edit.to);
      }
    }
    return editParts(ctx, sound, sidecars);
  },
});

type Row = z.output<typeof params>['edits'][number];

const matches = (edit: Row, name: string): boolean =>
  edit.op === 'drop' ? matchesName(edit.layer, name) : edit.layer === name;

/** What is wrong with an edit, given the names that there are before it. */
function wrongEdit(
  edit: Row,
  index: number,
  names: ReadonlySet<string>,
  edits: readonly Json[],
): NodeProblem | undefined {
  const known = [...names];
  if (!known.some((name) => matches(edit, name))) {
    const near = nearNames(edit.layer, known);
    const use = (near.length > 0 ? near : known.slice(0, 3)).map((name) => ({
      title: `Use ${name}`,
      set: { edits: edits.with(index, { ...edit, layer: name }) as Json },
    }));
    const remove = { title: `Remove edit ${index + 1}`, set: { edits: edits.toSpliced(index, 1) as Json } };
    return {
      severity: edit.op === 'drop' && edit.layer.includes('*') ? 'warning' : 'error',
      code: 'cryptomatte-unknown',
      message: `Edit ${index + 1}: there is no Cryptomatte ${edit.layer}. There are: ${listNames(known)}.`,
      where: { param: `edits[${index}].layer` },
      fixes: [...use, remove],
    };
  }
  if (edit.op === 'drop') return undefined;
  const where = { param: `edits[${index}].to` };
  const trouble = nameTrouble(`${edit.to}00.R`);
  if (trouble !== undefined) {
    const message = `Edit ${index + 1}: the channel name ${edit.to.slice(0, 60)}00.R ${trouble}.`;
    return { severity: 'error', code: 'channel-name', message, where };
  }
  if (!names.has(edit.to)) return undefined;
  const message = `Edit ${index + 1}: there is a Cryptomatte ${edit.to} already. Choose another name, or drop that one first.`;
  return { severity: 'error', code: 'channel-duplicate', message, where };
}
