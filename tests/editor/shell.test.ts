// The shell's logic: shortcuts, fuzzy search, layout, paths, and what becomes of things dropped on the window.

import { describe, expect, test } from 'vitest';
import type { FolderView } from '../../editor/protocol.ts';
import { type Action, actionFor, actions$, registerActions, runAction } from '../../editor/ui/shell/actions.ts';
import { chordsOf, type KeyPress, normalChord } from '../../editor/ui/shell/chord.ts';
import { fuzzy, search } from '../../editor/ui/shell/fuzzy.ts';
import { groupsOf } from '../../editor/ui/shell/groups.ts';
import { FIRST_LAYOUT, readLayout, resized, split, toggled } from '../../editor/ui/shell/layout.ts';
import { entriesOf, withEnding } from '../../editor/ui/shell/listing.ts';
import { baseName, folderOf, joinPath, pathIn, relativeTo } from '../../editor/ui/shell/path.ts';
import { belongsTo, freshId, readerEdit } from '../../editor/ui/shell/reader.ts';
import { recentTitles } from '../../editor/ui/shell/recent.ts';
import { applyEdit, type CatalogueEntry, emptyDocument } from '../../engine/browser.ts';

const press = (key: string, code = '', modifiers: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...modifiers,
});
const linux = { mac: false };

describe('chords', () => {
  test('have one way to be written', () => {
    expect(normalChord('Shift+Mod+z', linux)).toBe('Mod+Shift+Z');
    expect(normalChord('Ctrl+Space', linux)).toBe('Mod+Space');
    expect(normalChord('Ctrl+Space', { mac: true })).toBe('Ctrl+Space');
    expect(normalChord('Mod++', linux)).toBe('Mod++');
    expect(normalChord('+', linux)).toBe('+');
  });

  test.each([
    [press('z', 'KeyZ', { ctrlKey: true }), 'Mod+Z'],
    [press('Z', 'KeyZ', { ctrlKey: true, shiftKey: true }), 'Mod+Shift+Z'],
    [press('?', 'Slash', { shiftKey: true }), '?'],
    [press(' ', 'Space', { shiftKey: true }), 'Shift+Space'],
    [press('ArrowUp', 'ArrowUp', { altKey: true }), 'Alt+ArrowUp'],
    [press('1', 'Digit1'), '1'],
    [press('1', 'Numpad1'), '1'],
    // Cyrillic types another letter on the same key; a French keyboard types a sign on the digit's.
    [press('я', 'KeyZ', { ctrlKey: true }), 'Mod+Z'],
    [press('&', 'Digit1'), '1'],
    [press('!', 'Digit1', { shiftKey: true }), 'Shift+1'],
    // Option on a Mac types something else.
    [press('ß', 'KeyS', { altKey: true }), 'Alt+S'],
  ])('%o can mean %s', (event, chord) => {
    expect(chordsOf(event, linux)).toContain(chord);
  });

  test('a modifier alone and a dead key mean nothing', () => {
    expect(chordsOf(press('Shift', 'ShiftLeft', { shiftKey: true }), linux)).toEqual([]);
    expect(chordsOf(press('Dead', 'BracketLeft'), linux)).toEqual([]);
  });
});

describe('actions', () => {
  const nothing = (): void => {};

  test('of the area go before those of anywhere; disabled ones and those of other areas stay out', () => {
    const anywhere: Action = { id: 'a.anywhere', title: 'Anywhere', keys: ['F'], run: nothing };
    const canvas: Action = { id: 'a.canvas', title: 'Canvas', keys: ['F'], where: 'canvas', run: nothing };
    const off: Action = { ...canvas, id: 'a.off', enabled: () => false };
    const all = [off, canvas, anywhere];
    expect(actionFor(all, ['F'], 'canvas')).toBe(canvas);
    expect(actionFor(all, ['F'], 'viewer')).toBe(anywhere);
    expect(actionFor(all, ['G'], 'canvas')).toBeUndefined();
    expect(actionFor([off], ['F'], 'canvas')).toBeUndefined();
  });

  test('are registered, replaced by id, run by id and taken away', () => {
    const log: string[] = [];
    const end = registerActions([{ id: 't.one', title: 'One', run: () => log.push('old') }]);
    const endNew = registerActions([{ id: 't.one', title: 'One', run: () => log.push('new') }]);
    runAction('t.one');
    end();
    runAction('t.one');
    endNew();
    runAction('t.one');
    expect(log).toEqual(['new', 'new']);
    expect(actions$.value.some(({ id }) => id === 't.one')).toBe(false);
  });

  test('fall into groups in a fixed order, the graph under one name, help last', () => {
    const ids = ['help.x', 'node.a', 'zebra.b', 'canvas.c', 'file.d', 'viewer.e', 'edit.f'];
    const groups = groupsOf(ids.map((id) => ({ id, title: id, run: nothing })));
    expect(groups.map(({ title }) => title)).toEqual(['File', 'Edit', 'Graph', 'Viewer', 'Zebra', 'Help']);
    expect(groups[2]!.actions.map(({ id }) => id)).toEqual(['node.a', 'canvas.c']);
  });
});

describe('fuzzy search', () => {
  test('meets letters in order and says which', () => {
    expect(fuzzy('sas', 'Save as…')?.at).toEqual([0, 5, 6]);
    expect(fuzzy('', 'x')).toEqual({ score: 0, at: [] });
    expect(fuzzy('xyz', 'xy')).toBeUndefined();
    expect(fuzzy('ba', 'ab')).toBeUndefined();
  });

  test('puts the beginning of words before the middle', () => {
    const names = ['Unshuffle channels', 'Shuffle', 'Reshuffle', 'Set half unit'];
    expect(search('shu', names, (name) => [name])[0]).toBe('Shuffle');
    expect(search('cc', ['Accept', 'Colour correct'], (name) => [name])[0]).toBe('Colour correct');
  });

  test('takes the first text for the most telling one', () => {
    const items = [
      { title: 'Blur', keywords: 'exposure' },
      { title: 'Exposure', keywords: '' },
    ];
    const found = search('exposure', items, ({ title, keywords }) => [title, keywords]);
    expect(found.map(({ title }) => title)).toEqual(['Exposure', 'Blur']);
  });

  test('is quick on hostile texts', () => {
    // Time of this process: a busy machine must not count.
    const before = process.cpuUsage();
    for (let i = 0; i < 50; i++) fuzzy('a'.repeat(200), 'a'.repeat(10_000));
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(2000);
  });
});

describe('layout', () => {
  test('what was kept is taken up as far as it is right', () => {
    expect(readLayout(null)).toEqual(FIRST_LAYOUT);
    expect(readLayout('{')).toEqual(FIRST_LAYOUT);
    expect(readLayout('[1]')).toEqual(FIRST_LAYOUT);
    const kept = { ...FIRST_LAYOUT, left: 300, hidden: ['right'], full: 'viewer', rightTab: 'problems' };
    expect(readLayout(JSON.stringify(kept))).toEqual(kept);
    const wrong = { left: 1e9, right: 'x', drawer: null, centreSplit: -4, hidden: ['roof', 'left'], full: 'all' };
    expect(readLayout(JSON.stringify(wrong))).toEqual({
      ...FIRST_LAYOUT,
      left: 520,
      centreSplit: 0.12,
      hidden: ['left'],
    });
  });

  test('panes stay within their range, hide and come back as they were', () => {
    expect(resized(FIRST_LAYOUT, 'left', 10).left).toBe(250);
    expect(resized(FIRST_LAYOUT, 'left', -1000).left).toBe(180);
    expect(split(FIRST_LAYOUT, 'centreSplit', 60, 600).centreSplit).toBeCloseTo(0.65);
    expect(split(FIRST_LAYOUT, 'centreSplit', 60, 0)).toBe(FIRST_LAYOUT);
    expect(toggled(toggled(FIRST_LAYOUT, 'left'), 'left')).toEqual({ ...FIRST_LAYOUT, hidden: ['drawer'] });
  });
});

describe('paths', () => {
  test.each([
    ['/a/b/c.exr', 'c.exr', '/a/b'],
    ['/c.exr', 'c.exr', '/'],
    ['C:\\a\\b.exr', 'b.exr', 'C:\\a'],
    ['C:\\b.exr', 'b.exr', 'C:\\'],
    ['b.exr', 'b.exr', ''],
  ])('%s is %s in %s', (path, base, folder) => {
    expect(baseName(path)).toBe(base);
    expect(folderOf(path)).toBe(folder);
    expect(joinPath(folder, base)).toBe(path);
  });

  test('below the folder of the document they are written relative, others not', () => {
    expect(relativeTo('/shots', '/shots/in/a.exr')).toBe('in/a.exr');
    expect(relativeTo('/shots', '/shots2/a.exr')).toBe('/shots2/a.exr');
    expect(relativeTo('C:\\shots', 'C:\\shots\\in\\a.exr')).toBe('in/a.exr');
  });

  test.each([
    ['/a/b.%04d.exr', '/a/b.%04d.exr'],
    ['  "/a/with space.exr"\n', '/a/with space.exr'],
    ['file:///a/b%20c.exr', '/a/b c.exr'],
    ['file:///C:/a/b.exr', 'C:/a/b.exr'],
    ['C:\\a\\b.exr', 'C:\\a\\b.exr'],
    ['in/beauty.####.exr', 'in/beauty.####.exr'],
    ['comp.sluice.json', 'comp.sluice.json'],
  ])('%j is the path %s', (text, path) => {
    expect(pathIn(text)).toBe(path);
  });

  test.each(['', '/', 'hello', 'a\nb.exr', '{"x": "a.exr"}', 'file://%', 'https://x.org/a'])(
    '%j is no path',
    (text) => {
      expect(pathIn(text)).toBeUndefined();
    },
  );

  test('a document keeps the ending that documents have', () => {
    expect(withEnding('comp')).toBe('comp.sluice.json');
    expect(withEnding('comp.json')).toBe('comp.sluice.json');
    expect(withEnding('comp.sluice.json')).toBe('comp.sluice.json');
    expect(withEnding('sh010.v2')).toBe('sh010.v2.sluice.json');
  });
});

const folder = (path: string, folders: string[], names: string[]): FolderView => ({
  folder: path,
  folders,
  sequences: names.map((pattern) => ({ pattern, ...(pattern.endsWith('.json') ? { document: true } : {}) })),
  roots: ['/shots'],
});

describe('folders', () => {
  const view = folder('/shots', ['in'], ['b.%04d.exr', 'c.sluice.json']);
  test.each([
    ['sequence', ['/shots/in', '/shots/b.%04d.exr']],
    ['document', ['/shots/in', '/shots/c.sluice.json']],
    ['save', ['/shots/in', '/shots/c.sluice.json']],
    ['folder', ['/shots/in']],
  ] as const)('offer what is wanted: %s', (want, paths) => {
    expect(entriesOf(view, want).map(({ path }) => path)).toEqual(paths);
  });
});

describe('things dropped', () => {
  const reader: CatalogueEntry = {
    type: 'test.reader',
    version: 3,
    title: 'Reader',
    doc: '',
    keywords: [],
    category: 'test',
    inputs: [],
    outputs: [],
    params: { properties: { name: { type: 'string' }, file: { type: 'string', widget: 'sequence' } } },
    animatable: [],
    sink: false,
  };
  const sink = { ...reader, type: 'test.writer', sink: true };

  test('become a node that reads them: whichever has a parameter for it', () => {
    const document = emptyDocument();
    const made = readerEdit([sink, reader], document, { path: '/shots/in/b.%04d.exr', file: '/shots/c.sluice.json' });
    expect(made).toEqual({
      id: 'b',
      edit: {
        op: 'addNode',
        id: 'b',
        node: { type: 'test.reader', version: 3, params: { file: 'in/b.%04d.exr' }, at: [0, 0] },
      },
    });
    const next = applyEdit(document, made!.edit).document;
    const second = readerEdit([reader], next, { path: '/x/b.%04d.exr' });
    expect(second).toMatchObject({ id: 'b_2', edit: { node: { at: [0, 160] } } });
    expect(readerEdit([sink], document, { path: '/x.exr' })).toBeUndefined();
  });

  test('keep dollar signs of their names', () => {
    const made = readerEdit([reader], emptyDocument(), { path: '/x/a$b$$.exr' });
    expect(made?.edit).toMatchObject({ node: { params: { file: '/x/a$$b$$$$.exr' } } });
  });

  test.each([
    ['sh010_beauty.%04d.exr', 'sh010_beauty'],
    ['beauty.####.exr', 'beauty'],
    ['beauty.1001.exr', 'beauty'],
    ['1001.exr', 'read'],
    ['ünï côde.exr', 'uni_code'],
    ['größe übung.1001.exr', 'grosse_ubung'],
    ['Æon élan.exr', 'aeon_elan'],
    ['映像.exr', 'read'],
    ['constructor.exr', 'constructor_2'],
  ])('%s gets the id %s', (name, id) => {
    expect(freshId(emptyDocument(), name)).toBe(id);
  });

  test('belong to patterns', () => {
    expect(belongsTo('b.%04d.exr', 'b.1001.exr')).toBe(true);
    expect(belongsTo('b.%04d.exr', 'c.1001.exr')).toBe(false);
    expect(belongsTo('still.exr', 'still.exr')).toBe(true);
    expect(belongsTo('$F4.exr', 'x.exr')).toBe(false);
  });
});

test('recent graphs of the same name are told apart by their folders', () => {
  expect(recentTitles(['/a/x.sluice.json', '/b/y.sluice.json', '/c d/x.sluice.json', '/x.sluice.json'])).toEqual([
    'Open x.sluice.json in a',
    'Open y.sluice.json',
    'Open x.sluice.json in c d',
    'Open x.sluice.json in /',
  ]);
});
