// Ending sluice verify early: whatever ends it, nothing of it stays among the temporary files for long.
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { unfinishedName } from '../../engine/exr/unfinished.ts';
import { scenes, writeGraph } from './footage.ts';
import { type Running, sluice, start, temporaryFolder } from './sluice.ts';

const root = temporaryFolder();
const scene = scenes(root);
const authoring = pathToFileURL(join(import.meta.dirname, '../../engine/authoring.ts')).href;

let folder = '';
/** Where temporary files go, so that nobody else's are among them. */
const temporary = join(root, 'temporary');
const env = { TMPDIR: temporary };
const args = ['verify', 'out/b.0001.exr', '--nodes', 'pack.mjs'];

beforeAll(async () => {
  mkdirSync(temporary);
  folder = await scene([1]);
  // While there is a file `stuck` it is never done, and hears no signal.
  writeFileSync(
    join(folder, 'pack.mjs'),
    `import { existsSync, writeFileSync } from 'node:fs';
     import { z } from ${JSON.stringify(import.meta.resolve('zod'))};
     import { defineNode, image } from ${JSON.stringify(authoring)};
     export const nodes = [defineNode({
       type: 'pack.wait', version: 1, title: 'Wait', doc: 'Waits.', params: z.strictObject({}),
       inputs: { image: image('Any.') },
       spec: async ({ inputs }) => {
         if (existsSync('stuck')) await new Promise(() => {
           setInterval(() => {}, 1000);
           writeFileSync('waiting', '');
         });
         const passed = (part, { name }) => ({ from: 'input', port: 'image', part, channel: name });
         return { ...inputs.image, parts: inputs.image.parts.map((part, i) =>
           ({ ...part, channels: part.channels.map((channel) => ({ ...channel, origin: passed(i, channel) })) })) };
       },
     })];`,
  );
  const graph = writeGraph(
    folder,
    {
      read: { type: 'io.read', params: { path: 'in/a.%04d.exr', missing: 'wait' } },
      wait: { type: 'pack.wait' },
      write: { type: 'io.write', params: { path: 'out/b.%04d.exr', embedRecipe: true } },
    },
    ['read.image > wait.image', 'wait.image > write.image'],
  );
  expect(await sluice(['run', graph, '--nodes', 'pack.mjs', '--frames', '1'], { cwd: folder })).toMatchObject({
    code: 0,
  });
});

/** But for what is kept of what V8 compiled. */
const left = (): string[] => readdirSync(temporary).filter((name) => !/^sluice-\d+$/.test(name));

/** Begins to verify, and comes back when a frame is waited for that never comes. */
async function stuck(): Promise<Running> {
  rmSync(join(folder, 'waiting'), { force: true });
  writeFileSync(join(folder, 'stuck'), '');
  const running = start(args, { cwd: folder, env });
  await vi.waitUntil(() => existsSync(join(folder, 'waiting')), { timeout: 20_000 });
  rmSync(join(folder, 'stuck'));
  expect(left().filter((name) => name.includes(`-${running.process.pid}.`))).toHaveLength(1);
  return running;
}

describe('sluice verify that is ended', () => {
  test('by a second signal: its folder is gone, and nothing is said of frames', async () => {
    const running = await stuck();
    running.process.kill('SIGINT');
    await running.told('once more');
    running.process.kill('SIGINT');
    const { code, stderr } = await running.ended;
    expect([code, stderr]).toEqual([130, 'Cancelling; once more to stop at once.\nStopped at once.\n']);
    expect(left()).toEqual([]);
  });

  test('by the end of its terminal, as by any other signal', async () => {
    const running = await stuck();
    running.process.kill('SIGHUP');
    await running.told('once more');
    running.process.kill('SIGHUP');
    expect(await running.ended).toMatchObject({ code: 129, signal: null });
    expect(left()).toEqual([]);
  });

  test('by a kill: the next one clears up, and leaves what is in use and what is not its own', async () => {
    const [killed, other] = [await stuck(), await stuck()];
    killed.process.kill('SIGKILL');
    expect((await killed.ended).signal).toBe('SIGKILL');
    expect(left()).toHaveLength(2);
    const ofOther = left().find((name) => name.includes(`-${other.process.pid}.`))!;
    const gone = left().find((name) => name !== ofOther)!;
    const kept = [
      ofOther,
      gone.replace('sluice-verify', 'report.json'),
      gone.replace(/[0-9a-f]{8}-/, '00000000-'),
      basename(unfinishedName(join(temporary, 'sluice-verify'))),
    ];
    for (const name of kept.slice(1)) mkdirSync(join(temporary, name));
    const forgotten = gone.replace(/[0-9a-f]{8}-/, '00000001-');
    mkdirSync(join(temporary, forgotten));
    utimesSync(join(temporary, forgotten), new Date(), new Date(Date.now() - 25 * 3600 * 1000));
    const link = gone.replace(/\.[0-9a-f]{16}\./, '.0123456789abcdef.');
    symlinkSync(folder, join(temporary, link));
    expect(await sluice(args, { cwd: folder, env })).toMatchObject({ code: 0, stderr: '' });
    expect(left().sort()).toEqual([...kept, link].sort());
    other.process.kill('SIGTERM');
    await other.told('once more');
    other.process.kill('SIGTERM');
    expect((await other.ended).code).toBe(130);
    expect(left()).not.toContain(ofOther);
  });
});
