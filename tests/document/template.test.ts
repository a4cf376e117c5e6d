// Templates made of selections and put into documents: what comes in, goes out, is promoted and is variable.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of Sluice
import { expect, test } from 'vitest';
import type { Json } from '../../engine/base/canonical.ts';
import type { EngineError } from '../../engine/base/error.ts';
import { fingerprint } from '../../engine/base/fingerprint.ts';
import { applyEdit } from '../../engine/document/apply.ts';
import { type GatherOptions, templateFrom } from '../../engine/document/gather.ts';
import { loadDocument } from '../../engine/document/load.ts';
import { saveDocument } from '../../engine/document/save.ts';
import { type Document, emptyDocument } from '../../engine/document/schema.ts';
import { freeName, insertTemplate, templateOf, templateVersion } from '../../engine/document/template.ts';

const node = (x: number, params: Record<string, Json> = {}) => ({
  type: 'a.b',
  version: 1,
  params,
  at: [x, 10] as const,
});

const start: Document = {
  ...emptyDocument('shot'),
  variables: {
    shot: { type: 'string', default: 'sh010' },
    take: { type: 'number', default: 3 },
    unused: { type: 'string', default: '' },
  },
  promoted: [
    { name: 'path', title: 'Path', to: ['readA.path'] },
    { name: 'gain', title: 'Gain', doc: 'How bright.', to: ['grade.stops', 'write.stops', 'mix.stops'] },
    { name: 'shot', title: 'Shot', to: ['mix.name'] },
  ],
  nodes: {
    readA: node(0, { path: 'a' }),
    readB: node(0, { path: 'b' }),
    grade: node(200, { text: '${shot}_${frame:4}', list: [{ deep: '${take:2} ${unknown} $${unused}' }] }),
    mix: node(400),
    last: node(600),
    write: node(800),
  },
  links: [
    { from: 'readA.image', to: 'last.sources.first' },
    { from: 'readA.image', to: 'grade.image' },
    { from: 'readB.image', to: 'mix.sources.mask' },
    { from: 'grade.image', to: 'mix.sources.main' },
    { from: 'readA.image', to: 'mix.sources.other' },
    { from: 'mix.image', to: 'last.sources.second' },
    { from: 'readB.image', to: 'last.sources.third' },
    { from: 'last.image', to: 'write.image' },
  ],
};

function gather(document: Document, ids: string[], options: GatherOptions = { name: 'Brighten and mix' }) {
  const before = saveDocument(document);
  const made = templateFrom(document, ids, options);
  expect(saveDocument(document)).toBe(before);
  const { document: after, inverse } = applyEdit(document, made.edit);
  expect(applyEdit(after, inverse).document).toEqual(document);
  expect(saveDocument(applyEdit(after, inverse).document)).toBe(before);
  expect(loadDocument(saveDocument(after))).toEqual({ document: after, problems: [] });
  expect(loadDocument(saveDocument(made.template))).toEqual({ document: made.template, problems: [] });
  return { ...made, after };
}

function refusal(document: Document, ids: string[], options?: GatherOptions): string {
  try {
    templateFrom(document, ids, options ?? { name: 't' });
  } catch (thrown) {
    expect((thrown as EngineError).code).toBe('edit-invalid');
    return (thrown as EngineError).message;
  }
  return expect.fail('the selection was accepted');
}

test('a selection becomes a template with its links, promoted parameters and variables', () => {
  const { template, instance, after } = gather(start, ['mix', 'grade']);
  expect(template.name).toBe('Brighten and mix');
  expect(Object.keys(template.nodes)).toEqual(['readA', 'mask', 'grade', 'mix', 'output']);
  expect(template.nodes['mask']).toEqual({
    type: 'template.input',
    version: 1,
    params: { name: 'mask' },
    at: [-40, 90],
  });
  expect(template.nodes['grade']).toBe(start.nodes['grade']);
  expect(template.links).toEqual([
    { from: 'readA.image', to: 'grade.image' },
    { from: 'mask.image', to: 'mix.sources.mask' },
    { from: 'grade.image', to: 'mix.sources.main' },
    { from: 'readA.image', to: 'mix.sources.other' },
    { from: 'mix.image', to: 'output.image' },
  ]);
  expect(template.promoted).toEqual([
    { name: 'gain', title: 'Gain', doc: 'How bright.', to: ['grade.stops', 'mix.stops'] },
    { name: 'shot2', title: 'Shot', to: ['mix.name'] },
  ]);
  expect(Object.keys(template.variables)).toEqual(['shot', 'take']);

  expect(instance.id).toBe('brightenAndMix');
  expect(instance.node.title).toBe('Brighten and mix');
  expect(instance.node.at).toEqual([300, 10]);
  expect(instance.node.params['values']).toEqual({ shot: '${shot}', take: '${take}' });
  expect(Object.keys(after.nodes)).toEqual(['readA', 'readB', 'brightenAndMix', 'last', 'write']);
  expect(after.links).toEqual([
    { from: 'readA.image', to: 'last.sources.first' },
    { from: 'readA.image', to: 'brightenAndMix.inputs.readA' },
    { from: 'readB.image', to: 'brightenAndMix.inputs.mask' },
    { from: 'brightenAndMix.image', to: 'last.sources.second' },
    { from: 'readB.image', to: 'last.sources.third' },
    { from: 'last.image', to: 'write.image' },
  ]);
  expect(after.promoted.map(({ to }) => to)).toEqual([
    ['readA.path'],
    ['brightenAndMix.values.gain', 'write.stops'],
    ['brightenAndMix.values.shot2'],
  ]);
  expect(templateOf(after.nodes['brightenAndMix']!)).toEqual({ template, inputs: ['readA', 'mask'], gives: true });
  expect(templateOf(after.nodes['last']!)).toBeUndefined();
});

test('a selection may have no input, no output, or an output that nothing uses yet', () => {
  expect(gather(start, ['readA']).template.links).toEqual([{ from: 'readA.image', to: 'output.image' }]);
  const sink = gather(start, ['last', 'write']);
  expect(templateOf(sink.instance.node)).toMatchObject({ inputs: ['first', 'second', 'third'], gives: false });
  const open = applyEdit(start, { op: 'removeLink', to: 'write.image' }).document;
  expect(gather(open, ['last']).template.nodes['output']).toBeUndefined();
  const given = gather(open, ['last'], { name: 'x', output: 'last.image' });
  expect(given.template.links.at(-1)).toEqual({ from: 'last.image', to: 'output.image' });
  expect(given.after.links).toHaveLength(open.links.length);
});

test('templates stand inside templates', () => {
  const first = gather(start, ['grade'], { name: 'grade' });
  expect(first.instance.id).toBe('grade2');
  const second = gather(first.after, ['grade2', 'mix'], { name: 'outer' });
  expect(Object.keys(second.template.variables)).toEqual(['shot', 'take']);
  expect(second.template.promoted.map(({ name, to }) => [name, to])).toEqual([
    ['gain', ['grade2.values.gain', 'mix.stops']],
    ['shot2', ['mix.name']],
  ]);
  expect(second.after.promoted[1]!.to).toEqual(['outer.values.gain', 'write.stops']);
});

test('selections that cannot work as one node are refused', () => {
  expect(refusal(start, [])).toContain('Nothing is selected');
  expect(refusal(start, ['nobody'])).toBe('There is no node nobody.');
  expect(refusal(start, ['grade', 'last'])).toContain('mix lies between selected nodes');
  expect(refusal(start, ['readA', 'readB'])).toContain('2 go out of the selection: readA.image, readB.image');
  expect(refusal(start, ['last', 'write'], { name: 'x', output: 'mix.image' })).toContain('mix.image');
  const inner = gather(start, ['grade']).template;
  expect(refusal(inner, ['output', 'grade'])).toContain('output is an input or output of a template itself');
});

test('a template is inserted as a copy that knows where it came from', () => {
  const { template } = gather(start, ['mix', 'grade']);
  const version = templateVersion(template);
  expect(version).toBe(fingerprint(template as unknown as Json));
  expect(templateVersion({ ...template, name: 'other' })).not.toBe(version);
  const source = { path: '/templates/mix.sluice.json', name: 'mix', version };
  const { id, node: added, edit } = insertTemplate(start, template, [5, 6], source);
  const { document } = applyEdit(start, edit);
  expect(document.nodes[id]).toEqual(added);
  expect(added.params).toEqual({ template, source });
  expect(added.at).toEqual([5, 6]);
  const again = insertTemplate(document, template, [0, 0]);
  expect([id, again.id]).toEqual(['brightenAndMix', 'brightenAndMix2']);
  expect(again.node.params).toEqual({ template });
  expect(loadDocument(saveDocument(document))).toEqual({ document, problems: [] });
});

test('names are made of what people write', () => {
  const free = (text: string, ...taken: string[]) => freeName(text, (name) => taken.includes(name));
  expect(free('Beauty_v2')).toBe('Beauty_v2');
  expect(free('my grade, 2nd try')).toBe('myGrade2ndTry');
  expect(free('Größe')).toBe('groE');
  expect(free('3 × 光')).toBe('template');
  expect(free('constructor')).toBe('template');
  expect(free('x'.repeat(300))).toHaveLength(100);
  expect(free('a', 'a', 'a2')).toBe('a3');
});
