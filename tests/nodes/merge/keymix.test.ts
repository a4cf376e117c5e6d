// Keymix: expected samples by hand, and which channels are mixed.
import { expect, test } from 'vitest';
import type { Json } from '../../../engine/base/canonical.ts';
import { keymix } from '../../../nodes/merge/keymix.ts';
import { rowOf, solidBench } from '../solid.ts';
import { describeNode, picture, problemLines } from '../spec-builder.ts';

const LINKS = ['B.image > node.B', 'A.image > node.A', 'M.image > node.mask'];
const A = { channels: { R: 8, 'Z:float': 1, 'id:uint': 3, only: 1 }, window: [0, 0, 5, 0] };
const B = { channels: { R: 4, 'Z:float': 0, 'id:uint': 5, own: 2 }, window: [0, 0, 4, 0] };
const M = { channels: { A: [0, 0.25] }, window: [0, 0, 4, 0] };

const row = (params: Readonly<Record<string, Json>>) =>
  rowOf(solidBench({ type: 'merge.keymix', params }, { A, B, M }, LINKS), [0, 5]);

test('A shows where the mask is 1 and B where it is 0, in channels that both have', async () => {
  expect(await row({})).toEqual({
    R: [4, 5, 6, 7, 8, 0],
    'Z:float': [0, 0.25, 0.5, 0.75, 1, 0],
    'id:uint': [5, 5, 5, 5, 5, 0],
    own: [2, 2, 2, 2, 2, 0],
  });
  expect((await row({ invertMask: true }))['R']).toEqual([8, 7, 6, 5, 4, 8]);
  expect((await row({ mix: 0.5 }))['R']).toEqual([4, 4.5, 5, 5.5, 6, 0]);
  expect((await row({ channels: ['Z'] }))['R']).toEqual([4, 4, 4, 4, 4, 0]);
});

test('no alpha is needed; the mask must be there, and its channel too', async () => {
  const images = { A: picture({ channels: ['R'] }), B: picture({ channels: ['R'] }), mask: picture({}) };
  expect(problemLines(await describeNode(keymix, {}, images))).toEqual([]);
  expect(problemLines(await describeNode(keymix, { maskChannel: 'matte' }, images))).toEqual([
    'error channel-unknown maskChannel',
  ]);
  expect(keymix.inputs.mask.optional).toBe(false);
});
