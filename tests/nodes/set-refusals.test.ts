// Set attribute: what is refused, and how.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders as people type them are what is tested
import { describe, expect, test } from 'vitest';
import { STRUCTURAL_ATTRIBUTES } from '../../engine/authoring.ts';
import { set } from '../../nodes/metadata/set.ts';
import { image, kept, run, utility, values } from './setting.ts';
import { part, picture, problemLines, provenFixes, text } from './spec-builder.ts';

describe('what is refused', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['a wrong value', { op: 'set', name: 'gain', value: 'much' }, 'error attribute-value edits[0].value'],
    [
      'a wrong value of a new one',
      { op: 'set', name: 'm', type: 'm33f', value: [1, 2] },
      'error attribute-value edits[0].value',
    ],
    ['an unknown type', { op: 'set', name: 'm', type: 'blob', value: 1 }, 'error attribute-opaque edits[0].value'],
    [
      'a value for an unknown type',
      { op: 'set', name: 'odd', type: 'string', value: '' },
      'error attribute-opaque edits[0].name',
    ],
    ['no type', { op: 'set', name: 'new', value: 1 }, 'error attribute-unknown edits[0].type'],
    [
      'a text of nothing',
      { op: 'set', name: 'owner', value: '${attribute.none}' },
      'error attribute-unknown edits[0].value',
    ],
    [
      'a text of bytes',
      { op: 'set', name: 'owner', value: '${attribute.odd}' },
      'error attribute-opaque edits[0].value',
    ],
    [
      'a text of no input',
      { op: 'set', name: 'owner', value: '${others.none.a}' },
      'error source-unknown edits[0].value',
    ],
    [
      'a text of something else',
      { op: 'set', name: 'owner', value: '${image.owner}' },
      'error param-variable edits[0].value',
    ],
    ['renaming nothing', { op: 'rename', name: 'ovner', to: 'x' }, 'warning attribute-unknown edits[0].name'],
    ['renaming onto another', { op: 'rename', name: 'owner', to: 'gain' }, 'error attribute-exists edits[0].to'],
    [
      'renaming onto a needed name',
      { op: 'rename', name: 'owner', to: 'pixelAspectRatio' },
      'error attribute-exists edits[0].to',
    ],
    ['deleting nothing', { op: 'delete', name: 'ovner' }, 'warning attribute-unknown edits[0].name'],
    ['deleting nothing by pattern', { op: 'delete', name: 'x*' }, 'warning attribute-unknown edits[0].name'],
    [
      'deleting what files need',
      { op: 'delete', name: 'screenWindowWidth' },
      'error attribute-structural edits[0].name',
    ],
    [
      'renaming what files need',
      { op: 'rename', name: 'screenWindowWidth', to: 'w' },
      'error attribute-structural edits[0].name',
    ],
    [
      'another type for what files need',
      { op: 'set', name: 'pixelAspectRatio', type: 'int', value: 1 },
      'error attribute-value edits[0].value',
    ],
    ['copying nothing', { op: 'copy', name: 'none', from: 'utility' }, 'error attribute-unknown edits[0].from'],
    ['copying from nowhere', { op: 'copy', name: 'owner', from: 'utilty' }, 'error source-unknown edits[0].from'],
    [
      'copying to the wrong type',
      { op: 'copy', name: 'owner', as: 'pixelAspectRatio' },
      'error attribute-value edits[0].name',
    ],
    ['importing from nowhere', { op: 'import', from: 'none' }, 'error source-unknown edits[0].from'],
    ['importing nothing', { op: 'import', from: 'utility', only: ['none'] }, 'warning attribute-unknown edits[0].only'],
  ])('%s', async (_title, edit, expected) => {
    const done = await run([edit]);
    expect(problemLines(done)).toEqual([expected]);
    expect(values(done.spec)).toEqual(kept);
    expect(done.losses).toEqual([]);
  });

  test('structural attributes, with the name of the node that owns them', async () => {
    const names = Object.entries(STRUCTURAL_ATTRIBUTES);
    for (const [name, owner] of names) {
      const edits = [
        { op: 'set', name, type: 'string', value: '' },
        { op: 'rename', name, to: 'x' },
        { op: 'rename', name: 'owner', to: name },
        { op: 'delete', name },
        { op: 'copy', name, from: 'utility' },
        { op: 'copy', name: 'owner', from: 'utility', as: name },
      ];
      const done = await run(edits);
      expect(done.problems.map((p) => p.code)).toEqual(edits.map(() => 'attribute-structural'));
      expect(
        done.problems.every((p) => p.message.includes(`Change it with ${owner}.`) && p.where?.attribute === name),
      ).toBe(true);
      expect(values(done.spec)).toEqual(kept);
    }
    expect(names).toHaveLength(12);
  });

  test('an import never brings structural attributes', async () => {
    const strange = picture(part({ attributes: [text('view', 'left'), text('shot', 'a')] }));
    expect(values((await run([{ op: 'import', from: 'strange' }], image, { strange })).spec)).toEqual({
      ...kept,
      shot: 'a',
    });
  });

  test('one input at two frames', async () => {
    const edits = [
      { op: 'import', from: 'utility', frame: 1 },
      { op: 'import', from: 'utility', frame: 2 },
    ];
    expect(problemLines(await run(edits))).toEqual(['error param-invalid edits[1].frame']);
    const params = set.params.parse({ edits: edits.slice(0, 1) });
    expect(['image', 'others.utility', 'others.other'].map((port) => set.frameOf!({ params, frame: 7 }, port))).toEqual(
      [7, 1, 7],
    );
  });

  test('fixes make their problem go away', async () => {
    const fixes = (edit: unknown, code: 'attribute-unknown') =>
      provenFixes(set, { edits: [edit] }, { image, others: { utility } }, code);
    expect(await fixes({ op: 'delete', name: 'ovner' }, 'attribute-unknown')).toEqual(['Use owner']);
    expect(await fixes({ op: 'set', name: 'ovner', value: 'x' }, 'attribute-unknown')).toEqual([
      'Add it as string',
      'Set owner instead',
    ]);
    expect(await fixes({ op: 'set', name: 'new', value: [1, 2.5] }, 'attribute-unknown')).toEqual([
      'Add it as floatvector',
    ]);
    expect(await fixes({ op: 'set', name: 'new', value: 3 }, 'attribute-unknown')).toEqual([
      'Add it as int',
      'Add it as float',
    ]);
  });

  test.each([
    [{ op: 'set', name: '', type: 'int', value: 1 }],
    [{ op: 'set', name: 'a'.repeat(256), type: 'int', value: 1 }],
    [{ op: 'set', name: 'a', type: 'int' }],
    [{ op: 'erase', name: 'a' }],
    [{ op: 'delete', name: 'a', to: 'b' }],
  ])('the schema refuses %j', (edit) => {
    expect(set.params.safeParse({ edits: [edit] }).success).toBe(false);
  });
});
