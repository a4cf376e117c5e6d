// For each built-in node: a graph that shows it at work, and another value for each of its parameters.
import type { Json } from '../../engine/base/canonical.ts';
import type { Document } from '../../engine/document/schema.ts';
import { graph } from '../run/graph.ts';
import { COLOR_STAGES } from './stages-color.ts';
import { COMP_STAGES } from './stages-comp.ts';
import { CRYPTOMATTE_STAGES } from './stages-cryptomatte.ts';
import { DEEP_STAGES } from './stages-deep.ts';
import { FILTERS } from './stages-filter.ts';
import { MESH_STAGES } from './stages-mesh.ts';
import { VIEW_STAGES } from './stages-view.ts';

export interface Stage {
  /** The graph; the node under test is called `node`. */
  document(params?: Readonly<Record<string, Json>>): Document;
  /** Parameters with which the node does something. */
  readonly params: Readonly<Record<string, Json>>;
  /** For every parameter a value that differs from the one in `params` and from the default. */
  readonly variants: Readonly<Record<string, Json>>;
}

const FEEDS = {
  a: { type: 'test.pattern', params: { seed: 1 } },
  b: { type: 'test.pattern', params: { seed: 2, channels: [{ name: 'Y', type: 'float' }] } },
} as const;

/** A template that hands its input on, half a stop brighter where that is not said otherwise. */
const template = (gain = 0.5, input: Readonly<Record<string, Json>> = {}): Json => ({
  sluice: 1,
  name: 'brighten',
  promoted: [{ name: 'gain', title: 'Gain', to: ['exposure.stops'] }],
  nodes: {
    in: { type: 'template.input', version: 1, params: input },
    exposure: { type: 'color.exposure', version: 1, params: { stops: gain } },
    out: { type: 'template.output', version: 1 },
  },
  links: [
    { from: 'in.image', to: 'exposure.image' },
    { from: 'exposure.image', to: 'out.image' },
  ],
});

function stage(type: string, links: readonly string[], params: Stage['params'], variants: Stage['variants']): Stage {
  return {
    params,
    variants,
    document: (other = params) => graph({ ...FEEDS, node: { type, params: other } }, links),
  };
}

/** Another value of each parameter that Write EXR and Write tiles share. */
const WRITTEN: Readonly<Record<string, Json>> = {
  compression: 'rle',
  zipLevel: 9,
  dwaLevel: 100,
  lineOrder: 'decreasing',
  layout: 'tiles',
  tileSize: [32, 32],
  levels: 'one',
  levelRounding: 'up',
  levelFilter: 'four-taps',
  wrapX: 'mirror',
  wrapY: 'periodic',
  unfiltered: ['mask.*'],
  partNames: ['main'],
  types: [{ channels: 'Z', type: 'half' }],
  overwrite: 'replace',
  embedRecipe: true,
  createFolders: false,
};

/** `shot.%04d.exr` is a sequence that the test writes: frames 1 to 3. */
export const STAGES: Readonly<Record<string, Stage>> = {
  'io.read': stage(
    'io.read',
    [],
    { path: 'shot.%04d.exr' },
    {
      path: 'shot.0002.exr',
      offset: 1,
      inputSpace: 'arrilogc4_awg4_scene',
      workingSpace: 'lin_ap1_scene',
      before: 'hold',
      after: 'loop',
      missing: 'next',
      waitSeconds: 5,
      level: [1, 1],
      missingChunks: 'black',
    },
  ),
  'channel.shuffle': stage(
    'channel.shuffle',
    ['a.image > node.sources.a', 'b.image > node.sources.b'],
    {
      rows: [
        { to: 'depth.*', from: 'a:*' },
        { to: 'luma', from: 'b:Y' },
        { to: 'one', value: 1, type: 'float' },
      ],
      attributes: { resolveAll: 'a' },
    },
    {
      rows: [{ to: 'R', from: 'a:R' }],
      others: 'drop',
      attributes: { resolveAll: 'b' },
      windows: 'union',
      fill: 0.5,
    },
  ),
  'channel.role': stage(
    'channel.role',
    ['a.image > node.image'],
    { rows: [{ channels: 'Z', role: 'mask' }] },
    { rows: [{ channels: '*', role: 'id' }] },
  ),
  'metadata.set': stage(
    'metadata.set',
    ['a.image > node.image', 'b.image > node.others.b'],
    { edits: [{ op: 'set', name: 'comment', type: 'string', value: 'x' }] },
    { edits: [{ op: 'delete', name: 'owner' }] },
  ),
  'part.assemble': stage(
    'part.assemble',
    ['a.image > node.parts.a', 'b.image > node.parts.b'],
    {},
    { order: ['b', 'a'], names: { a: 'left' }, views: { a: 'left' }, shared: 'b' },
  ),
  'part.select': stage(
    'part.select',
    ['a.image > node.image'],
    { parts: ['#0'] },
    { parts: ['*'], rename: { '#0': 'main' } },
  ),
  'color.exposure': stage(
    'color.exposure',
    ['a.image > node.image'],
    { stops: 1.5 },
    { stops: -1, channels: ['Z', 'id'] },
  ),
  ...COLOR_STAGES,
  ...DEEP_STAGES,
  'color.convert': stage(
    'color.convert',
    ['a.image > node.image'],
    { from: 'srgb_rec709_scene' },
    {
      from: 'lin_rec709_scene',
      to: 'acescct_ap1_scene',
      adaptation: 'cat02',
      unpremultiply: true,
      channels: ['R', 'G', 'B'],
      notColour: 'convert',
      exposureIndex: 400,
    },
  ),
  'color.display': stage(
    'color.display',
    ['a.image > node.image'],
    { from: 'lin_ap1_scene' },
    {
      transform: 'rec709',
      from: 'lin_rec709_scene',
      unpremultiply: true,
      channels: ['R', 'G', 'B'],
      notColour: 'convert',
    },
  ),
  ...COMP_STAGES,
  ...MESH_STAGES,
  ...VIEW_STAGES,
  ...CRYPTOMATTE_STAGES,
  ...Object.fromEntries(
    FILTERS.map(([type, params, variants]) => [type, stage(type, ['a.image > node.image'], params, variants)]),
  ),
  'graph.dot': stage('graph.dot', ['a.image > node.image'], {}, {}),
  'template.instance': stage(
    'template.instance',
    ['a.image > node.inputs.image'],
    { template: template() },
    {
      template: template(2),
      values: { gain: 3 },
      source: { path: 'brighten.sluice.json', name: 'brighten', version: '0' },
    },
  ),
  // It gives way to what is linked to the template around it.
  'template.input': {
    params: {},
    variants: { name: 'beauty' },
    document: (params = {}) =>
      graph({ ...FEEDS, node: { type: 'template.instance', params: { template: template(0.5, params) } } }, [
        `a.image > node.inputs.${params['name'] ?? 'image'}`,
      ]),
  },
  'template.output': stage('template.output', ['a.image > node.image'], {}, { name: 'beauty' }),
  'io.export': stage(
    'io.export',
    ['a.image > node.image'],
    { path: 'out.%04d.png' },
    {
      path: 'other.%04d.png',
      format: 'tiff',
      bits: '16',
      part: '#0',
      channels: ['R'],
      alpha: 'drop',
      window: 'data',
      colour: 'none',
      quality: 50,
      subsampling: '4:2:0',
      lossless: true,
      pngLevel: 1,
      tiffCompression: 'none',
      overwrite: 'replace',
      createFolders: false,
    },
  ),
  // The tests look at frame 1, where one tile stands for all.
  'udim.read': stage(
    'udim.read',
    [],
    { path: 'shot.0001.exr', replicate: 'all' },
    { path: 'shot.0002.exr', tiles: '1001-1003', replicate: '1002', missingChunks: 'black' },
  ),
  'udim.write': stage(
    'udim.write',
    ['a.image > node.image'],
    { path: 'out.%04d.exr' },
    {
      path: 'other.<UDIM>.exr',
      ...WRITTEN,
    },
  ),
  'io.write': stage(
    'io.write',
    ['a.image > node.image'],
    { path: 'out.%04d.exr' },
    {
      path: 'other.%04d.exr',
      ...WRITTEN,
    },
  ),
};
