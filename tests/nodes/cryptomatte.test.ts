// Cryptomatte select and Cryptomatte matte: layers and their attributes together, and masks by names, on a real file and made ones.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { box, cryptomatteKey, cryptomattesOf, ExrFile, idBits, idText, type Plane } from '../../engine/authoring.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { convertPlane } from '../../engine/pixels/convert.ts';
import { parseManifest } from '../../nodes/cryptomatte/manifest/manifest.ts';
import { addCoverage } from '../../nodes/cryptomatte/mask/coverage.ts';
import { matte } from '../../nodes/cryptomatte/matte.ts';
import { corpusFile, describeCorpus } from '../exr/corpus.ts';
import { run, sums, temporary } from '../run/files.ts';
import { bench, graph, never } from '../run/graph.ts';
import { header, level, levelOf, views } from './cryptomatte-header.ts';
import { describeNode, lossLines, type PartParts, part, picture, problemLines, provenFixes } from './spec-builder.ts';

const folder = temporary();
const CORNELL = 'cryptomatte/cornellBox_CryptoWildcard.0001.exr';
const MULTI = 'cryptomatte/debug_images/multichannel.exr';

describe('what belongs together', () => {
  it('finds levels, ranks in their order, previews, other spellings of letters; and not what is merely named alike', () => {
    const image = picture({
      channels: [
        ...level('crypto', 1),
        ...level('crypto', 0),
        'crypto.R',
        'cryptoX.R',
        'crypto00x.R',
        'other00.red:float',
        'other00.green:float',
        'other00.blue:float',
        'R',
      ],
      attributes: [...header('crypto'), ...header('other'), ...header('gone')],
    });
    const [crypto, other, gone, ...more] = cryptomattesOf(image.parts);
    expect(more).toEqual([]);
    expect(crypto!.channels.map(({ channel }) => channel)).toEqual([
      'crypto.R',
      ...['A', 'B', 'G', 'R'].map((c) => `crypto00.${c}`),
      ...['A', 'B', 'G', 'R'].map((c) => `crypto01.${c}`),
    ]);
    expect(crypto!.ranks.map(({ id, coverage }) => `${id.channel} ${coverage.channel}`)).toEqual([
      'crypto00.R crypto00.G',
      'crypto00.B crypto00.A',
      'crypto01.R crypto01.G',
      'crypto01.B crypto01.A',
    ]);
    expect(other!.ranks.map(({ id, coverage }) => `${id.channel} ${coverage.channel}`)).toEqual([
      'other00.red other00.green',
    ]);
    expect([gone!.name, gone!.channels]).toEqual(['gone', []]);
  });

  it('takes levels of several parts together, and views apart', () => {
    const parts = (view?: string) => [
      part({ name: `a${view}`, ...(view ? { view } : {}), channels: level('crypto', 0), attributes: header('crypto') }),
      part({ name: `b${view}`, ...(view ? { view } : {}), channels: level('crypto', 1) }),
    ];
    expect(cryptomattesOf(parts()).map(({ ranks }) => ranks.map(({ id }) => id.part))).toEqual([[0, 0, 1, 1]]);
    expect(
      cryptomattesOf([...parts('left'), ...parts('right')]).map(({ view, ranks }) => [
        view,
        ranks.map((r) => r.id.part),
      ]),
    ).toEqual([
      ['left', [0, 0, 1, 1]],
      ['right', [2, 2, 3, 3]],
    ]);
  });

  it('takes apart views that are channels of one part, the default one first', () => {
    const found = (...parts: PartParts[]) =>
      cryptomattesOf(parts.map(part)).map(({ view, headers, ranks }) => [
        ...[view, headers.length],
        ranks.map(({ id, coverage }) => `${id.channel} ${coverage.channel}`),
      ]);
    const both = [...levelOf('left', 'crypto', 0), ...levelOf('right', 'crypto', 0)];
    const ranks = (view: string) => [`crypto00.${view}.R crypto00.${view}.G`, `crypto00.${view}.B crypto00.${view}.A`];
    const told = [...header('crypto'), views('right', 'left')];
    expect(found({ channels: both, attributes: told })).toEqual([
      ['right', 1, ranks('right')],
      ['left', 1, ranks('left')],
    ]);
    expect(found({ channels: both, attributes: header('crypto') })).toEqual([[undefined, 1, []]]);
    expect(
      found({ name: 'crypto00', channels: ['R', 'G', 'left.R', 'left.G'], attributes: told }, { view: 'left' }),
    ).toEqual([
      ['right', 1, ['R G']],
      ['left', 1, ['left.R left.G']],
    ]);
  });

  it('takes a part that is called by a level for its layer, the view behind it left out', () => {
    const bare = (name: string, view?: string) => part({ name, ...(view ? { view } : {}) });
    const first = part({ name: 'rgba', attributes: header('crypto') });
    const found = (...parts: ReturnType<typeof part>[]) =>
      cryptomattesOf([first, ...parts]).map(({ channels, ranks }) => [channels.length, ranks.map((r) => r.id.part)]);
    expect(found(bare('crypto'), bare('crypto00'), bare('crypto01'))).toEqual([[12, [2, 2, 3, 3]]]);
    expect(found(bare('crypto00.left', 'left'), bare('crypto00.right', 'right'))).toEqual([
      [4, [1, 1]],
      [4, [2, 2]],
    ]);
    expect(found(bare('cryptomany'), bare('xcrypto00'))).toEqual([[0, []]]);
  });

  it.each([
    ['no JSON', '{'],
    ['an array', '[]'],
    ['an id that is none', '{"a": "xyz"}'],
    ['an id that is a number', '{"a": 5}'],
    ['nothing', undefined],
  ])('a manifest that is %s is refused', (_, json) => {
    expect(() => parseManifest(json, 'here')).toThrow(/Expected names with ids/);
  });

  it('names that look like parts of a program are names', () => {
    const ids = parseManifest('{"__proto__":"00000001","constructor":"00000002"}', 'here');
    expect([...ids]).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ]);
  });
});

describeCorpus('the sample files', () => {
  it('have the keys and ids that the specification gives their names', () => {
    let names = 0;
    const found: Record<string, number> = {};
    for (const path of [CORNELL, MULTI]) {
      const file = ExrFile.open(corpusFile(path));
      for (const { name, headers, ranks } of cryptomattesOf(
        file.header.parts.map((p) => ({
          ...p,
          channels: p.channels.map((c) => ({ ...c, origin: { from: 'computed' } })),
        })),
      )) {
        expect(headers.map(({ key }) => key)).toEqual([cryptomatteKey(name)]);
        const manifest = new TextDecoder().decode(headers[0]!.fields.get('manifest')!.bytes);
        for (const [thing, id] of parseManifest(manifest, name)) {
          expect(idText(idBits(thing))).toBe(idText(id));
          names += 1;
        }
        found[name] = ranks.length;
      }
      file.close();
    }
    expect(found).toEqual({ uCryptoWildcard: 6, crypto_asset: 6, crypto_material: 6, crypto_object: 6 });
    expect(names).toBe(420);
  });

  /** The mask that a graph makes of names. */
  async function mask(path: string, params: Readonly<Record<string, Json>>): Promise<Plane> {
    const document = graph(
      { r: { type: 'io.read', params: { path: corpusFile(path) } }, m: { type: 'cryptomatte.matte', params } },
      ['r.image > m.image'],
    );
    const { evaluator, descriptions } = bench(document);
    const spec = (await descriptions.describe('m', 1)).spec!;
    const want = { part: 0, channels: ['mask.A'], box: spec.parts[0]!.dataWindow };
    return (await evaluator.planes('m', 1, want, never)).get('mask.A')!;
  }

  it('every sample of a mask is the sum of the coverages of its ids, as a plain loop over the file finds it', async () => {
    const file = ExrFile.open(corpusFile(MULTI));
    const planes = file.readPart(0);
    let compared = 0;
    let covered = 0;
    for (const layer of ['crypto_asset', 'crypto_material', 'crypto_object']) {
      const manifest = file.header.parts[0]!.attributes.find(
        (a) => a.name === `cryptomatte/${cryptomatteKey(layer)}/manifest`,
      )!;
      const ids = parseManifest(new TextDecoder().decode(manifest.bytes), layer);
      const things = [...ids.keys()].slice(0, 6);
      for (const names of [...things.map((name) => [name]), ['*'], things.slice(0, 2)]) {
        const wanted = names[0] === '*' ? [...ids.values()] : names.map((name) => ids.get(name)!);
        const made = await mask(MULTI, { layer, names });
        const expected = new Float32Array(made.samples.length);
        for (const [number, pair] of ['00.RG', '00.BA', '01.RG', '01.BA', '02.RG', '02.BA'].entries()) {
          expect(number).toBeLessThan(6);
          const of = (letter: string) => planes.get(`${layer}${pair.slice(0, 3)}${letter}`)!.samples as Float32Array;
          const [id, share] = [of(pair[3]!), of(pair[4]!)];
          const bits = new Uint32Array(id.buffer, id.byteOffset, id.length);
          for (let i = 0; i < expected.length; i++) if (wanted.includes(bits[i]!)) expected[i]! += share[i]!;
        }
        expect(made.samples).toEqual(expected);
        compared += expected.length;
        covered += expected.filter((sample) => sample > 0).length;
      }
    }
    file.close();
    expect([compared, covered]).toEqual([16384 * 18, 68_053]);
  });

  it('gives the same mask where each level is a part of R, G, B, A', async () => {
    const levels = ['crypto_object00', 'crypto_object01', 'crypto_object02'];
    const document = graph(
      {
        r: { type: 'io.read', params: { path: corpusFile(MULTI) } },
        ...Object.fromEntries(
          levels.map((name) => [
            name,
            {
              type: 'channel.shuffle',
              params: { rows: [{ to: '*', from: `a:${name}.*` }], others: 'drop', attributes: { from: ['a'] } },
            },
          ]),
        ),
        j: { type: 'part.assemble' },
        m: { type: 'cryptomatte.matte', params: { layer: 'crypto_object', names: ['*'] } },
      },
      [
        ...levels.flatMap((name) => [`r.image > ${name}.sources.a`, `${name}.image > j.parts.${name}`]),
        'j.image > m.image',
      ],
    );
    const { evaluator, descriptions } = bench(document);
    const { spec } = await descriptions.describe('m', 1);
    expect(spec!.parts.map(({ name }) => name)).toEqual(levels);
    const want = { part: 0, channels: ['mask.A'], box: spec!.parts[0]!.dataWindow };
    const made = (await evaluator.planes('m', 1, want, never)).get('mask.A')!;
    expect(made.samples).toEqual((await mask(MULTI, { layer: 'crypto_object', names: ['*'] })).samples);
  });

  it('names with stars and brackets are names before they are patterns', async () => {
    const total = (plane: Plane): number => (plane.samples as Float32Array).reduce((sum, sample) => sum + sample, 0);
    const one = total(await mask(CORNELL, { names: ['has_*_asterisk'] }));
    const all = total(await mask(CORNELL, { names: ['*'] }));
    const bare = total(await mask(CORNELL, { names: ['<5def0d04>'] }));
    expect([one > 0, all > one, bare]).toEqual([true, true, one]);
    expect(total(await mask(CORNELL, { names: [] }))).toBe(0);
    const half = await mask(CORNELL, { names: ['has_*_asterisk'], type: 'half' });
    expect(convertPlane(await mask(CORNELL, { names: ['has_*_asterisk'] }), 'half').plane.samples).toEqual(
      half.samples,
    );
  });

  it('a renamed Cryptomatte makes the same masks, keeps its manifest byte for byte, and its chunks are copied', async () => {
    const document = graph(
      {
        r: { type: 'io.read', params: { path: corpusFile(CORNELL) } },
        s: {
          type: 'cryptomatte.select',
          params: { edits: [{ op: 'rename', layer: 'uCryptoWildcard', to: 'vCryptoWildcard' }] },
        },
        w: { type: 'io.write', params: { path: 'renamed.exr' } },
      },
      ['r.image > s.image', 's.image > w.image'],
    );
    const none = { jobs: 2, worker: new URL('file:///no/such/worker.ts') };
    const done = await run(document, folder, none);
    expect([done.exitCode, done.problems]).toEqual([0, []]);
    expect(done.result!.ledger.filter(({ kind }) => kind === 'lost')).toEqual([]);
    const [before, after] = [corpusFile(CORNELL), join(folder, 'renamed.exr')];
    const renamed = Object.entries(sums(before)).map(([name, sum]) => [name.replace('uCrypto', 'vCrypto'), sum]);
    expect(sums(after)).toEqual(Object.fromEntries(renamed));
    const file = ExrFile.open(after);
    const fields = file.header.parts[0]!.attributes.filter((a) => a.name.startsWith('cryptomatte/'));
    expect(fields.map((a) => a.name)).toEqual(
      ['conversion', 'hash', 'manifest', 'name'].map(
        (field) => `cryptomatte/${cryptomatteKey('vCryptoWildcard')}/${field}`,
      ),
    );
    const original = ExrFile.open(before);
    const manifest = original.header.parts[0]!.attributes.find((a) => a.name.endsWith('/manifest'))!;
    expect(Buffer.compare(fields[2]!.bytes, manifest.bytes)).toBe(0);
    expect(new TextDecoder().decode(fields[3]!.bytes)).toBe('vCryptoWildcard');
    file.close();
    original.close();
  });
});

describe('matte', () => {
  const crypto = {
    channels: [...level('crypto', 0), 'A'],
    attributes: header('crypto', { manifest: '{"hare":"00000005"}' }),
  };
  const told = async (params: Readonly<Record<string, Json>>, image = picture(crypto)) =>
    problemLines(await describeNode(matte, params, { image }));

  it('takes the place of another channel, which is lost then, but not of those that it is made of', async () => {
    const alpha = await describeNode(matte, { channel: 'A' }, { image: picture(crypto) });
    expect(problemLines(alpha)).toEqual([]);
    expect(lossLines(alpha)).toEqual([expect.stringContaining('A')]);
    const [problem] = (await describeNode(matte, { channel: 'crypto00.G' }, { image: picture(crypto) })).problems;
    expect([problem!.severity, problem!.code, problem!.where?.param]).toEqual([
      'error',
      'cryptomatte-spoilt',
      'channel',
    ]);
    const document = graph(
      {
        r: { type: 'io.read', params: { path: corpusFile(CORNELL) } },
        m: { type: 'cryptomatte.matte', params: { channel: 'R' } },
        w: { type: 'io.write', params: { path: 'masked.exr' } },
      },
      ['r.image > m.image', 'm.image > w.image'],
    );
    const { result } = await run(document, folder, {});
    const lines = result!.ledger
      .filter(({ item }) => item === 'channel')
      .map((e) => `${e.kind} ${e.name}: ${e.reason}`);
    expect(lines).toEqual(['lost R: m: the mask is put in its place']);
  });

  it('puts its channel beside the others, float unless asked', async () => {
    const { spec, losses } = await describeNode(matte, {}, { image: picture(crypto) });
    expect(spec.parts[0]!.channels.map(({ name, type, origin }) => `${name} ${type} ${origin.from}`)).toEqual([
      'A half input',
      ...['A', 'B', 'G', 'R'].map((c) => `crypto00.${c} float input`),
      'mask.A float computed',
    ]);
    expect(losses).toEqual([]);
    expect(spec.parts[0]!.stored!.chunks).toBeUndefined();
  });

  it.each<[string, Readonly<Record<string, Json>>, PartParts, string[]]>([
    ['no Cryptomatte', {}, { channels: ['R'] }, ['error cryptomatte-unknown layer']],
    ['attributes alone', {}, { channels: ['R'], attributes: header('crypto') }, ['error cryptomatte-unknown layer']],
    ['another name', { layer: 'crypt' }, crypto, ['error cryptomatte-unknown layer']],
    ['a name that the manifest lacks', { names: ['hars'] }, crypto, ['warning cryptomatte-name names']],
    ['a pattern that fits none', { names: ['x*'] }, crypto, ['warning cryptomatte-name names']],
    [
      'a pattern without a manifest',
      { names: ['x*', 'hare'] },
      { ...crypto, attributes: header('crypto') },
      ['warning cryptomatte-manifest names'],
    ],
    [
      'ids in half',
      {},
      { channels: level('crypto', 0).map((c) => c.replace('float', 'half')), attributes: header('crypto') },
      ['error channel-type'],
    ],
    [
      'views beside each other',
      {},
      { channels: levelOf('left', 'crypto', 0), attributes: [...header('crypto'), views('right', 'left')] },
      ['error view-ambiguous'],
    ],
    ['a deep part', {}, { ...crypto, kind: 'deep' }, ['error deep-unsupported']],
    ['a name that no channel may have', { channel: 'x'.repeat(300) }, crypto, ['error channel-name channel']],
  ])('%s is a problem', async (_, params, image, lines) => {
    expect(await told(params, picture(image))).toEqual(lines);
  });

  it('says of views in parts of their own that one has the mask', async () => {
    const image = picture({ ...crypto, name: 'l', view: 'left' }, { ...crypto, name: 'r', view: 'right' });
    const [problem, ...more] = (await describeNode(matte, {}, { image })).problems;
    expect(more).toEqual([]);
    expect([problem!.severity, problem!.code]).toEqual(['info', 'view-ambiguous']);
    expect(problem!.message).toContain('made in view left alone; right has');
  });

  it('offers fixes that hold', async () => {
    const image = picture(crypto);
    expect(await provenFixes(matte, { layer: 'crypt' }, { image }, 'cryptomatte-unknown')).toEqual(['Use crypto']);
    expect(await provenFixes(matte, { names: ['hars'] }, { image }, 'cryptomatte-name')).toEqual(['Use hare']);
  });

  it('compares bits, so that ids that are no numbers or zeros with a sign are told apart', () => {
    const window = box(0, 0, 3, 0);
    const plane = (bits: number[]): Plane => ({
      type: 'float',
      box: window,
      sampling: { x: 1, y: 1 },
      columns: 4,
      rows: 1,
      samples: new Float32Array(Uint32Array.from(bits).buffer),
    });
    const coverage: Plane = { ...plane([]), samples: Float32Array.of(1, 2, 4, 8) };
    const id = plane([0x7fc00001, 0x80000000, 0, 0x7fc00002]);
    for (const [ids, expected] of [
      [[0x7fc00001], [1, 0, 0, 0]],
      [[0x80000000], [0, 2, 0, 0]],
      [[0], [0, 0, 4, 0]],
      [
        [0, 0x7fc00002],
        [0, 0, 4, 8],
      ],
    ] as const) {
      const mask = new Float32Array(4);
      addCoverage([{ id, coverage }], ids, mask);
      expect([...mask]).toEqual(expected);
    }
  });
});
