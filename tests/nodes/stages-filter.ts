// Stages of filters and transforms.
import type { Json } from '../../engine/base/canonical.ts';

/** Type, parameters with which it does something, and another value for each; all take one image. */
export const FILTERS: readonly (readonly [string, Record<string, Json>, Record<string, Json>])[] = [
  [
    'filter.blur',
    { size: [5, 22], grow: true },
    { size: [4, 4], measure: 'sigma', kernel: 'box', edges: 'repeat', grow: false, channels: ['Z'] },
  ],
  [
    'filter.sharpen',
    { size: [4, 14] },
    { amount: 2, size: [5, 5], measure: 'sigma', threshold: 0.1, edges: 'black', channels: ['Z'] },
  ],
  ['filter.erode', { size: [2, -3] }, { size: [1, 1], edges: 'black', grow: true, channels: ['Z'] }],
  ['filter.dilate', { size: [3, 1], grow: true }, { size: [1, 1], edges: 'repeat', grow: false, channels: ['Z'] }],
  ['filter.pad', { size: 3 }, { size: 2, channels: ['Z'], idChannel: 'Z' }],
  ['filter.median', { size: 5 }, { size: 3, edges: 'black', channels: ['Z'] }],
  [
    'transform.resize',
    { factor: [0.7, 1.3] },
    {
      by: 'size',
      factor: [0.5, 0.5],
      size: [40, 20],
      filter: 'mitchell',
      cubic: [0.1, 0.2],
      edges: 'black',
      nearest: ['Z'],
    },
  ],
  [
    'transform.reformat',
    { format: [50, 70], resize: 'fill' },
    {
      format: [40, 40],
      pixelAspect: 1.5,
      resize: 'none',
      centre: false,
      blackOutside: true,
      filter: 'mitchell',
      cubic: [0.1, 0.2],
      edges: 'black',
      nearest: ['Z'],
    },
  ],
  [
    'transform.transform',
    { rotate: 30, scale: [0.8, 1.1] },
    {
      translate: [3, 0.5],
      rotate: 90,
      scale: [2, -1],
      skew: [0.2, 0],
      centre: [1, 1],
      filter: 'mitchell',
      cubic: [0.1, 0.2],
      edges: 'repeat',
      nearest: ['Z'],
    },
  ],
];
