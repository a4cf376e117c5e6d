// Undo: the way back of any sequence of edits gives the very same document and text, orders included.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EngineError } from '../../engine/base/error.ts';
import { applyEdit } from '../../engine/document/apply.ts';
import { type Edit, parseEdit } from '../../engine/document/edits.ts';
import { loadDocument } from '../../engine/document/load.ts';
import { saveDocument } from '../../engine/document/save.ts';
import { type Document, emptyDocument, nodeOf } from '../../engine/document/schema.ts';
import { random } from '../base/random.ts';
import { fresh, randomEdit } from './random-edit.ts';

const text = readFileSync(new URL('../../fixtures/graphs/v1/recombine.sluice.json', import.meta.url), 'utf8');
const start = loadDocument(text).document!;
test('undoing any sequence of edits in reverse gives back the document and its text, at every step', () => {
  let applied = 0;
  let refused = 0;
  const ops = new Set<string>();
  let emptied = 0;
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
        if (before.canvas && !document.canvas) emptied += 1;
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
  expect(ops.size).toBe(26);
  expect(emptied).toBeGreaterThan(10);
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
