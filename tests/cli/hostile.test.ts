// Hostile and broken graph files: each is answered with one clear error or a list of problems, soon and without a stack.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sluice, temporaryFolder } from './sluice.ts';

const root = temporaryFolder();
const node = (type: string, params: object = {}) => ({ type, version: 1, params, at: [0, 0] });
const read = node('io.read', { path: 'in/a.exr' });
const write = node('io.write', { path: 'out/b.exr' });
const link = { from: 'read.image', to: 'write.image' };
const graph = (more: object): string => JSON.stringify({ sluice: 1, nodes: { read, write }, links: [link], ...more });

const DOCUMENTS: readonly (readonly [name: string, text: string | Uint8Array, code: string])[] = [
  ['nothing', '', 'document-syntax'],
  ['no JSON', '{ "sluice": 1, ', 'document-syntax'],
  ['bytes', Uint8Array.from({ length: 4096 }, (_, i) => (i * 197) & 255), 'document-syntax'],
  ['an EXR file', Uint8Array.from([0x76, 0x2f, 0x31, 0x01, 2, 0, 0, 0]), 'document-syntax'],
  ['another kind of JSON', '[1, 2, 3]', 'document-schema'],
  ['deep nesting', '['.repeat(200_000), 'document-too-large'],
  ['too much text', ' '.repeat(17 * 2 ** 20), 'document-too-large'],
  ['a newer version', '{"sluice": 999, "nodes": {}}', 'document-version'],
  ['wrong types', graph({ nodes: [], links: 7 }), 'document-schema'],
  ['huge numbers', graph({ nodes: { read: { ...read, version: 1e308 }, write } }), 'document-schema'],
  ['infinite numbers', graph({}).replace('[0,0]', '[1e999,0]'), 'document-schema'],
  ['unknown keys', graph({ run: 'rm -rf /' }), 'document-schema'],
  ['a prototype', `{"sluice":1,"nodes":{"__proto__":${JSON.stringify(read)}},"links":[]}`, 'document-schema'],
  ['a prototype in parameters', graph({}).replace('"path":"in/a.exr"', '"__proto__":{"path":"x"}'), 'document-schema'],
  [
    'a cycle',
    graph({
      nodes: { a: node('metadata.set'), b: node('metadata.set'), write },
      links: [
        { from: 'a.image', to: 'b.image' },
        { from: 'b.image', to: 'a.image' },
        { from: 'b.image', to: 'write.image' },
      ],
    }),
    'link-cycle',
  ],
  ['duplicate links', graph({ links: [link, link] }), 'link-duplicate'],
  ['links to nothing', graph({ links: [{ from: 'ghost.image', to: 'write.image' }] }), 'link-unknown-node'],
  ['unknown ports', graph({ links: [{ from: 'read.sound', to: 'write.image' }] }), 'link-unknown-port'],
  ['unknown nodes', graph({ nodes: { read: node('evil.shell'), write } }), 'node-unknown'],
  ['constructor as a type', graph({ nodes: { read: node('constructor.prototype'), write } }), 'document-schema'],
  ['a million frames and more', graph({ frames: { range: '1-99999999' } }), 'frames-too-many'],
  [
    'an endless expression',
    graph({ nodes: { read: node('io.read', { path: '${'.repeat(10_000) }), write } }),
    'param-variable',
  ],
  [
    'a path with a zero byte',
    graph({ nodes: { read: node('io.read', { path: 'a\0b.exr' }), write } }),
    'file-not-found',
  ],
  ['nothing to write', graph({ nodes: { read }, links: [] }), 'no-sink'],
  ['an empty graph', graph({ nodes: {}, links: [] }), 'no-sink'],
];

describe('a hostile document', () => {
  test.each(DOCUMENTS)('%s', async (name, text, expected) => {
    const cwd = join(root, name);
    mkdirSync(cwd);
    writeFileSync(join(cwd, 'g.sluice.json'), text);
    const begin = performance.now();
    const { code, stdout, stderr } = await sluice(['run', 'g.sluice.json', '--json'], { cwd });
    expect(performance.now() - begin).toBeLessThan(5000);
    expect(code).toBe(3);
    const report = JSON.parse(stdout) as {
      problems: { severity: string; code: string; message: string; where: object }[];
    };
    expect(report.problems.map((problem) => problem.code)).toContain(expected);
    for (const { message } of report.problems) expect(message.length).toBeLessThan(600);
    expect(stderr).not.toMatch(/^ +at .*:\d+/m);
    expect(stderr.split('\n').length).toBeLessThan(120);
  });

  test('as many were tried as are listed', () => expect(DOCUMENTS).toHaveLength(25));

  test.each<[string, (path: string) => void, string]>([
    ['a folder', (path) => mkdirSync(path), 'file-not-regular'],
    ['a pipe', (path) => execFileSync('mkfifo', [path]), 'file-not-regular'],
    ['nothing', () => {}, 'file-not-found'],
  ])('%s where a graph should be', async (name, make, expected) => {
    const path = join(root, `${name}.sluice.json`);
    make(path);
    const { code, stderr } = await sluice(['validate', path]);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`error ${expected}: `)]);
  });

  test('an EXR file where a graph should be is told what to do with it', async () => {
    const path = join(root, 'an EXR file', 'g.sluice.json');
    const { code, stderr } = await sluice(['validate', path]);
    expect([code, stderr]).toEqual([3, expect.stringContaining('sluice inspect shows what is in it')]);
  });

  test('control characters in names do not reach the terminal', async () => {
    const path = join(root, 'control.sluice.json');
    mkdirSync(join(root, 'in'));
    writeFileSync(path, graph({ nodes: { read: node('io.read', { path: 'in/\u001b[31mred\u0007.exr' }), write } }));
    const { code, stdout, stderr } = await sluice(['run', path]);
    expect(code).toBe(3);
    expect(stderr).toContain('\\u001b[31mred');
    expect(stdout + stderr).not.toContain('\u001b');
  });
});
