// The parameters of Set attribute: a list of edits.
import { z } from 'zod';
import { nameTrouble } from '../../../engine/authoring.ts';

const attributeName = z.string().refine((name) => nameTrouble(name) === undefined, {
  error: 'Expected an attribute name of 1 to 255 bytes.',
});

const part = z
  .union([z.string(), z.int().min(0)])
  .optional()
  .meta({
    title: 'Part',
    description: 'Name or number of the part to edit; all parts where this is left out.',
    advanced: true,
  });

const fromPart = z
  .union([z.string(), z.int().min(0)])
  .optional()
  .meta({
    title: 'Part of the input',
    description:
      'Name or number of the part to take from; the part of the same name, or the only one, where this is left out.',
    advanced: true,
  });

const patterns = (title: string, description: string) => z.array(z.string()).optional().meta({ title, description });

const set = z
  .strictObject({
    op: z.literal('set'),
    name: attributeName.meta({ title: 'Name', widget: 'attribute' }),
    type: z.string().optional().meta({
      title: 'Type',
      description: 'OpenEXR type name, such as string or v2f. The present type where this is left out.',
      widget: 'attributeType',
    }),
    value: z.json().meta({
      title: 'Value',
      description:
        // biome-ignore lint/suspicious/noTemplateCurlyInString: these are the placeholders that people type
        'In the form of its type. Texts may hold ${attribute.NAME}, and ${others.INPUT.NAME} for an attribute of another input.',
      widget: 'attributeValue',
    }),
    part,
  })
  .meta({ title: 'Set' });

const rename = z
  .strictObject({
    op: z.literal('rename'),
    name: attributeName.meta({ title: 'Name', widget: 'attribute' }),
    to: attributeName.meta({ title: 'New name' }),
    part,
  })
  .meta({ title: 'Rename' });

const remove = z
  .strictObject({
    op: z.literal('delete'),
    name: attributeName.meta({ title: 'Name', description: 'May hold * for any text.', widget: 'attribute' }),
    part,
  })
  .meta({ title: 'Delete' });

const copy = z
  .strictObject({
    op: z.literal('copy'),
    name: attributeName.meta({ title: 'Name', widget: 'attribute' }),
    from: z.string().optional().meta({
      title: 'From',
      description: 'Name of an input on the port others; the image itself where this is left out.',
      widget: 'source',
    }),
    as: attributeName.optional().meta({ title: 'As', description: 'Name of the copy; the same name where left out.' }),
    part,
    fromPart,
  })
  .meta({ title: 'Copy' });

const importAll = z
  .strictObject({
    op: z.literal('import'),
    from: z.string().meta({ title: 'From', description: 'Name of an input on the port others.', widget: 'source' }),
    only: patterns('Only', 'Names of attributes to import, with * for any text; all where this is left out.'),
    except: patterns('Except', 'Names of attributes not to import, with * for any text.'),
    frame: z.int().optional().meta({
      title: 'Frame',
      description:
        'The frame at which that input is read, for every edit that names it; the current frame where left out.',
      advanced: true,
    }),
    part,
    fromPart,
  })
  .meta({ title: 'Import' });

export const params = z.strictObject({
  edits: z
    .array(z.discriminatedUnion('op', [set, rename, remove, copy, importAll]))
    .default([])
    .meta({ title: 'Edits', description: 'Changes to the attributes, made in order.', widget: 'attributeEdits' }),
});

export type Params = z.output<typeof params>;
export type AttributeEdit = Params['edits'][number];
export type EditOf<Op extends AttributeEdit['op']> = Extract<AttributeEdit, { op: Op }>;
