// Select view and Join views: by rule, on the corpus's stereo files, and against OpenEXR's exrmultiview.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { describe, expect, test } from 'vitest';
import { box, ExrFile, findAttribute, nameAlone, nameAmongViews, viewOf, viewsIn } from '../../engine/authoring.ts';
import { join } from '../../nodes/view/join.ts';
import { select } from '../../nodes/view/select.ts';
import { sluice } from '../cli/sluice.ts';
import { corpusFile, describeCorpus } from '../exr/corpus.ts';
import { run, sums, temporary, writeExr } from '../run/files.ts';
import { graph } from '../run/graph.ts';
import {
  attribute,
  channelLines,
  describeNode,
  lossLines,
  part,
  picture,
  problemLines,
  provenFixes,
  text,
} from './spec-builder.ts';

const VIEWS = attribute('multiView', 'stringvector', ['right', 'left']);
const names = (channels: readonly { readonly name: string }[]): string[] => channels.map(({ name }) => name);

describe('names of channels in views', () => {
  test.each([
    ['R', 'right', 'R'],
    ['left.R', 'left', 'R'],
    ['right.R', 'right', 'R'],
    ['spec.left.R', 'left', 'spec.R'],
    ['spec.R', undefined, 'spec.R'],
    ['left.spec.R', undefined, 'left.spec.R'],
    ['disparityL.x', undefined, 'disparityL.x'],
  ])('%s is of view %s, alone %s', (name, view, alone) => {
    expect(viewOf(name, ['right', 'left'])).toBe(view);
    expect(view === undefined ? name : nameAlone(name, view)).toBe(alone);
  });

  test('come back as they were', () => {
    let compared = 0;
    for (const view of ['right', 'left']) {
      for (const name of ['R', 'spec.R', 'a.b.c', 'right', 'spec.left']) {
        const among = nameAmongViews(name, view, view === 'right' ? 'default' : 'other');
        expect([viewOf(among, ['right', 'left']), nameAlone(among, view)]).toEqual([view, name]);
        compared += 1;
      }
    }
    expect(compared).toBe(10);
  });

  test('an attribute of another form names no views', () => {
    expect(viewsIn([text('multiView', 'left')])).toEqual([]);
    expect(viewsIn([{ name: 'multiView', type: 'stringvector', bytes: Uint8Array.of(9, 0, 0, 0) }])).toEqual([]);
  });
});

describe('Select view', () => {
  const stereo = picture(
    part({ channels: ['R', 'left.R', 'spec.left.R', 'spec.right.R', 'disparity.x'], attributes: [VIEWS] }),
  );

  test.each<[Record<string, unknown>, string[]]>([
    [{}, ['R:half ← image #0 R', 'disparity.x:half ← image #0 disparity.x', 'spec.R:half ← image #0 spec.right.R']],
    [
      { view: 'left' },
      ['R:half ← image #0 left.R', 'disparity.x:half ← image #0 disparity.x', 'spec.R:half ← image #0 spec.left.R'],
    ],
    [{ view: 'left', shared: 'drop' }, ['R:half ← image #0 left.R', 'spec.R:half ← image #0 spec.left.R']],
  ])('channels of one part: %j', async (params, expected) => {
    const done = await describeNode(select, params, { image: stereo });
    expect(channelLines(done.spec)).toEqual(expected);
    expect(problemLines(done)).toEqual([]);
    expect(done.spec.parts[0]!.view).toBe(params['view'] ?? 'right');
    expect(findAttribute(done.spec.parts[0]!.attributes, 'multiView')).toBeUndefined();
  });

  test('tells what it leaves out', async () => {
    const done = await describeNode(select, { view: 'left', shared: 'drop' }, { image: stereo });
    expect(lossLines(done)).toEqual([
      'channel image #0 R: belongs to view right',
      'channel image #0 disparity.x: belongs to no view',
      'channel image #0 spec.right.R: belongs to view right',
      '~attribute image #0 multiView: only view left is kept',
    ]);
  });

  test('parts that state a view, and those that state none', async () => {
    const parts = picture(
      part({ name: 'l', view: 'left' }),
      part({ name: 'r', view: 'right' }),
      part({ name: 'both', channels: ['Z:float'] }),
      part({ name: 'old', attributes: [attribute('multiView', 'stringvector', ['left', 'right'])], channels: ['R'] }),
    );
    const kept = await describeNode(select, { view: 'right' }, { image: parts });
    expect(kept.spec.parts.map((p) => p.name)).toEqual(['r', 'both']);
    expect(lossLines(kept)).toEqual([
      'part image #0 l: belongs to view left',
      'channel image #3 R: belongs to view left',
      'part image #3 old: has no channel of view right',
    ]);
    const alone = await describeNode(select, { view: 'left', shared: 'drop' }, { image: parts });
    expect(alone.spec.parts.map((p) => `${p.name} ${p.view}`)).toEqual(['l left', 'old left']);
  });

  test('refuses views that are not there, names that meet, and what can only be copied', async () => {
    const missing = await describeNode(select, { view: 'lef' }, { image: stereo });
    expect(problemLines(missing)).toEqual(['error view-unknown view']);
    expect(await provenFixes(select, { view: 'lef' }, { image: stereo }, 'view-unknown')).toEqual([
      'Use left',
      'Use right',
    ]);
    const none = await describeNode(select, {}, { image: picture(part()) });
    expect(problemLines(none)).toEqual(['error view-unknown view']);
    const meeting = picture(part({ channels: ['a.x', 'a.left.x', 'R'], attributes: [VIEWS] }));
    const twice = await provenFixes(select, { view: 'left' }, { image: meeting }, 'channel-duplicate');
    expect(twice).toEqual(['Leave out what belongs to no view']);
    for (const [kind, code] of [
      ['deep', 'deep-unsupported'],
      ['flat', 'exr-compression-unsupported'],
    ] as const) {
      const image = picture(part({ kind, channels: ['R', 'left.R'], attributes: [VIEWS], stored: { copyOnly: true } }));
      expect(problemLines(await describeNode(select, {}, { image }))).toEqual([`error ${code}`]);
    }
  });
});

describe('Join views', () => {
  const left = picture(part({ channels: ['R', 'spec.R'], attributes: [text('owner', 'Lea')], data: box(0, 0, 9, 9) }));
  const right = picture(part({ channels: ['R'], attributes: [text('owner', 'Rob')], data: box(-4, 2, 7, 11) }));
  const views = { left, right };

  test('as parts', async () => {
    const done = await describeNode(join, {}, { views });
    expect(done.spec.parts.map((p) => [p.name, p.view, channelLines({ parts: [p] })])).toEqual([
      ['left', 'left', ['R:half ← views.left #0 R', 'spec.R:half ← views.left #0 spec.R']],
      ['right', 'right', ['R:half ← views.right #0 R']],
    ]);
    expect([problemLines(done), lossLines(done)]).toEqual([[], []]);
    const twin = picture(part({ name: 'rgba' }), part({ name: 'depth' }));
    const four = await describeNode(join, { order: ['b', 'a'], names: { a: 'l' } }, { views: { a: twin, b: twin } });
    expect(four.spec.parts.map((p) => `${p.name} ${p.view}`)).toEqual([
      'rgba.b b',
      'depth.b b',
      'rgba.l l',
      'depth.l l',
    ]);
    expect(problemLines(four)).toEqual([]);
  });

  test('as channels of one part', async () => {
    const done = await describeNode(join, { layout: 'channels', order: ['right'] }, { views });
    expect(channelLines(done.spec)).toEqual([
      'R:half ← views.right #0 R',
      'left.R:half ← views.left #0 R',
      'spec.left.R:half ← views.left #0 spec.R',
    ]);
    expect(done.spec.parts[0]!.dataWindow).toEqual(box(-4, 0, 9, 11));
    expect(viewsIn(done.spec.parts[0]!.attributes)).toEqual(['right', 'left']);
    expect([problemLines(done), lossLines(done)]).toEqual([
      [],
      ['~attribute views.left #0 owner: the attributes of the default view are kept'],
    ]);
  });

  test('refuses what does not go together', async () => {
    const lines = async (params: Record<string, unknown>, images: Record<string, unknown>) =>
      problemLines(await describeNode(join, params, { views: images }));
    const channels = { layout: 'channels' };
    const small = picture(part({ display: box(0, 0, 1, 1) }));
    const stereo = picture(part({ channels: ['R', 'left.R'], attributes: [VIEWS] }));
    const timed = picture(part({ attributes: [attribute('timeCode', 'timecode', { time: '01:02:03:04' })] }));
    expect(await lines({}, {})).toEqual(['error input-missing']);
    expect(await lines({ order: ['lefd'] }, views)).toEqual(['error source-unknown order']);
    expect(await lines({ names: { up: 'u' } }, views)).toEqual(['error source-unknown names']);
    expect(await lines({ names: { left: 'right' } }, { ...views })).toEqual([
      'error view-ambiguous names',
      'error part-duplicate',
    ]);
    expect(await lines({ names: { left: 'a.b' } }, { left })).toEqual(['error view-unknown names']);
    expect(await lines({}, { left, right: stereo })).toEqual(['error view-ambiguous']);
    expect(await lines({}, { left, right: small })).toEqual(['error window-mismatch']);
    expect(await lines({}, { left, right: timed })).toEqual(['error attribute-conflict']);
    expect(await lines(channels, { left, right: small })).toEqual(['error window-mismatch']);
    const two = picture(part({ name: 'a' }), part({ name: 'b' }));
    expect(await lines(channels, { left, right: two })).toEqual(['error part-unknown layout']);
    expect(await provenFixes(join, channels, { views: { left, right: two } }, 'part-unknown')).toEqual([
      'Join views as parts',
    ]);
    const deep = picture(part({ kind: 'deep', stored: { copyOnly: true } }));
    expect(await lines(channels, { left, right: deep })).toEqual(['error deep-unsupported layout']);
    const meeting = picture(part({ channels: ['right.R'] }));
    expect(await lines(channels, { left: meeting, right })).toEqual([]);
    const clash = picture(part({ channels: ['R', 'b.R'] }));
    expect(
      await lines({ ...channels, names: { c: 'b' } }, { a: picture(part({ channels: ['R'] })), c: clash }),
    ).toEqual([]);
  });
});

const folder = temporary();
const has = (program: string): boolean => spawnSync(program, ['--help']).error === undefined;

describe('views in files', () => {
  test('come apart and together again without a sample changed', async () => {
    const channels = ['R', 'left.R', 'spec.left.Z:float', 'spec.right.Z:float', 'left.id:uint', 'id:uint'];
    await writeExr(joinPath(folder, 'stereo.exr'), [{ channels, attributes: [VIEWS] }]);
    const document = graph(
      {
        read: { type: 'io.read', params: { path: 'stereo.exr' } },
        l: { type: 'view.select', params: { view: 'left' } },
        r: { type: 'view.select', params: { view: 'right' } },
        j: { type: 'view.join', params: { layout: 'channels', order: ['right', 'left'] } },
        w: { type: 'io.write', params: { path: 'again.exr' } },
        m: { type: 'view.join' },
        mw: { type: 'io.write', params: { path: 'parts.exr' } },
      },
      [
        'read.image > l.image',
        'read.image > r.image',
        'l.image > j.views.left',
        'r.image > j.views.right',
        'j.image > w.image',
        'l.image > m.views.left',
        'r.image > m.views.right',
        'm.image > mw.image',
      ],
    );
    const done = await run(document, folder);
    expect([done.exitCode, done.problems]).toEqual([0, []]);
    const original = sums(joinPath(folder, 'stereo.exr'));
    expect(sums(joinPath(folder, 'again.exr'))).toEqual(original);
    const parts = sums(joinPath(folder, 'parts.exr'));
    expect(Object.keys(parts).length).toBe(channels.length);
    expect(parts['left/spec.Z']).toBe(original['0/spec.left.Z']);
    expect(parts['right/R']).toBe(original['0/R']);
  });

  test.skipIf(!has('exrmultiview') && process.env['CI'] !== 'true')('are joined as exrmultiview does', async () => {
    for (const eye of ['left', 'right']) {
      await writeExr(joinPath(folder, `${eye}.exr`), [{ channels: ['R', 'A', 'spec.R', 'Z:float'], seed: eye.length }]);
    }
    execFileSync('exrmultiview', ['left', 'left.exr', 'right', 'right.exr', 'judge.exr'], { cwd: folder });
    const document = graph(
      {
        l: { type: 'io.read', params: { path: 'left.exr' } },
        r: { type: 'io.read', params: { path: 'right.exr' } },
        j: { type: 'view.join', params: { layout: 'channels' } },
        w: { type: 'io.write', params: { path: 'ours.exr' } },
      },
      ['l.image > j.views.left', 'r.image > j.views.right', 'j.image > w.image'],
    );
    expect((await run(document, folder)).exitCode).toBe(0);
    const judged = sums(joinPath(folder, 'judge.exr'));
    expect(Object.keys(judged).length).toBe(8);
    expect(sums(joinPath(folder, 'ours.exr'))).toEqual(judged);
  });
});

describeCorpus('views in the corpus', () => {
  test('inspect names them', async () => {
    const path = corpusFile('openexr-images/Beachball/singlepart.0001.exr');
    const { stdout } = await sluice(['inspect', path]);
    expect(stdout).toContain('channels: 8 of right (default), 8 of left, 4 of none');
    const { parts } = JSON.parse((await sluice(['inspect', path, '--json'])).stdout) as {
      parts: { views: string[]; channels: { name: string; view: string | null }[] }[];
    };
    expect(parts[0]!.views).toEqual(['right', 'left']);
    const viewed = Object.groupBy(parts[0]!.channels, ({ view }) => view ?? 'none');
    expect(Object.entries(viewed).map(([view, list]) => [view, list!.length])).toEqual([
      ['right', 8],
      ['none', 4],
      ['left', 8],
    ]);
  });

  const selected = async (name: string, view: string): Promise<string> => {
    copyFileSync(corpusFile(`openexr-images/${name}`), joinPath(folder, 'in.exr'));
    const out = `${view}-${name.replaceAll('/', '-')}`;
    const document = graph(
      {
        read: { type: 'io.read', params: { path: 'in.exr' } },
        v: { type: 'view.select', params: { view } },
        w: { type: 'io.write', params: { path: out } },
      },
      ['read.image > v.image', 'v.image > w.image'],
    );
    expect((await run(document, folder)).exitCode).toBe(0);
    return joinPath(folder, out);
  };

  test('one part of two views, and a part for each view', async () => {
    let compared = 0;
    for (const [name, view, of] of [
      ['MultiView/Fog.exr', 'left', (channel: string) => channel],
      ['MultiView/Fog.exr', 'right', (channel: string) => `right.${channel}`],
      ['Beachball/singlepart.0001.exr', 'left', (channel: string) => channel.replace(/([^.]+)$/, 'left.$1')],
    ] as const) {
      const file = await selected(name, view);
      const original = sums(corpusFile(`openexr-images/${name}`));
      for (const [key, sum] of Object.entries(sums(file))) {
        const [part, channel] = key.split('/') as [string, string];
        expect(sum, key).toBe(channel.startsWith('disparity') ? original[key] : original[`${part}/${of(channel)}`]);
        compared += 1;
      }
    }
    expect(compared).toBe(2 + 12);
    const parts = ExrFile.open(await selected('Beachball/multipart.0001.exr', 'left'));
    const { header } = ExrFile.open(corpusFile('openexr-images/Beachball/multipart.0001.exr'));
    const expected = header.parts.filter((p) => p.view === 'left' || p.view === undefined);
    expect(names(parts.header.parts.map((p) => ({ name: p.name! })))).toEqual(expected.map((p) => p.name));
    expect(expected.length).toBeGreaterThan(3);
  });
});
