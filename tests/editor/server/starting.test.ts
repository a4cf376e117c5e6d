// What the host says where it cannot start: about the graph's path, a folder, a port; and what the command line tells.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyDocument, saveDocument } from '../../../engine/browser.ts';
import { start } from '../../cli/sluice.ts';
import { hosted, temporary } from './hosted.ts';

const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'started',
    ({ code, message }: { code: string; message: string }) => `${code}: ${message}`,
  );

test('a path that is no graph is refused, with what to do', async () => {
  const folder = temporary();
  mkdirSync(join(folder, 'empty'));
  for (const name of ['a', 'b', 'c', 'd']) {
    writeFileSync(join(folder, `${name}.sluice.json`), saveDocument(emptyDocument(name)));
  }
  const cases = [
    ['nowhere/x.sluice.json', 'usage: There is no graph', 'no folder for a new one'],
    ['.', 'usage: Expected a graph, found the folder', 'a.sluice.json, b.sluice.json, c.sluice.json, …'],
    ['empty', 'usage: Expected a graph, found the folder', 'Name a *.sluice.json file in it'],
    ['shot.1001.exr', 'usage: There is no', 'ends in .sluice.json'],
  ] as const;
  for (const [path, ...words] of cases) {
    const said = await refusal(hosted({ graph: join(folder, path) }));
    for (const piece of words) expect(said).toContain(piece);
  }
  expect(existsSync(join(folder, 'nowhere'))).toBe(false);
});

test('a port that is taken and a folder that is none are named', async () => {
  const folder = temporary();
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => taken.once('listening', done));
  const { port } = taken.address() as { port: number };
  try {
    expect(await refusal(hosted({ roots: [folder], port }))).toBe(
      `usage: Port ${port} is taken. Choose another one with --port, or leave it out.`,
    );
  } finally {
    taken.close();
  }
  expect(await refusal(hosted({ roots: [join(folder, 'gone')] }))).toContain('does not exist');
});

test('the command line says that a new graph is a new one', async () => {
  const folder = temporary();
  const running = start(['edit', '--no-open', 'fresh.sluice.json'], {
    cwd: folder,
    env: { XDG_STATE_HOME: temporary() },
  });
  await running.saw('token=');
  running.process.kill('SIGTERM');
  const { code, stderr } = await running.ended;
  expect(code).toBe(0);
  expect(stderr).toContain('fresh.sluice.json does not exist yet: it is made when it is saved.');
});
