// Set attribute: sets, renames, deletes, copies and imports header attributes; channels and chunks pass untouched.
import { defineNode, image, images } from '../../engine/authoring.ts';
import { applyEdits } from './set/edit.ts';
import { type AttributeEdit, params } from './set/params.ts';

export const set = defineNode({
  type: 'metadata.set',
  version: 1,
  title: 'Set attribute',
  doc: 'Sets, renames, deletes and copies header attributes, and imports those of another input. Attributes of unknown type can be kept, renamed, copied and deleted. Pixels are not touched.',
  keywords: ['metadata', 'header', 'attribute', 'rename', 'delete', 'copy', 'import', 'comment', 'time code'],
  params,
  inputs: {
    image: image('The image whose attributes are edited.'),
    others: images('Images from which attributes are copied or imported, each under a name of its own. May be empty.'),
  },

  summary({ edits }) {
    const [first] = edits;
    if (!first) return 'no edits';
    return edits.length > 1 ? `${words(first)}, +${edits.length - 1} more` : words(first);
  },

  frameOf({ params: { edits }, frame }, port) {
    const named = edits.find((e) => e.op === 'import' && e.frame !== undefined && port === `others.${e.from}`);
    return named?.op === 'import' && named.frame !== undefined ? named.frame : frame;
  },

  spec(ctx) {
    const sheets = applyEdits(ctx);
    for (const sheet of sheets) {
      for (const loss of sheet.losses('image')) ctx.lose(loss);
    }
    return { ...ctx.inputs.image, parts: sheets.map((sheet) => sheet.finish('image')) };
  },
});

function words(edit: AttributeEdit): string {
  if (edit.op === 'rename') return `rename ${edit.name} to ${edit.to}`;
  return edit.op === 'import' ? `import from ${edit.from}` : `${edit.op} ${edit.name}`;
}
