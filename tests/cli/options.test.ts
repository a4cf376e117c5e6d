// The options of run and validate that change a graph or look at it.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders as people type them are what is tested
import { existsSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ExrFile } from '../../engine/files.ts';
import { copyGraph, type Report, scenes, visible, writeGraph } from './footage.ts';
import { sluice, temporaryFolder } from './sluice.ts';

const root = temporaryFolder();
const scene = scenes(root);

describe('options that change a graph', () => {
  test('--set takes JSON where the parameter does, else text; promoted names and variables work', async () => {
    const cwd = await scene([1, 2]);
    const graph = writeGraph(
      cwd,
      {
        read: { type: 'io.read', params: { path: '${in}/a.%04d.exr' } },
        tag: {
          type: 'metadata.set',
          params: { edits: [{ op: 'set', name: 'take', type: 'string', value: 'x' }] },
        },
        write: { type: 'io.write', params: { path: 'nowhere/%04d.exr' } },
        other: { type: 'io.write', params: { path: 'other/%04d.exr' } },
      },
      ['read.image > tag.image', 'tag.image > write.image', 'tag.image > other.image'],
      {
        variables: { in: { type: 'string', default: 'absent' } },
        promoted: [{ name: 'target', title: 'Target', to: ['write.path'] }],
      },
    );
    const edits = [{ op: 'set', name: 'take', type: 'string', value: 'from = the "outside"' }];
    const args = ['--var', 'in=in', '--set', 'target=12345', '--set', `tag.edits=${JSON.stringify(edits)}`];
    const { code, stderr } = await sluice(
      ['run', graph, ...args, '--set', 'write.zipLevel=9', '--write', 'write', '--frames', '2'],
      { cwd },
    );
    expect([code, stderr]).toEqual([0, '']);
    expect(visible(cwd)).toEqual(['12345', 'graph.sluice.json', 'in']);
    const { stdout } = await sluice(['inspect', '12345', '--json'], { cwd });
    expect(stdout).toContain(JSON.stringify('from = the "outside"'));
  });

  test('--set takes the place of an animation and says so; sluice nodes tells what can be animated', async () => {
    const cwd = await scene([1, 2]);
    const graph = writeGraph(
      cwd,
      {
        read: { type: 'io.read', params: { path: 'in/a.%04d.exr' } },
        gain: {
          type: 'color.exposure',
          animation: {
            stops: {
              keys: [
                [1, 0, 'linear'],
                [2, 100, 'linear'],
              ],
            },
          },
        },
        write: { type: 'io.write', params: { path: 'out/%04d.exr' } },
      },
      ['read.image > gain.image', 'gain.image > write.image'],
    );
    const refused = await sluice(['run', graph], { cwd });
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('gain.stops: Too big: expected number to be <=64. Found: 100. At frame 2.');
    const { code, stderr } = await sluice(['run', graph, '--set', 'gain.stops=0'], { cwd });
    expect(code).toBe(0);
    expect(stderr).toContain('gain.stops: the value given takes the place of its animation in this run.');
    expect((await sluice(['nodes', 'generate.ramp'])).stdout).toContain(
      'Can be animated: from.0, from.1, to.0, to.1, colorFrom.0,',
    );
  });

  test.each<[string, string[], number, string]>([
    ['no name', ['--set', '=3'], 2, '--set: expected node.param=value'],
    ['no value', ['--var', 'shot'], 2, '--var: expected name=value'],
    ['an unknown node', ['--set', 'reed.path=x'], 2, 'Nothing is called reed.path'],
    ['an unknown variable', ['--var', 'shot=1'], 2, 'no variable shot'],
    ['an unknown sink', ['--write', 'read'], 2, 'read writes nothing'],
    ['a prototype', ['--set', '__proto__.path=x'], 2, 'Nothing is called __proto__.path'],
    ['a root that is none', ['--root', 'absent'], 2, '--root: expected a folder'],
    ['an unknown parameter', ['--set', 'read.pth=x'], 3, 'no parameter pth. Did you mean path?'],
    ['a parameter like none', ['--set', 'read.qqqqqqqq=x'], 3, 'It has: path, offset, before'],
    ['a wrong value', ['--set', 'write.zipLevel=99'], 3, 'param-invalid'],
    ['a wrong range', ['--frames', '1-'], 2, 'Expected a comma or the end at character 2'],
    ['no range', ['--frames', ' '], 2, 'Expected frames such as 1001-1100'],
    ['a range too large', ['--frames', '1-9999999'], 2, 'at most 1000000 frames'],
    ['a range of an unknown variable', ['--frames', '${first}-9'], 3, 'param-variable'],
    ['frames too far off', ['--set', 'read.offset=5000000000'], 3, 'param-invalid'],
    ['a pack that is none', ['--nodes', 'absent.js'], 1, 'node-pack'],
    ['a report nowhere', ['--report', 'absent/report.json'], 1, 'file-not-found'],
    ['a report in place of a folder', ['--report', '.'], 1, 'file-not-regular'],
    ['a report in a name that ends as a folder', ['--report', 'in/new/'], 1, 'file-not-regular'],
    ['a report on a device', ['--report', '/dev/null'], 1, 'file-not-regular'],
    ['a report in place of the graph', ['--report', 'graph.sluice.json'], 1, 'no report of an earlier run'],
    ['a report in place of an input', ['--report', 'in/a.0001.exr'], 1, 'no report of an earlier run'],
  ])('%s is an answer', async (name, more, expected, words) => {
    const cwd = await scene([1], name);
    const graph = copyGraph(cwd);
    const before = readFileSync(graph, 'utf8') + readFileSync(join(cwd, 'in', 'a.0001.exr'), 'hex');
    const { code, stderr } = await sluice(['run', graph, ...more], { cwd });
    expect(stderr).toContain(words);
    expect(readFileSync(graph, 'utf8') + readFileSync(join(cwd, 'in', 'a.0001.exr'), 'hex')).toBe(before);
    expect(stderr).not.toMatch(/^ +at .*:\d+/m);
    expect(code).toBe(expected);
    expect(existsSync(join(cwd, 'out'))).toBe(false);
  });

  test('a fix that is printed can be typed', async () => {
    const cwd = await scene([1, 2]);
    const graph = copyGraph(cwd, { path: 'out/my frames.exr' });
    const first = await sluice(['run', graph], { cwd });
    expect(first.code).toBe(3);
    const fix = /--set '([^']+)'/.exec(first.stderr)?.[1];
    expect(fix).toBe('write.path=out/my frames.%04d.exr');
    expect((await sluice(['run', graph, '--set', fix!], { cwd })).code).toBe(0);
    expect(visible(join(cwd, 'out'))).toHaveLength(2);
  });

  test('a place as problems name it can be typed', async () => {
    const cwd = await scene([1]);
    const graph = copyGraph(cwd, { types: [{ channels: 'Z', type: 'half' }] });
    const { code, stdout } = await sluice(['run', graph, '--set', 'write.types[0].channels=R', '--dry-run'], { cwd });
    expect([code, stdout]).toEqual([0, expect.not.stringContaining('would become')]);
    const wrong = await sluice(['run', graph, '--set', 'write.types[0].type=int'], { cwd });
    expect([wrong.code, wrong.stderr]).toEqual([3, expect.stringContaining('write.types[0].type')]);
  });

  test('a report takes the place of an earlier one, through a link too', async () => {
    const cwd = await scene([1]);
    const graph = copyGraph(cwd, { overwrite: 'replace' });
    symlinkSync(join(cwd, 'real.json'), join(cwd, 'link.json'));
    writeFileSync(join(cwd, 'real.json'), '');
    for (const report of ['real.json', 'link.json', 'link.json'])
      expect((await sluice(['run', graph, '--report', report], { cwd })).code).toBe(0);
    expect(lstatSync(join(cwd, 'link.json')).isSymbolicLink()).toBe(true);
    expect((JSON.parse(readFileSync(join(cwd, 'real.json'), 'utf8')) as Report).exitCode).toBe(0);
  });

  test('--missing-chunks black goes on where a chunk is missing, and the ledger names it', async () => {
    const cwd = await scene([1]);
    const path = join(cwd, 'in', 'a.0001.exr');
    const bytes = readFileSync(path);
    const file = ExrFile.open(path);
    // The second of the two chunks is cut off, and its offset is 0 as in a file that was never finished.
    const { offset } = file.table.locate(0, 1);
    bytes.writeBigUInt64LE(0n, file.header.byteLength + 8);
    file.close();
    writeFileSync(path, bytes.subarray(0, offset));
    const graph = copyGraph(cwd);
    const without = await sluice(['run', graph], { cwd });
    expect([without.code, without.stderr]).toEqual([1, expect.stringContaining('exr-chunk-missing')]);
    const { code, stdout } = await sluice(['run', graph, '--missing-chunks', 'black'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/filled\n +chunk +chunk 1 of part 0/);
  });

  test('--nodes brings nodes of a pack, in workers too', async () => {
    const cwd = await scene([1, 2]);
    const authoring = pathToFileURL(join(import.meta.dirname, '../../engine/authoring.ts')).href;
    const zod = import.meta.resolve('zod');
    writeFileSync(
      join(cwd, 'pack.mjs'),
      `import { defineNode, image } from ${JSON.stringify(authoring)};
       import { z } from ${JSON.stringify(zod)};
       export const nodes = [defineNode({
         type: 'pack.double', version: 1, title: 'Double', doc: 'Doubles Z.', params: z.strictObject({}),
         inputs: { image: image('Any.') },
         spec: ({ inputs }) => ({ ...inputs.image, parts: inputs.image.parts.map((part) => ({ ...part, channels:
           part.channels.map((c) => ({ ...c, origin: c.name === 'Z' ? { from: 'computed' } : { from: 'input', port: 'image', part: 0, channel: c.name } })) })) }),
         pull: async ({ sources }, want) => {
           const planes = await sources.image.planes(want, 'float');
           return new Map([...planes].map(([name, p]) => [name, { ...p, samples: p.samples.map((v) => v * 2) }]));
         },
       })];`,
    );
    const graph = writeGraph(
      cwd,
      {
        read: { type: 'io.read', params: { path: 'in' } },
        double: { type: 'pack.double' },
        write: { type: 'io.write', params: { path: 'out/b.%04d.exr' } },
      },
      ['read.image > double.image', 'double.image > write.image'],
    );
    expect((await sluice(['validate', graph], { cwd })).stderr).toContain('node-unknown');
    const { code, stderr } = await sluice(['run', graph, '--nodes', 'pack.mjs', '--jobs', '2'], { cwd });
    expect([code, stderr]).toEqual([0, '']);
    const { stdout } = await sluice(['diff', 'in', 'out', '--pixels'], { cwd });
    expect(stdout).toContain('samples  Z  640 of 640 samples differ');
    expect(stdout.split('samples  ')).toHaveLength(3);
  });
});

describe('names that are wrong', () => {
  const problemsOf = async (change: (text: string) => string, name: string): Promise<string[]> => {
    const cwd = await scene([1], name);
    const graph = copyGraph(cwd);
    writeFileSync(graph, change(readFileSync(graph, 'utf8')));
    const { code, stdout } = await sluice(['validate', graph, '--json'], { cwd });
    expect(code).toBe(3);
    return (JSON.parse(stdout) as Report).problems.map((problem) => `${problem.code}: ${problem.message}`);
  };

  test.each<[string, (text: string) => string, string[]]>([
    [
      'a node type',
      (text) => text.replace('io.write', 'io.wirte'),
      [
        'node-unknown: write: no node of type io.wirte is installed. Did you mean io.write? If it belongs to a pack, load that with --nodes.',
      ],
    ],
    [
      'an output',
      (text) => text.replace('read.image', 'read.imagee'),
      ['link-unknown-port: Link read.imagee → write.image: read has no output imagee; it has: image.'],
    ],
    [
      'an input',
      (text) => text.replace('write.image', 'write.img'),
      [
        'link-unknown-port: Link read.image → write.img: write has no input img; it has: image.',
        'input-missing: write (Write EXR): its input image is not connected. The image to write.',
      ],
    ],
    [
      'a node',
      (text) => text.replace('read.image', 'raed.image'),
      ['link-unknown-node: Link raed.image → write.image: there is no node raed. Did you mean read?'],
    ],
  ])('%s: what could be meant, and nothing that follows from it', async (name, change, expected) => {
    expect(await problemsOf(change, `wrong ${name}`)).toEqual(expected);
  });
});

describe('validate', () => {
  test('--check-pixels says where samples were not looked at', async () => {
    const cwd = await scene();
    const args = ['validate', copyGraph(cwd, { overwrite: 'never' }), '--check-pixels'];
    const { code, stdout } = await sluice(args, { cwd });
    expect([code, stdout]).toEqual([3, expect.stringContaining('Samples were not looked at: mend the errors first.')]);
  });

  test('says that a graph is sound, or everything that is wrong with it; exit code 3', async () => {
    const cwd = await scene([1, 2]);
    const sound = await sluice(['validate', copyGraph(cwd)], { cwd });
    expect([sound.code, sound.stderr]).toEqual([0, '']);
    expect(sound.stdout).toContain('sound, 0 warnings. Frames: 1-2 (2).');
    const graph = writeGraph(
      cwd,
      { write: { type: 'io.write', params: { path: 'x.exr', zipLevel: 77 } }, odd: { type: 'not.there' } },
      ['ghost.image > write.image'],
      { name: 'wrong' },
    );
    const { code, stdout, stderr } = await sluice(['validate', graph, '--json'], { cwd });
    expect(code).toBe(3);
    const report = JSON.parse(stdout) as Report;
    const codes = new Set(report.problems.map((problem) => problem.code));
    expect([...codes].sort()).toEqual(expect.arrayContaining(['link-unknown-node', 'node-unknown', 'param-invalid']));
    expect(stderr).toMatch(/^error +param-invalid +write\.zipLevel {2}/m);
    expect(existsSync(join(cwd, 'out'))).toBe(false);
  });
});
