// sluice open: the graph inside a file, on stdout or in a file that was not there.
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { saveDocument } from '../../engine/document/save.ts';
import { text, writeExr } from '../run/files.ts';
import { graph } from '../run/graph.ts';
import { fullDisk, sluice, temporaryFolder } from './sluice.ts';

const folder = temporaryFolder();
const document = graph(
  {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the document
    w: { type: 'io.write', params: { path: '${shot}.out.exr', embedRecipe: true } },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the document
    r: { type: 'io.read', params: { path: '${shot}.exr' } },
  },
  ['r.image > w.image'],
  { variables: { shot: { type: 'string', default: 'none' } } },
);
const saved = saveDocument({ ...document, variables: { shot: { type: 'string', default: 'a' } } });

beforeAll(async () => {
  await writeExr(join(folder, 'a.exr'), [{ channels: ['R'] }]);
  await writeExr(join(folder, 'bad.exr'), [{ channels: ['R'], attributes: [text('sluiceRecipe', '{"sluice":1')] }]);
  writeFileSync(join(folder, 'g.sluice.json'), saveDocument(document));
  const done = await sluice(['run', 'g.sluice.json', '--var', 'shot=a', '--set', 'w.compression=rle'], { cwd: folder });
  expect(done).toMatchObject({ code: 0 });
});

describe('sluice open', () => {
  it('prints the graph and nothing else on stdout; what the run was given goes to stderr', async () => {
    const { code, stdout, stderr } = await sluice(['open', 'a.out.exr'], { cwd: folder });
    expect([code, stdout]).toEqual([0, saved]);
    expect(stderr).toContain('--set w.compression="rle"');
  });

  it('writes a file, and never over one', async () => {
    expect(await sluice(['open', 'a.out.exr', '--out', 'back.sluice.json'], { cwd: folder })).toMatchObject({
      code: 0,
      stdout: '',
    });
    expect(readFileSync(join(folder, 'back.sluice.json'), 'utf8')).toBe(saved);
    writeFileSync(join(folder, 'mine.sluice.json'), 'mine');
    const refused = await sluice(['open', 'a.out.exr', '--out', 'mine.sluice.json'], { cwd: folder });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('file-exists');
    expect(readFileSync(join(folder, 'mine.sluice.json'), 'utf8')).toBe('mine');
  });

  it('leaves a link alone whose file is not there', async () => {
    symlinkSync('nowhere.sluice.json', join(folder, 'link.sluice.json'));
    const refused = await sluice(['open', 'a.out.exr', '--out', 'link.sluice.json'], { cwd: folder });
    expect([refused.code, refused.stderr.includes('file-exists')]).toEqual([1, true]);
    expect(readdirSync(folder)).not.toContain('nowhere.sluice.json');
  });

  it('leaves nothing behind on a full disk', async (ctx) => {
    const disk = fullDisk(join(folder, 'full'));
    if (disk === undefined) return ctx.skip('only root may mount a small file system');
    const refused = await sluice(['open', 'a.out.exr', '--out', 'full/back.sluice.json'], { cwd: folder });
    expect([refused.code, refused.stderr.includes('disk-full')]).toEqual([1, true]);
    expect(readdirSync(disk)).toEqual(['filler']);
  });

  it.each([
    ['a.exr', 'document-syntax', 'no recipe inside'],
    ['bad.exr', 'document-syntax', 'The recipe inside'],
    ['gone.exr', 'file-not-found', 'gone.exr'],
    ['g.sluice.json', 'exr-not-exr', 'g.sluice.json'],
  ])('%s is an answer', async (file, code, words) => {
    const ended = await sluice(['open', file], { cwd: folder });
    expect([ended.code, ended.stdout]).toEqual([1, '']);
    expect(ended.stderr).toContain(code);
    expect(ended.stderr).toContain(words);
  });
});
