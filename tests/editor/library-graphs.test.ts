// The host's side of templates: graphs are read and written below the roots alone, whole, and never replaced unasked.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readGraph, writeGraph } from '../../editor/server/graphs.ts';
import { Roots } from '../../editor/server/roots.ts';
import { emptyDocument, saveDocument } from '../../engine/index.ts';

let top: string;
let roots: Roots;
const text = saveDocument({ ...emptyDocument('look'), doc: 'Brightens.' });

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'sluice-graphs-'));
  mkdirSync(join(top, 'in'));
  mkdirSync(join(top, 'out'));
  roots = new Roots([join(top, 'in')]);
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

const base = (): string => join(top, 'in');
const codeOf = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (thrown) {
    return (thrown as { code: string }).code;
  }
};

test('a graph that is written can be read again, and nothing else is left in the folder', () => {
  const { path } = writeGraph(roots, 'a.sluice.json', base(), { text, overwrite: false });
  expect(readFileSync(path, 'utf8')).toBe(text);
  expect(readdirSync(base())).toEqual(['a.sluice.json']);
  expect(saveDocument(readGraph(roots, 'a.sluice.json', base()).document)).toBe(text);
});

test('what is there is replaced only where that was said', () => {
  writeFileSync(join(base(), 'a.sluice.json'), 'mine');
  const write = (overwrite: boolean) => () => writeGraph(roots, 'a.sluice.json', base(), { text, overwrite });
  expect(codeOf(write(false))).toBe('file-exists');
  expect(readFileSync(join(base(), 'a.sluice.json'), 'utf8')).toBe('mine');
  write(true)();
  expect(readFileSync(join(base(), 'a.sluice.json'), 'utf8')).toBe(text);
});

test('a folder that is not there is made only where that was said, and never outside', () => {
  const write = (path: string, makeFolder: boolean) => () =>
    writeGraph(roots, path, base(), { text, overwrite: false, makeFolder });
  expect(codeOf(write('one/two/a.sluice.json', false))).toBe('file-not-found');
  expect(readdirSync(base())).toEqual([]);
  write('one/two/a.sluice.json', true)();
  expect(readFileSync(join(base(), 'one', 'two', 'a.sluice.json'), 'utf8')).toBe(text);
  expect(codeOf(write('../out/new/a.sluice.json', true))).toBe('outside-roots');
  expect(existsSync(join(top, 'out', 'new'))).toBe(false);
});

test('nothing outside the roots is read or written, by whatever way', () => {
  const outside = join(top, 'out', 'x.sluice.json');
  writeFileSync(outside, text);
  symlinkSync(join(top, 'out'), join(base(), 'link'));
  for (const path of [outside, '../out/x.sluice.json', 'link/x.sluice.json']) {
    expect(codeOf(() => readGraph(roots, path, base()))).toBe('outside-roots');
    expect(codeOf(() => writeGraph(roots, path, base(), { text, overwrite: true }))).toBe('outside-roots');
  }
  expect(codeOf(() => writeGraph(roots, 'link/new.sluice.json', base(), { text, overwrite: true }))).toBe(
    'outside-roots',
  );
  expect(existsSync(join(top, 'out', 'new.sluice.json'))).toBe(false);
});

test('what is no graph is neither read nor written', () => {
  for (const bad of [
    '',
    '{}',
    '[]',
    'x',
    '{"sluice":99}',
    text.replace('"links": []', '"links": [{"from":"a.b","to":"c.d"}]'),
  ]) {
    expect(String(codeOf(() => writeGraph(roots, 'b.sluice.json', base(), { text: bad, overwrite: false })))).toMatch(
      /^(document|link)-/,
    );
    writeFileSync(join(base(), 'c.sluice.json'), bad);
    expect(String(codeOf(() => readGraph(roots, 'c.sluice.json', base())))).toMatch(/^(document|link)-/);
  }
  expect(existsSync(join(base(), 'b.sluice.json'))).toBe(false);
  expect(codeOf(() => readGraph(roots, 'none.sluice.json', base()))).toBe('file-not-found');
});
