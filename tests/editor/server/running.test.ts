// Rendering from the editor: the same bytes as a headless run, progress, the ledger, cancelling.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { secondsLeft } from '../../../editor/server/rendering.ts';
import { loadDocument, runGraph } from '../../../engine/index.ts';
import { nodes } from '../../../nodes/index.ts';
import { codeOf, hosted, shotFolder } from './hosted.ts';

const OPTIONS = { sinks: [], jobs: 2, resume: false, failOnLoss: false };

test('a run gives the files of a headless run of the document, unsaved edits included', async () => {
  const { folder, graph } = await shotFolder();
  const client = await (await hosted({ graph })).connect();
  await client.edit({ op: 'setParam', node: 'write', name: 'compression', value: 'piz' });
  await client.ask('run', { options: OPTIONS });
  expect(await codeOf(client.ask('run', { options: OPTIONS }))).toBe('usage');
  const { run } = await client.event('run', (e) => e.run?.state === 'done');
  expect(run).toMatchObject({ done: 8, total: 8, exitCode: 0 });
  expect(run!.ledger.length).toBeGreaterThan(3);
  await client.event('log', (e) => e.lines.some((line) => line.text.startsWith('Done: 8 of 8')));
  const lines = client.events.flatMap((e) => (e.kind === 'log' ? e.lines : []));
  expect(lines.filter((line) => line.node === 'write' && line.frame !== undefined).length).toBe(8);

  const alone = await shotFolder();
  const saved = await client.ask('save', { path: join(folder, 'saved.sluice.json'), overwrite: false });
  const { document } = loadDocument(readFileSync(saved.path));
  const headless = await runGraph({ document: document!, folder: alone.folder, nodes, jobs: 0 });
  expect(headless.exitCode).toBe(0);
  expect(run!.ledger).toEqual(headless.result!.ledger);
  const out = (at: string) => join(at, 'out', 'recombine');
  const names = readdirSync(out(alone.folder)).filter((name) => name.endsWith('.exr'));
  expect(names.length).toBe(8);
  for (const name of names) {
    expect(readFileSync(join(out(folder), name)).equals(readFileSync(join(out(alone.folder), name)))).toBe(true);
  }
});

test('the time to go is told once each thread has had a frame', () => {
  const left = (done: number, total: number, jobs: number, seconds: number) =>
    secondsLeft(seconds, { options: { ...OPTIONS, jobs }, state: 'running', done, total, startedAt: '', ledger: [] });
  expect(left(0, 100, 2, 5)).toBeUndefined();
  expect(left(2, 100, 2, 5)).toBeUndefined();
  expect(left(3, 100, 2, 6)).toBe(194);
  expect(left(100, 100, 2, 200)).toBeUndefined();
  // With few frames the last but one has to do, and with one there is nothing to tell.
  expect(left(2, 3, 8, 10)).toBe(5);
  expect(left(0, 1, 8, 10)).toBeUndefined();
});

test('a run that cannot begin says why, and one without frames of its own fails', async () => {
  const { graph } = await shotFolder();
  const client = await (await hosted({ graph })).connect();
  expect(await codeOf(client.ask('cancel', {}))).toBe('usage');
  await client.edit({ op: 'setParam', node: 'write', name: 'compression', value: 'nonsense' });
  await client.ask('run', { options: OPTIONS });
  expect((await client.event('run', (e) => e.run?.state === 'failed')).run!.exitCode).toBe(3);
  await client.event('log', (e) => e.lines.some((line) => line.level === 'error' && line.node === 'write'));
  await client.ask('run', { options: { ...OPTIONS, sinks: ['tag'] } });
  await client.event('log', (e) => e.lines.some((line) => line.text.includes('tag writes nothing')));
});

test('a run is cancelled, and leaves no piece of a file behind', async () => {
  const { folder, graph } = await shotFolder();
  const client = await (await hosted({ graph })).connect();
  await client.ask('run', { options: { ...OPTIONS, jobs: 1 } });
  await client.ask('cancel', {});
  const { run } = await client.event('run', (e) => e.run !== null && e.run.state !== 'running');
  expect(run).toMatchObject({ state: 'cancelled', exitCode: 130 });
  const left = readdirSync(folder, { recursive: true }).map(String);
  expect(left.filter((name) => name.endsWith('.tmp') || name.includes('.partial'))).toEqual([]);
  await client.ask('run', { options: { ...OPTIONS, resume: true } });
  expect((await client.event('run', (e) => e.run?.state === 'done')).run!.exitCode).toBe(0);
});

test('a host that ends cancels the run and says so before it hangs up', async () => {
  const { folder, graph } = await shotFolder();
  const { host, connect } = await hosted({ graph });
  const client = await connect();
  await client.ask('run', { options: { ...OPTIONS, jobs: 1 } });
  await host.close();
  await client.until(() => client.closed !== undefined);
  expect(client.closed).toEqual({ code: 1001, reason: 'The host ends.' });
  expect((await client.event('run')).run).toMatchObject({ state: 'cancelled', exitCode: 130 });
  const left = readdirSync(folder, { recursive: true }).map(String);
  expect(left.filter((name) => name.includes('.sluice-part'))).toEqual([]);
});
