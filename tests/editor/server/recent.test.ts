// The graphs that were opened last: kept for the next host, and shown only where a host may open them.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Recent } from '../../../editor/server/recent.ts';
import { Roots } from '../../../editor/server/roots.ts';
import { emptyDocument, saveDocument } from '../../../engine/browser.ts';
import { hosted, temporary } from './hosted.ts';

function graphs(folder: string, ...names: readonly string[]): string[] {
  return names.map((name) => {
    const path = join(folder, `${name}.sluice.json`);
    writeFileSync(path, saveDocument(emptyDocument(name)));
    return path;
  });
}

test('the newest comes first, what is gone or outside is not shown', () => {
  const [folder, other] = [temporary(), temporary()];
  const [a, b] = graphs(folder, 'a', 'b') as [string, string];
  const [c] = graphs(other, 'c') as [string];
  const file = join(folder, 'state', 'recent.json');
  const recent = new Recent(file);
  expect(recent.within(new Roots([folder]))).toEqual([]);
  for (const path of [a, c, b, a]) recent.add(path);
  expect(new Recent(file).within(new Roots([folder]))).toEqual([a, b]);
  expect(recent.within(new Roots([folder, other]))).toEqual([a, b, c]);
  rmSync(b);
  expect(recent.within(new Roots([folder]))).toEqual([a]);
});

test('is not long, and a list that is damaged or cannot be kept keeps nobody from working', () => {
  const folder = temporary();
  const file = join(folder, 'recent.json');
  const recent = new Recent(file);
  for (const path of graphs(folder, ...Array.from({ length: 30 }, (_, i) => `g${i}`))) recent.add(path);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveLength(20);
  writeFileSync(file, '["a", 3');
  expect(recent.within(new Roots([folder]))).toEqual([]);
  recent.add(join(folder, 'g3.sluice.json'));
  expect(recent.within(new Roots([folder]))).toEqual([join(folder, 'g3.sluice.json')]);
  writeFileSync(join(folder, 'plain'), '');
  new Recent(join(folder, 'plain', 'recent.json')).add('/x');
  expect(existsSync(join(folder, 'plain', 'recent.json'))).toBe(false);
});

test('clients are told of what was opened and saved, by this host or one before', async () => {
  const folder = temporary();
  const state = join(temporary(), 'sluice', 'recovery');
  mkdirSync(state, { recursive: true });
  const [a, b] = graphs(folder, 'a', 'b') as [string, string];
  const first = await (await hosted({ graph: a, state })).connect();
  expect((await first.event('recent')).paths).toEqual([a]);
  await first.ask('open', { path: b });
  await first.event('recent', (e) => e.paths[0] === b);
  const copy = join(folder, 'copy.sluice.json');
  await first.ask('save', { path: copy, overwrite: false });
  await first.event('recent', (e) => e.paths[0] === copy);
  // A new graph is none until it is saved.
  const fresh = join(folder, 'fresh.sluice.json');
  const second = await (await hosted({ graph: fresh, state })).connect();
  expect((await second.event('recent')).paths).toEqual([copy, b, a]);
  await second.ask('save', { overwrite: false });
  await second.event('recent', (e) => e.paths[0] === fresh);
});
