// Undo: the way back of any sequence of edits gives the very same document and text, orders included.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Json } from '../../engine/base/canonical.ts';
import { EngineError } from '../../engine/base/error.ts';
import { applyEdit } from '../../engine/document/apply.ts';
import { type Edit, parseEdit } from '../../engine/document/edits.ts';
import { loadDocument } from '../../engine/document/load.ts';
import { saveDocument } from '../../engine/document/save.ts';
import { type Document, type DocumentNode, emptyDocument, nodeOf } from '../../engine/document/schema.ts';
import { type Random, random } from '../base/random.ts';

const text = readFileSync(new URL('../../fixtures/graphs/v1/recombine.sluice.json', import.meta.url), 'utf8');
const start = loadDocument(text).document!;
const fresh = (type = 'a.b'): DocumentNode => ({ type, version: 1, params: { x: 1, y: 2 }, at: [0, 0] });

const words = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

function randomEdit(rng: Random, document: Document, depth = 0): Edit {
  const ids = Object.keys(document.nodes);
  const id = () => (ids.length > 0 && rng.chance(0.95) ? rng.pick(ids) : rng.pick(words));
  const free = () => rng.pick(words) + rng.int(0, 9);
  const value = (): Json => rng.pick<Json>([1, -0, null, 'text', [1, 2], { deep: { er: true } }]);
  const end = (port: string) => `${id()}.${port}${rng.int(0, 2)}`;
  switch (rng.int(0, depth > 2 ? 19 : 20)) {
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
        positions: Object.fromEntries([id(), id()].map((i) => [i, [rng.int(-9, 9), rng.int(-9, 9)] as const])),
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

test('undoing any sequence of edits in reverse gives back the document and its text, at every step', () => {
  let applied = 0;
  let refused = 0;
  const ops = new Set<string>();
  for (let seed = 1; seed <= 60; seed++) {
    const rng = random(seed);
    let document = rng.chance(0.5) ? emptyDocument() : start;
    const undo: { inverse: Edit; before: Document; text: string }[] = [];
    for (let i = 0; i < 80; i++) {
      const edit = randomEdit(rng, document);
      const before = document;
      const beforeText = saveDocument(before);
      try {
        const done = applyEdit(document, structuredClone(edit));
        undo.push({ inverse: done.inverse, before, text: beforeText });
        document = done.document;
        applied += 1;
        ops.add(edit.op);
      } catch (thrown) {
        if (!(thrown instanceof EngineError)) throw thrown;
        expect(thrown.code).toBe('edit-invalid');
        refused += 1;
      }
      expect(saveDocument(before)).toBe(beforeText);
      const loaded = loadDocument(saveDocument(document));
      expect(loaded.problems).toEqual([]);
      expect(document.links.every((link) => nodeOf(link.from) in document.nodes)).toBe(true);
    }
    for (const { inverse, before, text: beforeText } of undo.toReversed()) {
      // The way back travels as plain data.
      document = applyEdit(document, parseEdit(structuredClone(inverse))).document;
      expect(saveDocument(document)).toBe(beforeText);
      expect(document).toEqual(before);
    }
  }
  expect(applied + refused).toBe(60 * 80);
  expect(applied).toBeGreaterThan(3000);
  expect(refused).toBeGreaterThan(200);
  expect(ops.size).toBe(22);
});

test('removing and bringing back many nodes takes little time and one list of links', () => {
  const count = 2000;
  const document: Document = {
    ...emptyDocument(),
    nodes: Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${i}`, fresh()])),
    links: Array.from({ length: count - 1 }, (_, i) => ({ from: `n${i}.out`, to: `n${i + 1}.in` })),
  };
  const began = performance.now();
  const edits = Object.keys(document.nodes)
    .slice(0, 1000)
    .map((id): Edit => ({ op: 'removeNode', id }));
  const { document: after, inverse } = applyEdit(document, { op: 'batch', edits });
  expect(Object.keys(after.nodes)).toHaveLength(1000);
  expect(inverse.op === 'batch' && inverse.edits.filter((edit) => edit.op === 'setLinks')).toHaveLength(1);
  expect(applyEdit(after, inverse).document).toEqual(document);
  expect(performance.now() - began).toBeLessThan(5000);
});
