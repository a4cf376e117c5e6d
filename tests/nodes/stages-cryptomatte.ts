// Stages of the nodes for Cryptomattes. See stages.ts.
import { fileURLToPath } from 'node:url';
import { graph } from '../run/graph.ts';
import type { Stage } from './stages.ts';

/** A pattern whose channels are those of a Cryptomatte, and the header that says so. */
const LEVELS = ['crypto00.R', 'crypto00.G', 'crypto00.B', 'crypto00.A', 'R'].map((name) => ({ name, type: 'float' }));
const FEEDS = {
  a: { type: 'test.pattern', params: { channels: LEVELS } },
  tag: {
    type: 'metadata.set',
    params: {
      edits: [
        { op: 'set', name: 'cryptomatte/1234567/name', type: 'string', value: 'crypto' },
        // The id is the bits of 5, which is a sample of the pattern.
        { op: 'set', name: 'cryptomatte/1234567/manifest', type: 'string', value: '{"five":"40a00000"}' },
      ],
    },
  },
} as const;

const rename = { edits: [{ op: 'rename', layer: 'crypto', to: 'asset' }] };
const five = { names: ['five'] };

export const CRYPTOMATTE_STAGES: Readonly<Record<string, Stage>> = {
  'cryptomatte.select': {
    params: rename,
    variants: { edits: [{ op: 'copy', layer: 'crypto', to: 'asset' }], sidecars: 'embed' },
    document: (params = rename) =>
      graph({ ...FEEDS, node: { type: 'cryptomatte.select', params } }, [
        'a.image > tag.image',
        'tag.image > node.image',
      ]),
  },
  'cryptomatte.matte': {
    params: five,
    variants: {
      layer: 'crypto',
      names: ['*'],
      channel: 'A',
      type: 'half',
      manifest: fileURLToPath(new URL('./manifest.json', import.meta.url)),
    },
    document: (params = five) =>
      graph({ ...FEEDS, node: { type: 'cryptomatte.matte', params } }, [
        'a.image > tag.image',
        'tag.image > node.image',
      ]),
  },
};
