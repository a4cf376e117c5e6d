// What the editor says above a node's form: in which space its colours are, and what they are good for.
import { expect, test } from 'vitest';
import { statementsOf } from '../../editor/ui/panels/parameters/meaning.ts';
import { part } from '../nodes/spec-builder.ts';

const low = { tier: 'capture', reason: '16 bits', by: 'r' } as const;

test('one line each where parts agree, by part where they do not, none where there is nothing to say', () => {
  const image = { parts: [part({ name: 'a' }), part({ name: 'b' }), { ...part({}), quality: low }] };
  expect(statementsOf({ image, colours: ['ACEScg', '', 'ACEScg'] })).toEqual([
    { title: 'Colours', text: 'ACEScg' },
    { title: 'Quality', text: 'a, b: reference; #2: capture: 16 bits' },
  ]);
  const mixed = statementsOf({ image, colours: ['ACEScg', 'data', 'unknown: x'] });
  expect(mixed[0]).toEqual({ title: 'Colours', text: 'a: ACEScg; b: data; #2: unknown: x' });
  expect(statementsOf({ image: { parts: [part({})] } })).toEqual([{ title: 'Quality', text: 'reference' }]);
  expect(statementsOf({})).toEqual([]);
});
