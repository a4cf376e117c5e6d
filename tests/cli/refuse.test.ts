// What a run never writes: its inputs, one file twice, anything outside the allowed folders.
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { copyGraph, scenes, visible, writeGraph } from './footage.ts';
import { sluice, temporaryFolder } from './sluice.ts';

const root = temporaryFolder();
const scene = scenes(root);

describe('what is never written', () => {
  test('an input, by its own name or through a link', async () => {
    const cwd = await scene([1, 2]);
    const before = readFileSync(join(cwd, 'in', 'a.0001.exr'), 'hex');
    const graph = copyGraph(cwd, { overwrite: 'replace' });
    symlinkSync(join(cwd, 'in'), join(cwd, 'link'));
    for (const path of ['in/a.%04d.exr', 'link/a.%04d.exr', './in/../in/a.####.exr']) {
      const { code, stderr } = await sluice(['run', graph, '--set', `write.path=${path}`], { cwd });
      expect([code, stderr]).toEqual([3, expect.stringContaining('overwrites-input')]);
    }
    expect(readFileSync(join(cwd, 'in', 'a.0001.exr'), 'hex')).toBe(before);
  });

  test('one file by two sinks', async () => {
    const cwd = await scene([1]);
    const graph = writeGraph(
      cwd,
      {
        read: { type: 'io.read', params: { path: 'in/a.%04d.exr' } },
        one: { type: 'io.write', params: { path: 'out/b.%04d.exr', overwrite: 'replace' } },
        two: { type: 'io.write', params: { path: 'out/b.####.exr', overwrite: 'replace' } },
      },
      ['read.image > one.image', 'read.image > two.image'],
    );
    const { code, stderr } = await sluice(['run', graph], { cwd });
    expect([code, stderr]).toEqual([3, expect.stringContaining('is written by')]);
    expect(visible(join(cwd, 'out'))).toEqual([]);
  });

  test('anything outside the roots', async () => {
    const cwd = await scene([1]);
    const outside = await scene([1]);
    symlinkSync(outside, join(cwd, 'escape'));
    const graph = copyGraph(cwd);
    const confined = (name: string, value: string) =>
      sluice(['run', graph, '--root', cwd, '--set', `${name}=${value}`], { cwd: outside });
    for (const folder of [outside, '../', 'escape', join(cwd, 'in/../../')]) {
      const reading = await confined('read.path', `${folder}/in/a.%04d.exr`);
      expect([reading.code, reading.stderr]).toEqual([3, expect.stringContaining('outside-roots')]);
      const writing = await confined('write.path', `${folder}/b.%04d.exr`);
      expect([writing.code, writing.stderr]).toEqual([3, expect.stringContaining('outside-roots')]);
    }
    expect(visible(outside)).toEqual(['in']);
    expect(
      (await sluice(['run', graph, '--root', join(cwd, 'in'), '--root', join(cwd, 'out')], { cwd: outside })).code,
    ).toBe(2);
    mkdirSync(join(cwd, 'out'));
    expect(
      (await sluice(['run', graph, '--root', join(cwd, 'in'), '--root', join(cwd, 'out')], { cwd: outside })).code,
    ).toBe(0);
    expect(visible(join(cwd, 'out'))).toEqual(['b.0001.exr']);
  });
});
