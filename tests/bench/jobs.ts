// The benchmark's jobs: what each does, how both programs are told to do it, and what is to be reached.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ExrFile } from '../../engine/index.ts';
import { type BenchFiles, SEQUENCE, SMALL_COUNT } from './frame.ts';
import type { Command } from './measure.ts';

export interface Job {
  readonly name: string;
  readonly title: string;
  readonly ours: Command;
  readonly theirs?: Command;
  /** At most this share of oiiotool's time. */
  readonly ratio?: number;
  /** At most so many seconds. */
  readonly seconds?: number;
  /** At most this share of oiiotool's peak memory. */
  readonly memory?: number;
  /** At most so many times the time of another job of ours. */
  readonly times?: { readonly of: string; readonly most: number };
  /** The job whose peak memory this one's may exceed by a tenth. */
  readonly memoryOf?: string;
  /** Files that each program writes; removed before it runs, checked once. */
  readonly made: (by: Program) => readonly string[];
  /** Channel names with types that each of them must hold. */
  readonly channels?: readonly string[];
}

export type Program = 'ours' | 'theirs';

/** How Sluice is started: the built package where there is one, else the sources. */
export interface Package {
  /** The launcher. */
  readonly launcher: string;
  /** URL of the door. */
  readonly door: string;
}

const THREADS = 2;
const TAKEN = ['A half', 'B half', 'G half', 'R half', 'Z float'];
const COMMENT = { op: 'set', name: 'comments', type: 'string', value: 'approved' };
const NONE = (): readonly string[] => [];

const node = (type: string, params: object) => ({ type, version: 1, params, at: [0, 0] });
const chain = (...ids: string[]) =>
  ids.slice(1).map((id, i) => ({ from: `${ids[i]}.image`, to: id === 'take' ? 'take.sources.a' : `${id}.image` }));

/** The jobs on these files; graphs are saved beside them. */
export function makeJobs(files: BenchFiles, sluice: Package): Job[] {
  const out = (by: Program, name: string): string => join(files.folder, 'out', `${by}-${name}`);
  mkdirSync(join(files.folder, 'out'), { recursive: true });

  const run = (name: string, nodes: object, links: readonly object[]): Command => {
    const graph = join(files.folder, `${name}.sluice.json`);
    writeFileSync(graph, JSON.stringify({ sluice: 1, name, nodes, links }));
    return start('run', graph, '--jobs', String(THREADS), '--quiet');
  };
  const start = (...args: string[]): Command => ({ program: process.execPath, args: [sluice.launcher, ...args] });
  const oiiotool = (...args: string[]): Command => ({
    program: 'oiiotool',
    args: ['--threads', String(THREADS), ...args],
  });

  const write = (name: string) =>
    node('io.write', { path: out('ours', name), compression: 'zip', overwrite: 'replace' });
  const take = node('channel.shuffle', {
    rows: TAKEN.map((text) => ({ to: text.split(' ')[0], from: text.split(' ')[0] })),
    others: 'drop',
  });
  const taking = (name: string, from: string): Command =>
    run(
      name,
      { read: node('io.read', { path: from }), take, write: write(outputName(name)) },
      chain('read', 'take', 'write'),
    );
  const outputName = (name: string): string => (name === 'sequence' ? 'sequence.%04d.exr' : `${name}.exr`);
  // By itself oiiotool makes all channels float where a file mixes types, so it is told the types.
  const types = TAKEN.flatMap((text) => ['-d', text.replace(' ', '=')]);
  const select = ['--ch', 'R,G,B,A,Z', ...types, '--compression', 'zip', '-o'];
  const single = (name: string) => (by: Program) => [out(by, `${name}.exr`)];
  /** One operation on floats, with files that are not compressed on both sides. */
  const filtering = (name: string, title: string, filter: object, theirs: readonly string[]): Job => ({
    name,
    title,
    ours: run(
      name,
      {
        read: node('io.read', { path: files.plain }),
        filter,
        write: node('io.write', { path: out('ours', `${name}.exr`), compression: 'none', overwrite: 'replace' }),
      },
      chain('read', 'filter', 'write'),
    ),
    theirs: oiiotool(files.plain, ...theirs, '--compression', 'none', '-o', out('theirs', `${name}.exr`)),
    ratio: 0.8,
    made: single(name),
    channels: ['A float', 'B float', 'G float', 'R float'],
  });

  const decoding = (file: string, rows: number): Pick<Job, 'ours' | 'theirs' | 'made'> => ({
    ours: {
      program: process.execPath,
      args: [fileURLToPath(new URL('./decode.ts', import.meta.url)), sluice.door, file, String(rows)],
    },
    // The modifier makes it read all pixels at once instead of when they are wanted.
    theirs: oiiotool('-i:now=1', file, '--echo', 'decoded'),
    made: NONE,
  });
  /** Four halves packed from a file that is not compressed, and unpacked. Ours also counts what a lossy method changes. */
  const method = (name: 'piz' | 'dwaa'): Job[] => [
    {
      name: `${name}-pack`,
      title: `RGBA as ${name}`,
      ours: run(
        `${name}-pack`,
        {
          read: node('io.read', { path: files.colours.none }),
          write: node('io.write', { path: out('ours', `${name}-pack.exr`), compression: name, overwrite: 'replace' }),
        },
        chain('read', 'write'),
      ),
      theirs: oiiotool(files.colours.none, '--compression', name, '-o', out('theirs', `${name}-pack.exr`)),
      ratio: 1,
      made: single(`${name}-pack`),
      channels: ['A half', 'B half', 'G half', 'R half'],
    },
    { name: `${name}-unpack`, title: `decode RGBA of ${name}`, ...decoding(files.colours[name], 32), ratio: 1 },
  ];

  /** Pixels in memory: no file is read or written, on either side. */
  const operation = (name: string): Command => ({
    program: process.execPath,
    args: [fileURLToPath(new URL('./operation.ts', import.meta.url)), name],
    printed: /^seconds (\S+)$/m,
  });
  const theirOperation = (name: string, ...args: string[]): Command => ({
    ...oiiotool('--runstats', ...args, '-o', out('theirs', 'operation.exr')),
    printed: new RegExp(`^ +-*${name} +: +(\\S+)$`, 'm'),
  });
  const config = join(files.folder, 'spaces.ocio');
  writeFileSync(config, OCIO_CONFIG);
  const now = ['-i:now=1', files.plain];

  return [
    {
      name: 'take',
      title: 'take 5 of 14 channels',
      ours: taking('take', files.frame),
      theirs: oiiotool(files.frame, ...select, out('theirs', 'take.exr')),
      ratio: 0.3,
      memory: 0.5,
      made: single('take'),
      channels: TAKEN,
    },
    {
      name: 'attribute',
      title: 'set one attribute',
      ours: run(
        'attribute',
        {
          read: node('io.read', { path: files.frame }),
          set: node('metadata.set', { edits: [COMMENT] }),
          write: node('io.write', { path: out('ours', 'attribute.exr'), overwrite: 'replace' }),
        },
        chain('read', 'set', 'write'),
      ),
      theirs: oiiotool(files.frame, '--attrib', 'comments', 'approved', '-o', out('theirs', 'attribute.exr')),
      ratio: 0.03,
      memory: 0.5,
      made: single('attribute'),
    },
    {
      name: 'recombine',
      title: 'recombine two files',
      ours: run(
        'recombine',
        {
          a: node('io.read', { path: files.beauty }),
          b: node('io.read', { path: files.utility }),
          all: node('channel.shuffle', { attributes: { resolveAll: 'a' } }),
          write: write('recombine.exr'),
        },
        [
          { from: 'a.image', to: 'all.sources.a' },
          { from: 'b.image', to: 'all.sources.b' },
          { from: 'all.image', to: 'write.image' },
        ],
      ),
      theirs: oiiotool(
        files.beauty,
        files.utility,
        '--chappend',
        ...['-d', 'half', ...['Z', 'N.X', 'N.Y', 'N.Z'].flatMap((name) => ['-d', `${name}=float`])],
        ...['--compression', 'zip', '-o', out('theirs', 'recombine.exr')],
      ),
      ratio: 0.35,
      memory: 0.5,
      made: single('recombine'),
      channels: channelsOf(files.frame),
    },
    {
      name: 'decode',
      title: 'decode all channels',
      ...decoding(files.frame, 16),
      ratio: 0.4,
      memory: 0.5,
    },
    ...method('piz'),
    ...method('dwaa'),
    {
      name: 'sequence',
      title: 'take 5 of 14, 8 frames',
      ours: taking('sequence', files.sequence),
      theirs: oiiotool('--frames', '1-8', files.sequence, ...select, out('theirs', 'sequence.%04d.exr')),
      ratio: 0.4,
      memory: 0.5,
      made: (by) => SEQUENCE.map((frame) => out(by, `sequence.${String(frame).padStart(4, '0')}.exr`)),
      channels: TAKEN,
    },
    {
      name: 'small',
      title: `${SMALL_COUNT} small frames, one attribute`,
      ours: run(
        'small',
        {
          read: node('io.read', { path: files.small }),
          set: node('metadata.set', { edits: [COMMENT] }),
          write: node('io.write', { path: out('ours', 'small.%04d.exr'), overwrite: 'replace' }),
        },
        chain('read', 'set', 'write'),
      ),
      theirs: {
        program: 'sh',
        args: [
          '-c',
          `for i in $(seq -f %04g ${SMALL_COUNT}); do oiiotool --threads ${THREADS} "$1/small.$i.exr" ` +
            '--attrib comments approved -o "$2/theirs-small.$i.exr"; done',
          'sh',
          files.folder,
          join(files.folder, 'out'),
        ],
      },
      ratio: 0.1,
      made: (by) =>
        Array.from({ length: SMALL_COUNT }, (_, i) => out(by, `small.${String(i + 1).padStart(4, '0')}.exr`)),
    },
    filtering('half', 'Lanczos to half the size', node('transform.resize', { factor: [0.5, 0.5] }), [
      '--resize:filter=lanczos3',
      '50%',
    ]),
    filtering('blur', 'Gaussian of 20 pixels', node('filter.blur', { size: [20, 20] }), ['--blur', '20x20']),
    {
      name: 'over',
      title: 'over, in memory',
      ours: operation('over'),
      theirs: theirOperation('over', ...now, ...now, '--over'),
      ratio: 0.8,
      made: NONE,
    },
    {
      name: 'convert',
      title: 'ACEScg to sRGB, in memory',
      ours: operation('convert'),
      theirs: theirOperation('colorconvert', '--colorconfig', config, ...now, '--colorconvert', 'ACEScg', 'sRGB'),
      ratio: 0.8,
      made: NONE,
    },
    { name: 'balance', title: 'grade, in memory', ours: operation('balance'), made: NONE },
    {
      name: 'balances',
      title: 'ten of it',
      ours: operation('balances'),
      times: { of: 'balance', most: 2 },
      made: NONE,
    },
    { name: 'matrix', title: 'matrix, in memory', ours: operation('matrix'), made: NONE },
    { name: 'mixed', title: 'ten nodes', ours: operation('mixed'), times: { of: 'matrix', most: 2 }, made: NONE },
    { name: 'version', title: 'sluice --version', ours: start('--version'), seconds: 0.3, made: NONE },
    { name: 'inspect', title: 'sluice inspect', ours: start('inspect', files.frame), seconds: 0.4, made: NONE },
    {
      name: 'tall',
      title: 'take 5, 4 times as tall',
      ours: taking('tall', files.tall),
      theirs: oiiotool(files.tall, ...select, out('theirs', 'tall.exr')),
      memoryOf: 'take',
      made: single('tall'),
      channels: TAKEN,
    },
  ];
}

/** ACEScg to sRGB by the numbers of IEC 61966-2-1 and of ACES (TB-2014-004), as a graph of ours does it. */
const OCIO_CONFIG = `ocio_profile_version: 2
strictparsing: true
roles: {default: ACEScg, scene_linear: ACEScg}
displays:
  sRGB: [!<View> {name: Raw, colorspace: ACEScg}]
colorspaces:
  - !<ColorSpace> {name: ACEScg}
  - !<ColorSpace>
    name: sRGB
    from_scene_reference: !<GroupTransform>
      children:
        - !<MatrixTransform> {matrix: [1.705051, -0.621792, -0.083258, 0, -0.130257, 1.140805, -0.010548, 0, -0.024003, -0.128969, 1.152972, 0, 0, 0, 0, 1]}
        - !<ExponentWithLinearTransform> {gamma: 2.4, offset: 0.055, direction: inverse}
`;

/** Names and types of the channels of a file's first part, in its order. */
export function channelsOf(path: string): string[] {
  const file = ExrFile.open(path);
  try {
    return file.part(0).channels.map(({ name, type }) => `${name} ${type}`);
  } finally {
    file.close();
  }
}
