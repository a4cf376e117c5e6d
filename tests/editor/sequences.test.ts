// The panel of sequences: what it says of a file, where it stands, and where dropped files lead it.
import { describe, expect, test } from 'vitest';
import type { AttributeRow, FolderView, NamedThing } from '../../editor/protocol.ts';
import {
  attributesOf,
  channelGroups,
  extentOf,
  partLine,
  spanText,
  windowLines,
} from '../../editor/ui/panels/sequences/describe.ts';
import { placeOf, takeDrops } from '../../editor/ui/panels/sequences/drop.ts';
import { go, keepFolder, lastFolder, place$ } from '../../editor/ui/panels/sequences/place.ts';
import { arrive } from '../../editor/ui/shell/arrival.ts';
import { createStore, type Store } from '../../editor/ui/store/store.ts';
import type { ChannelSpec, PartSpec } from '../../engine/browser.ts';
import { FakeHost } from './fake-host.ts';

const channel = (name: string, type: ChannelSpec['type'] = 'half', every = 1): ChannelSpec => ({
  name,
  type,
  sampling: { x: every, y: every },
  pLinear: 0,
  origin: { from: 'computed' },
});
const box = (minX: number, minY: number, maxX: number, maxY: number) => ({ minX, minY, maxX, maxY });
const part: PartSpec = {
  kind: 'flat',
  dataWindow: box(0, 0, 479, 269),
  displayWindow: box(0, 0, 479, 269),
  channels: [],
  attributes: [],
  stored: { compression: 'zip', lineOrder: 'increasing', headerOrder: [] },
};

describe('what is said of a file', () => {
  test('channels stand by layer and type, in the order in which people say them', () => {
    const channels = ['A', 'B', 'G', 'N.X', 'N.Y', 'R', 'Z', 'a.b.G', 'a.b.R'].map((name) =>
      channel(name, name === 'Z' || name.startsWith('N') ? 'float' : 'half'),
    );
    expect(channelGroups([...channels, channel('RY', 'half', 2), channel('N.id', 'uint')])).toEqual([
      { layer: '', names: ['R', 'G', 'B', 'A'], type: 'half' },
      { layer: '', names: ['Z'], type: 'float' },
      { layer: '', names: ['RY'], type: 'half', sampling: '1/2 x 1/2' },
      { layer: 'N', names: ['X', 'Y'], type: 'float' },
      { layer: 'a.b', names: ['R', 'G'], type: 'half' },
      { layer: 'N', names: ['id'], type: 'uint' },
    ]);
  });

  test('a part says its size and how it is stored; windows only where they tell something', () => {
    expect(partLine(part)).toMatch(/^480 . 270, zip$/);
    expect(windowLines(part)).toEqual([]);
    const odd = { ...part, kind: 'deep' as const, view: 'left', dataWindow: box(-8, 0, 479, 269) };
    expect(partLine(odd)).toMatch(/^488 . 270, deep, zip, view left$/);
    expect(windowLines(odd)).toHaveLength(2);
  });

  test('frames are told from the first to the last', () => {
    expect(extentOf('1001-1003, 1005')).toEqual({ first: 1001, last: 1005, count: 4 });
    expect([extentOf(''), extentOf('x')]).toEqual([undefined, undefined]);
    expect([spanText('1001-1003, 1005'), spanText('7'), spanText('x')]).toEqual(['1001-1005', '7', 'x']);
  });

  test('attributes are found by name, type and value, each with its part', () => {
    const row = (index: number, name: string, type: string, text: string): AttributeRow => ({
      part: index,
      name,
      type,
      text,
    });
    const rows = [
      row(0, 'channels', 'chlist', 'R'),
      row(0, 'owner', 'string', 'Larkfield'),
      row(0, 'timeCode', 'timecode', '01:00'),
      row(1, 'owner', 'string', 'other'),
    ];
    const names = (query: string): string[] => attributesOf(rows, 0, query).map(({ name }) => name);
    expect(names('')).toEqual(['owner', 'timeCode']);
    expect([names('TIMEcode'), names('lark'), names('string')]).toEqual([['timeCode'], ['owner'], ['owner']]);
  });
});

const folders: Readonly<Record<string, FolderView>> = {
  '/shots': { folder: '/shots', folders: ['plates'], sequences: [], roots: ['/shots'] },
  '/shots/plates': {
    folder: '/shots/plates',
    parent: '/shots',
    folders: [],
    sequences: [
      { pattern: 'a.%04d.exr', frames: '1001-1003' },
      { pattern: 'a.1001.exr.sluice.json', document: true },
    ],
    roots: ['/shots'],
  },
};

const PLACES: Readonly<Record<string, readonly NamedThing[]>> = {
  'a.1003.exr': [{ path: '/shots/plates/a.1003.exr', folder: false, size: 0, modified: 0 }],
  plates: [{ path: '/shots/plates', folder: true, size: 4096, modified: 0 }],
};

async function meet(): Promise<{ store: Store; settle: () => Promise<void> }> {
  const host = new FakeHost();
  host.answer = (request) => {
    if (request.kind === 'lookUp') return { places: request.names.map((name) => PLACES[name] ?? []), complete: true };
    const view = request.kind === 'browse' ? folders[request.folder] : undefined;
    if (!view) throw { code: 'outside-roots', message: 'Outside.' };
    return view;
  };
  const line = host.line();
  const store = createStore(line);
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 12; i++) {
      await new Promise((done) => setTimeout(done, 0));
      line.deliver();
    }
  };
  await settle();
  return { store, settle };
}

const panel = { getBoundingClientRect: () => ({ left: 0, top: 0, right: 240, bottom: 300 }) } as Element;
const file = (name: string) => ({ name, file: new File([], name), folder: name === 'plates' });

describe('places', () => {
  test('the folder is remembered', () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, text: string) => void kept.set(key, text),
    };
    expect(lastFolder(storage)).toBe('');
    keepFolder(storage, '/shots/plates');
    expect(lastFolder(storage)).toBe('/shots/plates');
  });

  test('a path leads to its folder, a file to its sequence', async () => {
    const { store, settle } = await meet();
    const found = Promise.all([
      placeOf(store, '/shots/plates'),
      placeOf(store, '/shots/plates/a.1002.exr'),
      placeOf(store, '/shots/plates/gone.exr'),
      placeOf(store, '/etc/passwd').catch(({ code }: { code: string }) => code),
    ]);
    await settle();
    expect(await found).toEqual([
      { folder: '/shots/plates' },
      { folder: '/shots/plates', chosen: '/shots/plates/a.%04d.exr' },
      { folder: '/shots/plates' },
      'outside-roots',
    ]);
  });

  test('what is dropped on the panel is shown there; what is dropped elsewhere, and graphs, are not taken', async () => {
    const { store, settle } = await meet();
    go('/shots');
    const end = takeDrops(store, () => panel);
    arrive(store, { by: 'drop', text: '', files: [file('a.1003.exr')], at: { x: 10, y: 10 } });
    await settle();
    expect(place$.value).toEqual({ folder: '/shots/plates', chosen: '/shots/plates/a.%04d.exr' });
    expect(Object.keys(store.document$.value.nodes)).toEqual([]);

    go('/shots');
    arrive(store, { by: 'drop', text: '', files: [file('plates')], at: { x: 10, y: 10 } });
    await settle();
    expect(place$.value).toEqual({ folder: '/shots/plates' });

    go('/shots');
    arrive(store, { by: 'drop', text: '', files: [file('a.1003.exr')], at: { x: 300, y: 10 } });
    await settle();
    expect(place$.value).toEqual({ folder: '/shots' });
    end();
  });

  test('a file that no folder of the host has is explained, not lost', async () => {
    const { store, settle } = await meet();
    const end = takeDrops(store, () => panel);
    arrive(store, { by: 'drop', text: '', files: [file('elsewhere.0001.exr')], at: { x: 1, y: 1 } });
    await settle();
    expect(store.notices$.value.at(-1)).toMatchObject({ level: 'warning', detail: expect.stringContaining('/shots') });
    expect(store.notices$.value.at(-1)!.text).toContain('elsewhere.0001.exr');
    end();
  });
});
