// The folders of a host: what it shows, opens and writes, and what it does not.
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { emptyDocument, saveDocument } from '../../../engine/browser.ts';
import { renderShot } from '../../../fixtures/render.ts';
import { codeOf, HEIGHT, hosted, shotFolder, type TestClient, temporary, WIDTH } from './hosted.ts';

let folder = '';
let outside = '';
let client: TestClient;

beforeAll(async () => {
  const shot = await shotFolder();
  folder = shot.folder;
  outside = temporary();
  mkdirSync(join(outside, 'secret'));
  writeFileSync(join(outside, 'secret', 'other.sluice.json'), saveDocument(emptyDocument('other')));
  symlinkSync(outside, join(folder, 'way-out'));
  symlinkSync(join(outside, 'secret', 'other.sluice.json'), join(folder, 'link.sluice.json'));
  symlinkSync(join(outside, 'not-there.sluice.json'), join(folder, 'dangling.sluice.json'));
  client = await (await hosted({ graph: shot.graph })).connect();
});

/** The ways to a thing outside, from the folder inside. */
const ways = (name: string): string[] => [
  join(outside, name),
  `../${outside.split('/').at(-1)}/${name}`,
  `./in/../../${outside.split('/').at(-1)}/${name}`,
  `way-out/${name}`,
  join(folder, 'way-out', name),
];

describe('what lies outside the roots', () => {
  test('is not shown, described, opened, read or written, by whatever way', async () => {
    const file = 'secret/other.sluice.json';
    const text = saveDocument(emptyDocument());
    let tried = 0;
    for (const path of ways('secret')) {
      expect(await codeOf(client.ask('browse', { folder: path }))).toBe('outside-roots');
      tried++;
    }
    for (const path of [...ways(file), 'link.sluice.json']) {
      expect(await codeOf(client.ask('open', { path }))).toBe('outside-roots');
      expect(await codeOf(client.ask('readGraph', { path }))).toBe('outside-roots');
      expect(await codeOf(client.ask('inspect', { path }))).toBe('outside-roots');
      expect(await codeOf(client.ask('save', { path, overwrite: true }))).toBe('outside-roots');
      expect(await codeOf(client.ask('writeGraph', { path, text, overwrite: true }))).toBe('outside-roots');
      tried += 5;
    }
    expect(await codeOf(client.ask('save', { path: 'dangling.sluice.json', overwrite: true }))).toBe('outside-roots');
    expect(await codeOf(client.ask('open', { path: 'zero\0byte' }))).toBe('file-not-found');
    expect(tried).toBe(35);
    expect(existsSync(join(outside, 'not-there.sluice.json'))).toBe(false);
    expect(JSON.parse(readFileSync(join(outside, file), 'utf8')).name).toBe('other');
  });

  test('is not read by a node either', async () => {
    await renderShot({ folder: join(outside, 'in'), width: WIDTH, height: HEIGHT, grid: 1 });
    await client.edit({
      op: 'setParam',
      node: 'readBeauty',
      name: 'path',
      value: join(outside, 'in', 'sh010_beauty.%04d.exr'),
    });
    await client.event('problems', (e) => e.problems.some((p) => p.code === 'outside-roots'));
    await client.ask('undo', {});
  });

  test('is not allowed by opening what a client had the host write', async () => {
    const document = {
      ...emptyDocument('sly'),
      nodes: {
        read: {
          type: 'io.read',
          version: 1,
          params: { path: join(outside, 'in', 'sh010_beauty.%04d.exr') },
          at: [0, 0] as const,
        },
      },
    };
    const path = 'sly.sluice.json';
    await client.ask('writeGraph', { path, text: saveDocument(document), overwrite: false });
    await client.ask('open', { path });
    await client.event('problems', (e) => e.problems.some((p) => p.code === 'outside-roots'));
    expect(await codeOf(client.ask('browse', { folder: join(outside, 'in') }))).toBe('outside-roots');
  });
});

describe('what lies inside', () => {
  test('is shown: folders, sequences, documents, and no way up', async () => {
    const view = await client.ask('browse', { folder: '' });
    expect(view).toMatchObject({ folder, folders: ['in'] });
    expect(view.parent).toBeUndefined();
    expect(view.sequences.filter((s) => s.document).map((s) => s.pattern)).toEqual([
      'dangling.sluice.json',
      'link.sluice.json',
      'recombine.sluice.json',
      'sly.sluice.json',
    ]);
    const inner = await client.ask('browse', { folder: 'in' });
    expect(inner).toMatchObject({ parent: folder, folders: [] });
    expect(inner.sequences).toEqual([
      { pattern: 'sh010_beauty.%04d.exr', frames: '1001-1008' },
      { pattern: 'sh010_utility.%04d.exr', frames: '1001-1008' },
    ]);
  });

  test('is described: parts, channels and attributes of a frame', async () => {
    const path = 'in/sh010_utility.%04d.exr';
    const view = await client.ask('inspect', { path, frame: 1004 });
    expect(view).toMatchObject({ frames: '1001-1008', gaps: '', image: { parts: [{ kind: 'flat' }] } });
    expect(view.image.parts[0]!.channels.length).toBeGreaterThan(5);
    expect(view.attributes.find((row) => row.name === 'compression')).toMatchObject({ owner: 'Write EXR' });
    expect(await codeOf(client.ask('inspect', { path, frame: 5 }))).toBe('frame-missing');
    expect(await codeOf(client.ask('inspect', { path: 'in/nothing.exr' }))).toBe('file-not-found');
  });

  test('grows by the folders of the inputs of a document that somebody else wrote, and by --root', async () => {
    const shot = await shotFolder();
    const elsewhere = temporary();
    const graph = join(elsewhere, 'far.sluice.json');
    const far = join(shot.folder, 'in', 'sh010_beauty.%04d.exr');
    writeFileSync(
      graph,
      saveDocument({
        ...emptyDocument('far'),
        nodes: { read: { type: 'io.read', version: 1, params: { path: far }, at: [0, 0] } },
      }),
    );
    const other = temporary();
    const second = await (await hosted({ graph, roots: [other] })).connect();
    expect(await second.ask('browse', { folder: join(shot.folder, 'in') })).toHaveProperty('sequences');
    expect(await codeOf(second.ask('browse', { folder: shot.folder }))).toBe('outside-roots');
    expect(await second.ask('browse', { folder: other })).toMatchObject({
      roots: [elsewhere, other, join(shot.folder, 'in')],
    });
    await second.event('timeline', (e) => e.timeline?.last === 1008);
  });
});
