// Read sequence: every way to name files, every policy for frames that are not there, waiting, and samples kept bit for bit.
import {
  closeSync,
  copyFileSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../engine/base/canonical.ts';
import type { Document } from '../../engine/document/schema.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import { checkGraph, type GraphRun } from '../../engine/run/run.ts';
import { nodes as builtIn } from '../../nodes/index.ts';
import { filesBelow, run, sums, temporary, writeExr, writeSequence } from '../run/files.ts';
import { graph } from '../run/graph.ts';

const folder = temporary();
const FRAMES = [-2, 1, 2, 4, 7];
beforeAll(async () => {
  await writeSequence(join(folder, 'in'), 'x.%04d.exr', FRAMES, { channels: ['R', 'Z:float'] });
  await writeSequence(join(folder, 'in'), 'other.%04d.exr', [1], { channels: ['R'] });
  await writeSequence(join(folder, 'alone'), 'x.%04d.exr', [1, 2], { channels: ['R'] });
  await writeExr(join(folder, 'single.exr'), [{ channels: ['R'], seed: 99 }]);
});

let outputs = 0;
/** Reads and writes again; the run, and where its outputs are. */
async function pass(
  params: Readonly<Record<string, Json>>,
  range?: string,
  more: { readonly frames?: Partial<Document['frames']>; readonly write?: Readonly<Record<string, Json>> } = {},
): Promise<{ run: GraphRun; out: string }> {
  const out = `out${outputs++}`;
  const document = graph(
    { r: { type: 'io.read', params }, w: { type: 'io.write', params: { path: `${out}/o.%04d.exr`, ...more.write } } },
    ['r.image > w.image'],
    { frames: { mismatch: 'stop-at-shortest', align: 'number', ...more.frames } },
  );
  return { run: await run(document, folder, range === undefined ? {} : { range }), out: join(folder, out) };
}

const name = (frame: number): string =>
  `o.${(frame < 0 ? '-' : '') + String(Math.abs(frame)).padStart(frame < 0 ? 3 : 4, '0')}.exr`;
/** Which frame's samples an output holds, `black`, or undefined where there is none. */
function shown(out: string, frame: number): number | 'black' | undefined {
  try {
    const is = sums(join(out, name(frame)))['0/R'];
    const of = FRAMES.find(
      (f) =>
        sums(join(folder, 'in', `x.${(f < 0 ? '-' : '') + String(Math.abs(f)).padStart(4, '0')}.exr`))['0/R'] === is,
    );
    return of ?? 'black';
  } catch {
    return undefined;
  }
}

describe('naming files', () => {
  const forms: readonly [path: string, frames: string][] = [
    ['in/x.%04d.exr', '-2, 1-2, 4, 7'],
    ['in/x.####.exr', '-2, 1-2, 4, 7'],
    ['in/x.#.exr', '-2, 1-2, 4, 7'],
    ['in/x.@@@@.exr', '-2, 1-2, 4, 7'],
    ['in/x.%d.exr', '-2, 1-2, 4, 7'],
    ['./alone/../in/x.%04d.exr', '-2, 1-2, 4, 7'],
    ['alone', '1-2'],
    ['alone/', '1-2'],
  ];

  it.each(forms)('%s', async (path, frames) => {
    const { run: done, out } = await pass({ path }, frames.replaceAll(' ', ''));
    expect(done.problems).toEqual([]);
    expect(done.exitCode).toBe(0);
    expect(done.result!.ledger).toEqual([]);
    expect(filesBelow(out).filter((f) => f.endsWith('.exr'))).toHaveLength(done.frames.length);
    if (path !== 'alone' && path !== 'alone/') for (const f of done.frames) expect(shown(out, f)).toBe(f);
  });
  it('counts them', () => expect(forms).toHaveLength(8));

  it('one file answers for every frame asked', async () => {
    const { run: done, out } = await pass({ path: 'single.exr' }, '1-3');
    expect(done.exitCode).toBe(0);
    expect(new Set([1, 2, 3].map((f) => sums(join(out, name(f)))['0/R'])).size).toBe(1);
  });

  it('one file without a range is one frame', async () => {
    expect((await pass({ path: 'single.exr' })).run.frames).toEqual([1]);
  });

  it.each([
    ['in', 'sequence-ambiguous'],
    ['in/y.%04d.exr', 'sequence-empty'],
    ['nowhere/x.%04d.exr', 'file-not-found'],
    ['in/x.%04d.%04d.exr', 'pattern-syntax'],
    ['in/x.$F4.exr', 'pattern-syntax'],
    ['nothing.exr', 'file-not-found'],
  ])('%s is %s', async (path, code) => {
    const { run: done } = await pass({ path });
    expect(done.exitCode).toBe(3);
    expect(done.problems).toMatchObject([{ code, where: { node: 'r' } }]);
  });
});

describe('frames that are not there', () => {
  /** Frames 1, 2, 4, 7 and -2 exist; each row: parameters, what frames -4, 0, 3, 5, 6 and 9 show. */
  const policies: readonly [
    params: Readonly<Record<string, Json>>,
    shows: readonly (number | 'black' | undefined)[],
  ][] = [
    [{}, [undefined, undefined, undefined, undefined, undefined, undefined]],
    [{ before: 'hold' }, [-2, undefined, undefined, undefined, undefined, undefined]],
    [{ after: 'hold' }, [undefined, undefined, undefined, undefined, undefined, 7]],
    [{ missing: 'hold' }, [undefined, -2, 2, 4, 4, undefined]],
    [{ missing: 'next' }, [undefined, 1, 4, 7, 7, undefined]],
    [{ missing: 'nearest' }, [undefined, 1, 2, 4, 7, undefined]],
    [{ missing: 'black' }, [undefined, 'black', 'black', 'black', 'black', undefined]],
    // Ten frames from -2 to 7: -4 is 6 in a loop, 9 is -1; bounced, -4 is 0 and 9 is 5.
    [{ before: 'loop', after: 'loop', missing: 'hold' }, [4, -2, 2, 4, 4, -2]],
    [{ before: 'bounce', after: 'bounce', missing: 'next' }, [1, 1, 4, 7, 7, 7]],
    [{ before: 'black', after: 'black' }, ['black', undefined, undefined, undefined, undefined, 'black']],
  ];
  const asked = [-4, 0, 3, 5, 6, 9];

  it.each(policies)('%j', async (params, shows) => {
    const { run: done, out } = await pass({ path: 'in/x.%04d.exr', ...params }, '-4,1,0,3,5,6,9');
    expect([-4, 0, 3, 5, 6, 9].map((frame) => shown(out, frame))).toEqual(shows);
    expect(shown(out, 1)).toBe(1);
    const gaps = shows.slice(1, 5).some((s) => s !== undefined);
    const failed = shows.filter((s, i) => s === undefined && (asked[i] !== 9 || params['after'] !== undefined)).length;
    expect(done.result!.outcomes.filter((o) => o.state === 'failed')).toHaveLength(failed);
    expect(done.exitCode).toBe(failed > 0 || gaps ? 4 : 0);
    // Every frame that shows another one is in the ledger under the frame that was rendered.
    const listed = done.result!.ledger.filter((e) => e.kind === 'substituted').map((e) => Number(e.name.split(':')[0]));
    const stood = asked.filter((_, i) => shows[i] !== undefined);
    expect(listed.sort((a, b) => a - b)).toEqual(stood.sort((a, b) => a - b));
    for (const e of done.result!.ledger.filter((l) => l.kind === 'substituted')) {
      expect(e.frames).toBe(e.name.split(':')[0]);
      expect(e.from).toBe('r');
    }
  });
  it('counts them', () => expect(policies).toHaveLength(10));

  it('a loop that leads to a missing frame is a substitution, and says so', async () => {
    const { run: done } = await pass({ path: 'in/x.%04d.exr', before: 'loop', missing: 'hold' }, '-4');
    expect([done.exitCode, done.result!.ledger.map((e) => [e.name, e.reason])]).toEqual([
      4,
      [['-4: 4 instead', 'before the sequence (-2-7): loop, where 6 is missing: hold']],
    ]);
  });

  it('black has the windows and attributes of its neighbour, and every sample is zero', async () => {
    const { out } = await pass({ path: 'in/x.%04d.exr', missing: 'black' }, '3');
    const file = ExrFile.open(join(out, name(3)));
    const planes = [...file.readPart(0).values()];
    expect(planes.map((p) => p.type)).toEqual(['half', 'float']);
    expect(planes.every((p) => p.samples.every((s) => Object.is(s, 0)))).toBe(true);
    const like = ExrFile.open(join(folder, 'in', 'x.0002.exr'));
    expect(file.header.parts[0]!.dataWindow).toEqual(like.header.parts[0]!.dataWindow);
    file.close();
    like.close();
  });

  it('an offset moves the files, not the names of what is written', async () => {
    const { run: done, out } = await pass({ path: 'in/x.%04d.exr', offset: 100 }, '101-102');
    expect(done.exitCode).toBe(0);
    expect([101, 102].map((f) => sums(join(out, name(f)))['0/R'])).toEqual(
      [1, 2].map((f) => sums(join(folder, 'in', `x.000${f}.exr`))['0/R']),
    );
  });

  it('says which frame is missing, between which, at which node', async () => {
    const { run: done } = await pass({ path: 'in/x.%04d.exr' }, '4-7');
    const failed = done.result!.outcomes.filter((o) => o.state === 'failed').map((o) => o.error!);
    expect(failed).toMatchObject([
      { code: 'frame-missing', where: { node: 'r', frame: 5, param: 'missing' } },
      { code: 'frame-missing', where: { node: 'r', frame: 6 } },
    ]);
    expect(failed[0]!.message).toMatch(/between 4 and 7/);
  });
});

describe('waiting', () => {
  const later = (ms: number, act: () => void): Promise<void> =>
    new Promise((resolve, reject) =>
      setTimeout(() => {
        try {
          act();
          resolve();
        } catch (thrown) {
          reject(thrown as Error);
        }
      }, ms),
    );
  /** What is there at first, what comes, and how it is asked for. */
  async function scene(id: string, first: readonly number[], params: Readonly<Record<string, Json>>, range: string) {
    const ready = join(folder, `ready-${id}`);
    await writeSequence(ready, 'x.%04d.exr', [1, 2, 3], {
      channels: ['R', 'Z:float'],
      window: { minX: 0, minY: 0, maxX: 99, maxY: 99 },
    });
    const into = join(folder, `wait-${id}`);
    mkdirSync(into);
    const file = (frame: number): string => `x.000${frame}.exr`;
    const place = (frame: number): void => {
      copyFileSync(join(ready, file(frame)), join(into, 'hidden.part'));
      renameSync(join(into, 'hidden.part'), join(into, file(frame)));
    };
    for (const frame of first) place(frame);
    const running = pass({ path: `wait-${id}/x.%04d.exr`, missing: 'wait', waitSeconds: 20, ...params }, range);
    const same = (out: string, frame: number): boolean =>
      sums(join(out, name(frame)))['0/R'] === sums(join(ready, file(frame)))['0/R'];
    return { ready, into, file, place, running, same };
  }

  it('for a frame between others', async () => {
    const { place, running, same } = await scene('between', [1, 3], {}, '1-3');
    const [{ run: done, out }] = await Promise.all([running, later(400, () => place(2))]);
    expect([done.exitCode, done.result!.ledger]).toEqual([0, []]);
    expect(same(out, 2)).toBe(true);
  });

  it('for the first and the last, in any order', async () => {
    const { place, running, same } = await scene('ends', [2], {}, '1-3');
    const [{ run: done, out }] = await Promise.all([running, later(300, () => place(3)), later(700, () => place(1))]);
    expect(done.exitCode).toBe(0);
    expect([1, 2, 3].every((f) => same(out, f))).toBe(true);
  });

  it('for a sequence of which nothing is there yet', async () => {
    const { place, running, same } = await scene('nothing', [], {}, '1-2');
    const [{ run: done, out }] = await Promise.all([running, later(300, () => place(1)), later(600, () => place(2))]);
    expect(done.exitCode).toBe(0);
    expect([1, 2].every((f) => same(out, f))).toBe(true);
  });

  it.each([1, 2])('until frame %i, which is written slowly, is whole', async (slow) => {
    const { ready, into, file, running, same } = await scene(`slow${slow}`, slow === 1 ? [] : [1, 3], {}, '1-2');
    const bytes = readFileSync(join(ready, file(slow)));
    const other = slow === 1 ? [later(100, () => copyFileSync(join(ready, file(2)), join(into, file(2))))] : [];
    // As a writer does it: header, chunks, and the offset table in the end.
    const headerEnd = ((): number => {
      const opened = ExrFile.open(join(ready, file(slow)));
      const { byteLength } = opened.header;
      opened.close();
      return byteLength;
    })();
    const chunks = Math.ceil(100 / 16);
    const unfinished = Buffer.from(bytes);
    unfinished.fill(0, headerEnd, headerEnd + 8 * chunks);
    const target = join(into, file(slow));
    const steps = [
      later(50, () => writeFileSync(target, unfinished.subarray(0, 20))),
      later(350, () => writeFileSync(target, unfinished.subarray(0, headerEnd + 8 * chunks))),
      later(650, () => writeFileSync(target, unfinished.subarray(0, bytes.length >> 1))),
      later(950, () => writeFileSync(target, unfinished)),
      later(1300, () => writeFileSync(target, bytes)),
    ];
    const [{ run: done, out }] = await Promise.all([running, ...other, ...steps]);
    expect(done.result?.outcomes.map((o) => [o.state, o.error?.message])).toEqual([
      ['done', undefined],
      ['done', undefined],
    ]);
    expect(same(out, slow)).toBe(true);
  });

  it('ends with its time, and the other frames are done', async () => {
    const { running } = await scene('never', [1, 3], { waitSeconds: 0.4 }, '1-3');
    const { run: done } = await running;
    expect(done.result!.outcomes.map((o) => [o.frame, o.state, o.error?.code])).toEqual([
      [1, 'done', undefined],
      [2, 'failed', 'frame-wait-timeout'],
      [3, 'done', undefined],
    ]);
    expect(done.exitCode).toBe(4);
  });

  it('ends with its time where nothing ever comes', async () => {
    const { running } = await scene('empty', [], { waitSeconds: 0.3 }, '1-3');
    const { run: done } = await running;
    expect(done.exitCode).toBe(1);
    expect(done.problems).toMatchObject([{ code: 'frame-wait-timeout', where: { node: 'r' } }]);
  });

  it.each([
    ['nothing of it is there', 'wait-check-none/x.%04d.exr', '1-3', 'No file of'],
    ['its folder is empty', 'wait-check-empty', '1-3', 'No file of'],
    ['one file is not there', 'wait-check-empty/one.exr', '1', 'No file of'],
    ['a frame between others is not there', 'in/x.%04d.exr', '6', 'between 4 and 7'],
    ['a frame after the others is not there', 'in/x.%04d.exr', '99', 'after the sequence'],
    ['a file is not whole', 'wait-check-half/x.%04d.exr', '1', 'is not whole yet'],
  ])('is no error for who only checks: %s', async (_, path, range, words) => {
    mkdirSync(join(folder, 'wait-check-empty'), { recursive: true });
    mkdirSync(join(folder, 'wait-check-half'), { recursive: true });
    const half = readFileSync(join(folder, 'in/x.0001.exr'));
    writeFileSync(join(folder, 'wait-check-half/x.0001.exr'), half.subarray(0, half.length >> 1));
    const document = graph(
      {
        r: { type: 'io.read', params: { path, missing: 'wait' } },
        w: { type: 'io.write', params: { path: 'checked.%04d.exr' } },
      },
      ['r.image > w.image'],
    );
    const { exitCode, problems } = await checkGraph({ document, folder, nodes: builtIn, range });
    expect([exitCode, problems]).toMatchObject([
      0,
      [{ severity: 'warning', code: 'frame-awaited', where: { node: 'r', param: 'missing' } }],
    ]);
    expect(problems[0]!.message).toContain(words);
  });

  it('ends at once when the run is cancelled', async () => {
    mkdirSync(join(folder, 'wait-cancel'));
    const controller = new AbortController();
    const document = graph(
      {
        r: { type: 'io.read', params: { path: 'wait-cancel/x.%04d.exr', missing: 'wait' } },
        w: { type: 'io.write', params: { path: 'c.%04d.exr' } },
      },
      ['r.image > w.image'],
    );
    const start = performance.now();
    setTimeout(() => controller.abort(), 300);
    expect((await run(document, folder, { range: '1-3', signal: controller.signal })).exitCode).toBe(130);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('missing chunks', () => {
  async function holed(id: string): Promise<void> {
    const path = await writeExr(join(folder, `holes-${id}.exr`), [{ channels: ['R', 'Z:float'], compression: 'zips' }]);
    const opened = ExrFile.open(path);
    const at = opened.header.byteLength;
    const size = opened.identity.size;
    opened.close();
    const bytes = readFileSync(path);
    // The last chunk is cut off and another one struck from the table, so that nothing can be rebuilt.
    const start = Number(bytes.readBigUInt64LE(at + 8 * 49));
    bytes.writeBigUInt64LE(0n, at + 8 * 49);
    writeFileSync(path, bytes);
    const handle = openSync(path, 'r+');
    ftruncateSync(handle, start);
    closeSync(handle);
    expect(start).toBeLessThan(size);
  }

  it('are an error that names the file, the part and the chunk', async () => {
    await holed('error');
    for (const write of [{}, { compression: 'piz' }]) {
      const { run: done, out } = await pass({ path: 'holes-error.exr' }, '1', { write });
      expect(done.exitCode).toBe(1);
      const error = done.result!.outcomes[0]!.error!;
      expect(error).toMatchObject({ code: 'exr-chunk-missing', where: { part: 0, chunk: 49 } });
      expect(error.where.file).toContain('holes-error.exr');
      expect(filesBelow(out)).toEqual([]);
    }
  });

  it.each([{}, { compression: 'piz' }])(
    'are black where that is asked for, with the ledger naming them: %j',
    async (write) => {
      await holed('black');
      const { run: done, out } = await pass({ path: 'holes-black.exr', missingChunks: 'black' }, '1-2', { write });
      expect(done.exitCode).toBe(0);
      const filled = done.result!.ledger.filter((e) => e.kind === 'filled');
      expect(filled).toMatchObject([{ item: 'chunk', name: 'chunk 49 of part 0', from: 'r', frames: '1-2' }]);
      const [whole, made] = [join(folder, 'holes-black.exr'), join(out, name(2))].map((p) => ExrFile.open(p));
      const box = { minX: -3, minY: 5, maxX: 40, maxY: 53 };
      expect(made!.readPart(0, { box }).get('Z')!.samples).toEqual(whole!.readPart(0, { box }).get('Z')!.samples);
      const last = made!.readPart(0, { box: { ...box, minY: 54, maxY: 54 } });
      expect([...last.values()].every((p) => p.samples.every((s) => s === 0))).toBe(true);
      whole!.close();
      made!.close();
    },
  );
});

describe('samples', () => {
  it.each(['none', 'rle', 'zips', 'zip', 'piz'] as const)(
    'of every kind of bits come out as they went in, stored as %s',
    async (compression) => {
      await writeExr(join(folder, 'bits.exr'), [
        {
          channels: ['h:half', 'f:float', 'u:uint', 'cy:half/2', 'cu:uint/2'],
          window: { minX: -4, minY: 2, maxX: 41, maxY: 53 },
        },
      ]);
      const { run: done, out } = await pass({ path: 'bits.exr' }, '1', { write: { compression } });
      expect(done.exitCode).toBe(0);
      expect(sums(join(out, name(1)))).toEqual(sums(join(folder, 'bits.exr')));
      expect(Object.keys(sums(join(folder, 'bits.exr')))).toHaveLength(5);
    },
  );
});
