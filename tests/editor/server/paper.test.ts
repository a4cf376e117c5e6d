// The file behind the document: saving, what others do to it, and what is left after a host was killed.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders that people type
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PATHS_INTENT } from '../../../editor/protocol.ts';
import { type Document, emptyDocument, loadDocument, saveDocument } from '../../../engine/browser.ts';
import { start } from '../../cli/sluice.ts';
import { codeOf, hosted, shotFolder, TestClient, temporary, wait } from './hosted.ts';

const pathsOf = ({ nodes }: Document) => Object.values(nodes).flatMap(({ params: { path } }) => path ?? []);

const recoveries = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.recovery'));

describe('saving', () => {
  test('writes the text that loads to the same document, and says so', async () => {
    const { folder, graph } = await shotFolder();
    const client = await (await hosted({ graph })).connect();
    expect((await client.event('file')).file).toEqual({ path: graph, saved: true, changedOnDisk: false });
    await client.edit({ op: 'setName', name: 'mine' });
    await client.event('file', (e) => !e.file.saved);
    await client.ask('save', { overwrite: false });
    await client.until(() => client.events.findLast((e) => e.kind === 'file')?.file.saved === true);
    expect(readFileSync(graph, 'utf8')).toBe(saveDocument(client.document!));
    await client.edit({ op: 'setName', name: 'other' });
    await client.ask('undo', {});
    await client.until(() => client.events.findLast((e) => e.kind === 'file')?.file.saved === true);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('elsewhere moves the document there, and replaces nothing without being asked', async () => {
    const { folder, graph } = await shotFolder();
    const client = await (await hosted({ graph })).connect();
    mkdirSync(join(folder, 'deeper'));
    const path = join(folder, 'deeper', 'copy.sluice.json');
    writeFileSync(path, 'taken');
    expect(await codeOf(client.ask('save', { path, overwrite: false }))).toBe('file-exists');
    expect(readFileSync(path, 'utf8')).toBe('taken');
    expect(await client.ask('save', { path, overwrite: true })).toEqual({ path, paths: 3 });
    expect((await client.event('file', (e) => e.file.path === path)).file.saved).toBe(true);
    expect(client.events.filter((e) => e.kind === 'document').length).toBe(1);
  });

  test('elsewhere keeps the paths right in one step, which can be undone', async () => {
    const { folder, graph } = await shotFolder();
    const client = await (await hosted({ graph })).connect();
    const before = client.document!;
    const path = join(folder, 'graphs $1', 'copy.sluice.json');
    expect(await codeOf(client.ask('save', { path, overwrite: false }))).toBe('file-not-found');
    expect(await client.ask('save', { path, overwrite: false, makeFolder: true })).toEqual({ path, paths: 3 });
    expect(pathsOf(client.document!)).toEqual([
      '../in/${shot}_beauty.%04d.exr',
      '../in/${shot}_utility.%04d.exr',
      '../out/recombine/${shot}.%04d.exr',
    ]);
    expect(readFileSync(path, 'utf8')).toBe(saveDocument(client.document!));
    await client.event('nodes', (e) => e.nodes['readBeauty']?.state === 'idle');
    expect(client.events.some((e) => e.kind === 'problems' && e.problems.length > 0)).toBe(false);
    expect((await client.event('history')).history).toMatchObject({ undo: PATHS_INTENT, depth: 1 });
    // The same folder again: nothing to rewrite.
    expect(await client.ask('save', { overwrite: false })).toEqual({ path });
    await client.ask('undo', {});
    await client.until(() => saveDocument(client.document!) === saveDocument(before));
    await client.event('problems', (e) => e.problems.some((p) => p.code === 'file-not-found'));
  });

  test('the first time makes absolute paths below the folder relative', async () => {
    const { folder } = await shotFolder();
    const client = await (await hosted({ roots: [folder] })).connect();
    const read = (path: string) => ({ type: 'io.read', version: 1, params: { path }, at: [0, 0] as const });
    await client.edit({ op: 'addNode', id: 'inside', node: read(`${folder}/in/sh010_beauty.%04d.exr`) });
    await client.edit({ op: 'addNode', id: 'outside', node: read('/elsewhere/x.%04d.exr') });
    const path = join(folder, 'first.sluice.json');
    expect(await client.ask('save', { path, overwrite: false })).toEqual({ path, paths: 1 });
    expect(pathsOf(client.document!)).toEqual(['in/sh010_beauty.%04d.exr', '/elsewhere/x.%04d.exr']);
    // From then on an absolute path is what somebody wanted.
    await client.ask('undo', {});
    expect(await client.ask('save', { overwrite: false })).toEqual({ path });
    expect(pathsOf(client.document!)[0]).toBe(`${folder}/in/sh010_beauty.%04d.exr`);
  });

  test('of a graph that came as a text leaves relative paths that lead nowhere', async () => {
    const { folder, graph } = await shotFolder();
    const client = await (await hosted({ roots: [folder] })).connect();
    await client.ask('openText', { text: readFileSync(graph, 'utf8'), name: 'dropped.json' });
    await client.until(() => client.document!.name === 'recombine');
    const path = join(folder, 'dropped.sluice.json');
    expect(await client.ask('save', { path, overwrite: false })).toEqual({ path });
  });

  test('a document without a file asks for one; a new file is made where the command line said', async () => {
    const folder = temporary();
    const client = await (await hosted({ roots: [folder] })).connect();
    expect(await codeOf(client.ask('save', { overwrite: false }))).toBe('usage');
    await client.ask('save', { path: join(folder, 'first.sluice.json'), overwrite: false });
    const later = join(folder, 'later.sluice.json');
    const second = await (await hosted({ graph: later })).connect();
    expect(existsSync(later)).toBe(false);
    await second.edit({ op: 'setName', name: 'later' });
    await second.ask('save', { overwrite: false });
    expect(loadDocument(readFileSync(later)).document!.name).toBe('later');
  });

  test('through a link writes its file, and keeps its permissions', async () => {
    const folder = temporary();
    const real = join(folder, 'real.sluice.json');
    writeFileSync(real, saveDocument(emptyDocument('real')), { mode: 0o640 });
    symlinkSync(real, join(folder, 'link.sluice.json'));
    const client = await (await hosted({ graph: join(folder, 'link.sluice.json') })).connect();
    await client.edit({ op: 'setName', name: 'through' });
    await client.ask('save', { overwrite: false });
    expect(loadDocument(readFileSync(real)).document!.name).toBe('through');
    expect(statSync(real).mode & 0o777).toBe(0o640);
  });

  test('what is no graph is not opened, and the open document stays', async () => {
    const { folder, graph } = await shotFolder();
    const client = await (await hosted({ graph })).connect();
    writeFileSync(join(folder, 'broken.sluice.json'), '{ "sluice": 1, "nodes": ');
    expect(await codeOf(client.ask('open', { path: 'broken.sluice.json' }))).toBe('document-syntax');
    expect(await codeOf(client.ask('open', { path: 'in' }))).toBe('file-not-regular');
    expect(await codeOf(client.ask('open', { path: 'not-there.sluice.json' }))).toBe('file-not-found');
    expect(await codeOf(client.ask('openText', { text: 'x', name: 'dropped' }))).toBe('document-syntax');
    expect(client.document!.name).toBe('recombine');
    await client.ask('openText', { text: saveDocument(emptyDocument('dropped')), name: 'dropped.json' });
    await client.until(() => client.document!.name === 'dropped');
    const { file } = await client.event('file', (e) => e.file.path === undefined);
    expect(file.saved).toBe(false);
  });
});

describe('the file on disk', () => {
  test('that another program changed is noticed, and not written over unasked', async () => {
    const { graph } = await shotFolder();
    const client = await (await hosted({ graph })).connect();
    const text = readFileSync(graph, 'utf8').replace('"name": "recombine"', '"name": "theirs"');
    writeFileSync(graph, text);
    await client.event('file', (e) => e.file.changedOnDisk);
    await client.edit({ op: 'setName', name: 'mine' });
    expect(await codeOf(client.ask('save', { overwrite: false }))).toBe('file-changed');
    expect(readFileSync(graph, 'utf8')).toBe(text);
    await client.ask('save', { overwrite: true });
    expect(loadDocument(readFileSync(graph)).document!.name).toBe('mine');
    expect(client.events.findLast((e) => e.kind === 'file')!.file).toMatchObject({ saved: true, changedOnDisk: false });
  });

  test('that is gone leaves a document that is saved nowhere, until it is saved again', async () => {
    const { folder, graph } = await shotFolder();
    const client = await (await hosted({ graph })).connect();
    const text = readFileSync(graph, 'utf8');
    rmSync(graph);
    expect((await client.event('file', (e) => e.file.gone === true)).file).toMatchObject({ path: graph, saved: false });
    // It is kept as what was never saved is.
    expect(recoveries(folder)).toHaveLength(1);
    await client.ask('save', { overwrite: false });
    expect(client.events.findLast((e) => e.kind === 'file')!.file).toEqual({
      path: graph,
      saved: true,
      changedOnDisk: false,
    });
    expect(readFileSync(graph, 'utf8')).toBe(text);
    expect(recoveries(folder)).toEqual([]);
    // One that comes back as it was is no matter.
    rmSync(graph);
    await client.event('file', (e) => e.file.gone === true);
    writeFileSync(graph, text);
    await client.until(() => client.events.findLast((e) => e.kind === 'file')?.file.saved === true);
    expect(client.events.findLast((e) => e.kind === 'file')!.file.gone).toBeUndefined();
  });

  test('that was touched but holds the same text is no change', async () => {
    const { graph } = await shotFolder();
    const client = await (await hosted({ graph })).connect();
    writeFileSync(graph, readFileSync(graph));
    await client.edit({ op: 'setName', name: 'mine' });
    await client.ask('save', { overwrite: false });
    expect(client.events.some((e) => e.kind === 'file' && e.file.changedOnDisk)).toBe(false);
  });
});

describe('recovery', () => {
  /** A host in a process of its own; gives a client, and a way to kill it. */
  async function killable(args: readonly string[], state: string) {
    const running = start(['edit', '--no-open', ...args], { env: { XDG_STATE_HOME: state } });
    let text = '';
    running.process.stdout!.on('data', (piece: string) => {
      text += piece;
    });
    await running.saw('token=');
    while (!text.includes('\n')) await wait(10);
    const url = new URL(text.trim());
    const client = await TestClient.open({ port: Number(url.port), token: url.searchParams.get('token')! });
    const kill = async (signal: NodeJS.Signals): Promise<void> => {
      running.process.kill(signal);
      await running.ended;
    };
    return { client, kill, running };
  }

  test('after the host was killed, what was not saved is offered and taken up', async () => {
    const { folder, graph } = await shotFolder();
    const first = await killable([graph], temporary());
    await first.client.edit({ op: 'setTitle', node: 'tag', title: 'Not saved' });
    const kept = saveDocument(first.client.document!);
    for (let i = 0; recoveries(folder).length === 0 && i < 200; i++) await wait(50);
    await first.kill('SIGKILL');
    expect(loadDocument(readFileSync(graph)).document!.nodes['tag']!.title).toBeUndefined();

    const client = await (await hosted({ graph })).connect();
    const { file } = await client.event('file');
    expect(file).toMatchObject({ path: graph, saved: true, recoverable: { savedAt: expect.stringMatching(/^20/) } });
    await client.ask('recover', { accept: true });
    await client.until(() => saveDocument(client.document!) === kept);
    expect((await client.event('file', (e) => !e.file.recoverable)).file).toMatchObject({ path: graph, saved: false });
    await client.ask('save', { overwrite: false });
    expect(readFileSync(graph, 'utf8')).toBe(kept);
    expect(recoveries(folder)).toEqual([]);
    expect(await codeOf(client.ask('recover', { accept: true }))).toBe('usage');
  });

  test('of a document that never had a file, and thrown away where it is not wanted', async () => {
    const state = temporary();
    const place = join(state, 'sluice', 'recovery');
    const first = await killable([], state);
    await first.client.edit({ op: 'setName', name: 'never saved' });
    for (let i = 0; (!existsSync(place) || recoveries(place).length === 0) && i < 200; i++) await wait(50);
    await first.kill('SIGKILL');
    const second = await killable([], state);
    expect((await second.client.event('file')).file.recoverable).toBeDefined();
    await second.client.ask('recover', { accept: false });
    expect(recoveries(place)).toEqual([]);
    await second.kill('SIGTERM');
    expect((await second.running.ended).code).toBe(0);
  });

  test('what a host that is still there keeps is not offered, and a clean end keeps what is not saved', async () => {
    const { folder, graph } = await shotFolder();
    const first = await killable([graph], temporary());
    await first.client.edit({ op: 'setName', name: 'in work' });
    for (let i = 0; recoveries(folder).length === 0 && i < 200; i++) await wait(50);
    const other = await (await hosted({ graph })).connect();
    expect((await other.event('file')).file.recoverable).toBeUndefined();
    await first.kill('SIGINT');
    expect(recoveries(folder).length).toBe(1);
    const later = await (await hosted({ graph })).connect();
    expect((await later.event('file')).file.recoverable).toBeDefined();
  });
});
