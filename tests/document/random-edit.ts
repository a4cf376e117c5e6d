// Seeded random edits of every kind, most of which fit the document that they are made for.
import type { Json } from '../../engine/base/canonical.ts';
import { EngineError } from '../../engine/base/error.ts';
import type { Animation } from '../../engine/document/animation.ts';
import { applyEdit } from '../../engine/document/apply.ts';
import type { Edit } from '../../engine/document/edits.ts';
import type { Document, DocumentNode } from '../../engine/document/schema.ts';
import { nameText } from '../../engine/expression/rewrite.ts';
import type { Random } from '../base/random.ts';

export const fresh = (type = 'a.b'): DocumentNode => ({ type, version: 1, params: { x: 1, y: 2 }, at: [0, 0] });

const words = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

export function randomEdit(rng: Random, document: Document, depth = 0): Edit {
  const ids = Object.keys(document.nodes);
  const id = () => (ids.length > 0 && rng.chance(0.95) ? rng.pick(ids) : rng.pick(words));
  const free = () => rng.pick(words) + rng.int(0, 9);
  const value = (): Json => rng.pick<Json>([1, -0, null, 'text', [1, 2], { deep: { er: true } }]);
  const place = () => [rng.int(-9, 9), rng.int(-9, 9)] as const;
  const thing = (kind: 'backdrops' | 'notes') => {
    const known = Object.keys(document.canvas?.[kind] ?? {});
    return known.length > 0 && rng.chance(0.8) ? rng.pick(known) : rng.pick(words);
  };
  const index = () => (rng.chance(0.3) ? { index: rng.int(0, 3) } : {});
  const animation = (): Animation =>
    rng.pick<Animation>([
      { keys: [[1, rng.int(0, 9), 'linear']] },
      { expression: `${nameText(id())}.x * 2 + 'frame' - ${id()}.y` },
      { expression: `'${id()}'.x +` },
      { wiggle: { by: rng.int(0, 9) } },
    ]);
  const end = (port: string) => `${id()}.${port}${rng.int(0, 2)}`;
  switch (rng.int(0, depth > 2 ? 24 : 25)) {
    case 0:
    case 1:
    case 2:
      return {
        op: 'addNode',
        id: free(),
        node: { ...fresh(), at: [rng.int(0, 99), 0] },
        ...(rng.chance(0.5) ? { index: rng.int(0, ids.length + 2) } : {}),
      };
    case 3:
      return { op: 'removeNode', id: id() };
    case 4:
      return { op: 'replaceNode', id: id(), type: 'c.d', version: 2, params: { z: value() } };
    case 5:
      return { op: 'renameNode', id: id(), to: free() };
    case 6:
      return {
        op: 'moveNodes',
        positions: Object.fromEntries([id(), id()].map((i) => [i, place()])),
        ...(rng.chance(0.2) ? { backdrops: { [thing('backdrops')]: place() } } : {}),
        ...(rng.chance(0.2) ? { notes: { [thing('notes')]: place() } } : {}),
      };
    case 7:
      return { op: 'setTitle', node: id(), ...(rng.chance(0.5) ? { title: free() } : {}) };
    case 8:
      return { op: 'setDisabled', node: id(), disabled: rng.chance(0.5) };
    case 9:
      return {
        op: 'setParam',
        node: id(),
        name: rng.pick(['x', 'y', 'z', 'w']),
        ...(rng.chance(0.6) ? { value: value() } : {}),
      };
    case 10:
      return { op: 'setParams', node: id(), params: { [rng.pick(words)]: value(), x: value() } };
    case 11:
    case 12:
    case 13:
      return { op: 'addLink', from: end('out'), to: end('in') };
    case 14: {
      const link = document.links.length > 0 ? rng.pick(document.links) : { from: end('out'), to: end('in') };
      return rng.chance(0.5) ? { op: 'removeLink', ...link } : { op: 'removeLink', to: link.to };
    }
    case 15:
      return {
        op: 'setVariable',
        name: rng.pick(words),
        variable: rng.chance(0.5) ? { type: 'number', default: rng.int(0, 9) } : { type: 'string', default: free() },
      };
    case 16:
      return { op: 'removeVariable', name: rng.pick(words) };
    case 17:
      return { op: 'promote', promoted: { name: free(), title: free(), to: [...new Set([`${id()}.x`, `${id()}.y`])] } };
    case 18:
      return { op: 'demote', name: document.promoted.length > 0 ? rng.pick(document.promoted).name : free() };
    case 19:
      return rng.pick<Edit>([
        { op: 'setName', name: free() },
        { op: 'setDoc', ...(rng.chance(0.5) ? { doc: free() } : {}) },
        {
          op: 'setFrames',
          frames: { ...(rng.chance(0.5) ? { range: '1-9' } : {}), mismatch: 'hold-last', align: 'index' },
        },
        { op: 'setLinks', links: document.links.toReversed() },
        { op: 'setPromoted', promoted: document.promoted.toReversed() },
        { op: 'setVariables', variables: Object.fromEntries(Object.entries(document.variables).reverse()) },
      ]);
    case 20:
    case 21: {
      const backdrop = { title: free(), colour: '#33556a', at: place(), size: [rng.int(0, 9), 4] as const };
      return { op: 'setBackdrop', id: thing('backdrops'), ...index(), ...(rng.chance(0.7) ? { backdrop } : {}) };
    }
    case 22: {
      const note = { text: free(), at: place(), size: [rng.int(0, 9), 4] as const };
      return { op: 'setNote', id: thing('notes'), ...index(), ...(rng.chance(0.7) ? { note } : {}) };
    }
    case 23:
      return {
        op: 'setAnimation',
        node: id(),
        name: rng.pick(['x', 'y', 'size.0']),
        ...(rng.chance(0.7) ? { animation: animation() } : {}),
      };
    case 24:
      return {
        op: 'setAnimations',
        node: id(),
        ...(rng.chance(0.7) ? { animations: { y: animation(), x: animation() } } : {}),
      };
    default: {
      const edits: Edit[] = [];
      let inside = document;
      for (let i = rng.int(0, 8); i > 0; i--) {
        const edit = randomEdit(rng, inside, depth + 1);
        try {
          inside = applyEdit(inside, edit).document;
          edits.push(edit);
        } catch (thrown) {
          if (!(thrown instanceof EngineError)) throw thrown;
        }
      }
      return { op: 'batch', edits };
    }
  }
}
