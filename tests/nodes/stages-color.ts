// Stages of the nodes that change colours. See stages.ts.
import { fileURLToPath } from 'node:url';
import type { Json } from '../../engine/base/canonical.ts';
import { graph } from '../run/graph.ts';
import type { Stage } from './stages.ts';

const table = (name: string): string => fileURLToPath(new URL(`../../fixtures/tables/${name}`, import.meta.url));

const config = (name: string): string => fileURLToPath(new URL(`../../fixtures/ocio/${name}`, import.meta.url));

const LAYERS: Readonly<Record<string, Json>> = { channels: ['R', 'G', 'B', '*.R'], notColour: 'convert' };

function stage(
  type: string,
  params: Readonly<Record<string, Json>>,
  variants: Readonly<Record<string, Json>>,
  layers: Readonly<Record<string, Json>> = LAYERS,
): readonly [string, Stage] {
  const source = { type: 'test.pattern', params: { seed: 1 } };
  const document: Stage['document'] = (other = params) =>
    graph({ a: source, node: { type, params: other } }, ['a.image > node.image']);
  return [type, { params, variants: { ...layers, ...variants }, document }];
}

export const COLOR_STAGES: Readonly<Record<string, Stage>> = Object.fromEntries([
  stage(
    'color.grade',
    { gamma: [1.2, 1, 0.8], gain: [1.5, 1.5, 1.5], unpremultiply: true },
    {
      blackPoint: [0.1, 0, 0],
      whitePoint: [2, 1, 1],
      lift: [0.1, 0.1, 0],
      gain: [3, 2, 1],
      multiply: [2, 2, 2],
      offset: [0, 0, 0.5],
      gamma: [2, 2, 2],
      clamp: 'both',
      unpremultiply: false,
    },
  ),
  stage(
    'color.cdl',
    { slope: [1.1, 1, 0.9], power: [1.2, 1.1, 1] },
    { slope: [2, 2, 2], offset: [0.1, 0, 0], power: [2, 2, 2], saturation: 0.5, style: 'clamp', unpremultiply: true },
  ),
  stage(
    'color.matrix',
    { red: [0.5, 0.5, 0] },
    { red: [0, 1, 0], green: [1, 0, 0], blue: [0.5, 0.5, 0.5], offset: [0, 0, 1] },
  ),
  stage('color.saturation', { saturation: 0.25 }, { saturation: 2, weights: 'average' }),
  stage(
    'color.curves',
    {
      master: [
        { x: 0, y: 0 },
        { x: 100, y: 300 },
        { x: 1000, y: 900 },
      ],
      unpremultiply: true,
    },
    {
      master: [{ x: 0, y: 1 }],
      red: [{ x: 0, y: 1 }],
      green: [{ x: 0, y: 1 }],
      blue: [],
      join: 'straight',
      beyond: 'hold',
      unpremultiply: false,
    },
  ),
  stage(
    'color.lut',
    { path: table('warm.cube') },
    {
      path: table('contrast.spi1d'),
      interpolation: 'trilinear',
      result: 'srgb_rec709_display',
      unpremultiply: true,
    },
  ),
  stage(
    'color.ocio',
    { config: config('small.ocio'), from: 'ACEScg', to: 'grading', unpremultiply: true },
    {
      config: config('other.ocio'),
      operation: 'display',
      from: 'grading',
      to: 'raw',
      display: 'screen',
      view: 'Raw',
      looks: '-warm',
      named: 'curve',
      direction: 'inverse',
      context: [{ name: 'SHOT', value: 'sh020' }],
      unpremultiply: false,
    },
  ),
  stage(
    'color.sanitize',
    { negative: 'median' },
    {
      nan: 'keep',
      infinity: 'value',
      negativeInfinity: 'value',
      negative: 'value',
      nanValue: 1,
      infinityValue: 1,
      negativeInfinityValue: 1,
      negativeValue: 1,
      channels: ['Z'],
    },
    {},
  ),
  stage('color.clamp', { greatest: 300, channels: ['R', 'G', 'B', 'A'] }, { bounds: 'below', least: -1, greatest: 2 }),
]);
