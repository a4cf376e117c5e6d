// An EXR with a recipe, opened: its graph becomes a document without a file; an EXR without one is refused.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emptyDocument, loadRecipe, saveDocument } from '../../../engine/browser.ts';
import { recipeText } from '../../../engine/document/recipe.ts';
import { text, writeExr } from '../../run/files.ts';
import { codeOf, hosted, shotFolder, temporary } from './hosted.ts';

const recipe = (reads = 'in/x.exr'): string =>
  recipeText({
    document: {
      ...emptyDocument('inside'),
      variables: { shot: { type: 'string', default: 'none' } },
      nodes: { r: { type: 'io.read', version: 1, params: { path: reads }, at: [0, 0] } },
    },
    params: { 'r.offset': 2 },
    everywhere: {},
    variables: { shot: 'sh010' },
    frame: 1001,
    inputs: [],
  });

describe('an EXR', () => {
  test('with a recipe opens as a new document that is not saved, and the log tells what to know', async () => {
    const { folder, graph } = await shotFolder();
    const line = recipe();
    const path = await writeExr(join(folder, 'out.1001.EXR'), [
      { channels: ['R'], attributes: [text('sluiceRecipe', line)] },
    ]);
    const client = await (await hosted({ graph })).connect();
    const { hints, ...opened } = await client.ask('open', { path });
    expect(opened).toEqual({ path });
    await client.until(() => client.document?.name === 'inside');
    expect(saveDocument(client.document!)).toBe(saveDocument(loadRecipe(line).recipe!.document));
    const { file } = await client.event('file', (e) => e.file.path === undefined);
    expect(file.saved).toBe(false);
    const { lines } = await client.event('log');
    expect(lines.map((l) => l.level)).toEqual(['info', 'info']);
    expect(lines[0]!.text).toContain('relative paths are kept as they are');
    expect(lines[1]!.text).toContain('r.offset=2');
    expect(hints).toEqual(lines.map((l) => l.text));
    expect(await codeOf(client.ask('save', { overwrite: false }))).toBe('usage');
  });

  test('without one, or with a broken one, is refused, and the open document stays', async () => {
    const { folder, graph } = await shotFolder();
    await writeExr(join(folder, 'plain.exr'), [{ channels: ['R'] }]);
    await writeExr(join(folder, 'bad.exr'), [{ channels: ['R'], attributes: [text('sluiceRecipe', '{}')] }]);
    writeFileSync(join(folder, 'none.exr'), 'none');
    const client = await (await hosted({ graph })).connect();
    const { name } = client.document!;
    const open = (file: string) => client.ask('open', { path: join(folder, file) });
    await expect(open('plain.exr')).rejects.toThrow('has no recipe inside; add it as a Read instead');
    expect(await codeOf(open('plain.exr'))).toBe('document-syntax');
    expect(await codeOf(open('bad.exr'))).toBe('document-schema');
    expect(await codeOf(open('none.exr'))).toBe('exr-not-exr');
    expect(client.document!.name).toBe(name);
  });

  test('opens no folders: what its graph names stays outside the roots', async () => {
    const { folder, graph } = await shotFolder();
    const outside = temporary();
    await writeExr(join(outside, 'x.exr'), [{ channels: ['R'] }]);
    const path = await writeExr(join(folder, 'o.exr'), [
      { channels: ['R'], attributes: [text('sluiceRecipe', recipe(join(outside, 'x.exr')))] },
    ]);
    const client = await (await hosted({ graph })).connect();
    await client.ask('open', { path });
    await client.event('problems', (e) => e.problems.some((p) => p.code === 'outside-roots'));
    expect(await codeOf(client.ask('inspect', { path: join(outside, 'x.exr') }))).toBe('outside-roots');
  });
});
