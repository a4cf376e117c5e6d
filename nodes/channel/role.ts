// Role: says what the numbers of channels are, where their names do not.
import { z } from 'zod';
import {
  defineNode,
  image,
  type Json,
  listNames,
  matchesName,
  nearNames,
  passPart,
  ROLES,
} from '../../engine/authoring.ts';

const params = z.strictObject({
  rows: z
    .array(
      z.strictObject({
        channels: z.string().min(1).meta({ title: 'Channels', description: 'A channel by name, * for any text.' }),
        role: z.enum(ROLES).meta({ title: 'Role', description: 'What the numbers of these channels are.' }),
      }),
    )
    .max(256)
    .default([])
    .meta({ title: 'Rows', description: 'Which channels have which role. The last row that fits a channel holds.' }),
});

export const role = defineNode({
  type: 'channel.role',
  version: 1,
  title: 'Role',
  doc: 'Says of channels whether they are colour, alpha, depth, normals, vectors, ids, masks or something else. Without it that is guessed from the name, the type and the attributes, as sluice inspect shows. Roles decide what is warned of and what nodes take for colour unless they are told otherwise; a channel that is made an id here takes the nearest sample where an image is resized or turned. Samples, names, types, windows and attributes stay as they are, in all parts that have such channels, and nothing of it is written to a file.',
  keywords: ['kind', 'type', 'data', 'colour', 'depth', 'normal', 'vector', 'id', 'mask', 'classify'],
  params,
  inputs: { image: image('The image whose channels are told of.') },
  summary({ rows: [first, ...more] }) {
    if (!first) return 'no rows';
    return `${first.channels}: ${first.role}${more.length > 0 ? `, +${more.length} more` : ''}`;
  },

  spec(ctx) {
    const { image } = ctx.inputs;
    const { rows } = ctx.params;
    const names = [...new Set(image.parts.flatMap(({ channels }) => channels.map(({ name }) => name)))];
    for (const [index, { channels: pattern }] of rows.entries()) {
      if (names.some((name) => matchesName(pattern, name))) continue;
      ctx.report({
        severity: 'warning',
        code: 'channel-unknown',
        message: `Row ${index + 1}: no channel fits ${pattern}. Channels: ${listNames(names)}.`,
        where: { param: `rows[${index}].channels` },
        fixes: [
          ...nearNames(pattern, names).map((name) => ({
            title: `Use ${name}`,
            set: { rows: rows.with(index, { ...rows[index]!, channels: name }) as Json },
          })),
          { title: `Remove row ${index + 1}`, set: { rows: rows.toSpliced(index, 1) as Json } },
        ],
      });
    }
    const parts = image.parts.map((part, index) => {
      const passed = passPart(part, 'image', index);
      const channels = passed.channels.map((channel) => {
        const row = rows.findLast(({ channels: pattern }) => matchesName(pattern, channel.name));
        return row ? { ...channel, role: row.role } : channel;
      });
      return { ...passed, channels };
    });
    return { ...image, parts };
  },
});
