// Recipes as texts: what is no recipe is a problem with a place, and whatever can be written can be read.
import { describe, expect, it } from 'vitest';
import type { Json } from '../../engine/base/canonical.ts';
import { loadRecipe, type Recipe, recipeText } from '../../engine/document/recipe.ts';
import { type Document, emptyDocument, LIMITS, VALUE_DEPTH } from '../../engine/document/schema.ts';

const base: Recipe = {
  document: { ...emptyDocument('one'), variables: { take: { type: 'number', default: 1 } } },
  params: {},
  everywhere: {},
  variables: { take: 7 },
  frame: -3,
  inputs: [{ file: 'a "b".exr', size: 5 }],
};

const deep = (depth: number): Json => (depth === 0 ? 1 : [deep(depth - 1)]);

describe('a recipe', () => {
  it('comes back as it was, its variables as defaults', () => {
    const { recipe, problems } = loadRecipe(recipeText({ ...base, everywhere: { missingChunks: 'black' } }));
    expect(problems).toEqual([]);
    expect(recipe).toEqual({
      ...base,
      everywhere: { missingChunks: 'black' },
      document: { ...base.document, variables: { take: { type: 'number', default: 7 } } },
    });
  });

  it('is the same text whatever the order of keys, and changes with everything in it', () => {
    const params = { a: 1, b: { y: 1, x: 2 } };
    const turned = { b: { x: 2, y: 1 }, a: 1 };
    expect(recipeText({ ...base, params })).toBe(recipeText({ ...base, params: turned }));
    const others: Recipe[] = [
      { ...base, frame: 1 },
      { ...base, params },
      { ...base, variables: { take: 8 } },
      { ...base, inputs: [] },
    ];
    expect(new Set([base, ...others].map(recipeText)).size).toBe(5);
  });

  it('holds the deepest document that there may be', () => {
    const params = { value: deep(VALUE_DEPTH) };
    const document: Document = { ...base.document, nodes: { n: { type: 'a.b', version: 1, params, at: [0, 0] } } };
    const { recipe } = loadRecipe(recipeText({ ...base, document }));
    expect(recipe!.document.nodes['n']!.params).toEqual(params);
  });

  it('that could not be read again is not written', () => {
    const document = { ...base.document, name: 'x'.repeat(LIMITS.text) };
    expect(() => recipeText({ ...base, document })).toThrow(expect.objectContaining({ code: 'document-too-large' }));
  });

  it('of the first version is read, which has names and sizes alone', () => {
    const good = JSON.parse(recipeText({ ...base, inputs: [{ file: 'a.exr', size: 5, fingerprint: 'f' }] })) as object;
    expect(loadRecipe(JSON.stringify(good)).recipe!.inputs).toEqual([{ file: 'a.exr', size: 5, fingerprint: 'f' }]);
    const old = loadRecipe(JSON.stringify({ ...good, sluice: 1, inputs: [{ file: 'a.exr', size: 5 }] }));
    expect([old.recipe!.inputs, old.problems]).toEqual([[{ file: 'a.exr', size: 5 }], []]);
  });

  it('that is none is a problem', () => {
    const good = JSON.parse(recipeText(base)) as Record<string, unknown>;
    const cases: readonly (readonly [string | Uint8Array, string, string])[] = [
      ['', 'document-syntax', ''],
      ['{ "sluice": 1', 'document-syntax', ''],
      [new Uint8Array([0xff, 0xfe]), 'document-syntax', ''],
      ['{}', 'document-schema', 'sluice'],
      ['[]', 'document-schema', ''],
      [JSON.stringify({ ...good, sluice: 3 }), 'document-version', 'sluice'],
      [JSON.stringify({ ...good, frame: 1.5 }), 'document-schema', 'frame'],
      [JSON.stringify({ ...good, more: 1 }), 'document-schema', ''],
      [JSON.stringify({ ...good, variables: { take: 'x' } }), 'document-schema', 'variables.take'],
      [JSON.stringify({ ...good, variables: { other: 1 } }), 'document-schema', 'variables.other'],
      [JSON.stringify({ ...good, document: { sluice: 99 } }), 'document-version', 'sluice'],
      [JSON.stringify({ ...good, document: null }), 'document-schema', ''],
      ['['.repeat(LIMITS.depth + 2), 'document-too-large', ''],
      [' '.repeat(LIMITS.text + 1), 'document-too-large', ''],
    ];
    let refused = 0;
    for (const [text, code, path] of cases) {
      const { recipe, problems } = loadRecipe(text);
      expect(recipe).toBeUndefined();
      expect(problems[0]).toMatchObject({ severity: 'error', code, path });
      refused += 1;
    }
    expect(refused).toBe(14);
  });
});
