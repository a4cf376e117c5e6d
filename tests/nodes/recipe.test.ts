// The recipe that Write EXR embeds: what is in it, that nothing else changes, and that it makes the same frame again.
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../engine/base/canonical.ts';
import { loadDocument } from '../../engine/document/load.ts';
import { saveDocument } from '../../engine/document/save.ts';
import type { Document } from '../../engine/document/schema.ts';
import { attributeText } from '../../engine/exr/attribute-text.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import { findAttribute, RECIPE_ATTRIBUTE } from '../../engine/image/attribute.ts';
import { recipeOf } from '../../engine/run/recipe.ts';
import { digest, run, sums, temporary, text, writeExr, writeSequence } from '../run/files.ts';
import { graph } from '../run/graph.ts';

const WORKER = new URL('../../engine/bin/worker.ts', import.meta.url);
const folder = temporary();
beforeAll(async () => {
  await writeSequence(join(folder, 'in'), 'x.%04d.exr', [1, 2, 3], {
    channels: ['R', 'Z:float'],
    attributes: [text('owner', 'me')],
  });
  await writeExr(join(folder, 'two.exr'), [
    { name: 'a', channels: ['R'] },
    { name: 'b', channels: ['Z:float'] },
  ]);
});

let outputs = 0;
/** Nodes in an order of their own, a variable, something on the canvas: all of it must come back. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the document
function document(write: Readonly<Record<string, Json>> = {}, read = 'in/${shot}.%04d.exr'): Document {
  return graph(
    {
      write: { type: 'io.write', params: { path: `out${outputs++}/o.%04d.exr`, embedRecipe: true, ...write } },
      read: { type: 'io.read', params: { path: read } },
      gain: { type: 'color.exposure', params: { stops: -0, channels: ['R'] } },
    },
    ['read.image > gain.image', 'gain.image > write.image'],
    {
      variables: { shot: { type: 'string', default: 'unknown' } },
      canvas: {
        backdrops: {
          z: { title: 'Below', colour: '#33556a', at: [0, 0], size: [1, 1] },
          a: { title: 'Above\nit', colour: '#33556a', at: [0, 0], size: [1, 1] },
        },
        notes: {},
      },
    },
  );
}
const outOf = ({ nodes }: Document, frame = 1): string =>
  join(folder, String(nodes['write']!.params['path']).replace('%04d', `000${frame}`));

function recipeText(path: string, part = 0): string | undefined {
  const file = ExrFile.open(path);
  const found = findAttribute(file.header.parts[part]!.attributes, RECIPE_ATTRIBUTE);
  file.close();
  return found && attributeText(found);
}

describe('the recipe in a file', () => {
  it('holds the graph as saved, what the run chose, and the inputs by name, size and head', async () => {
    const made = document();
    const overrides = { params: { 'gain.stops': 1 }, variables: { shot: 'x' } };
    const done = await run(made, folder, { overrides });
    expect([done.exitCode, done.problems]).toEqual([0, []]);
    const { recipe, problems } = recipeOf(outOf(made, 2))!;
    expect(problems).toEqual([]);
    expect(recipe).toMatchObject({
      params: { 'gain.stops': 1 },
      everywhere: {},
      variables: { shot: 'x' },
      frame: 2,
      inputs: [{ file: 'x.0002.exr', size: expect.any(Number), fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/) }],
    });
    const expected = { ...made, variables: { shot: { type: 'string' as const, default: 'x' } } };
    expect(saveDocument(recipe!.document)).toBe(saveDocument(loadDocument(saveDocument(expected)).document!));
    const line = recipeText(outOf(made, 2))!;
    expect(line).not.toContain('\n');
    expect(line).not.toContain(folder);
    expect(Object.keys(JSON.parse(line))).toEqual(['sluice', 'document', 'params', 'variables', 'frame', 'inputs']);
  });

  it('makes the same frame again, byte for byte', async () => {
    const made = document({ overwrite: 'replace' });
    await run(made, folder, { overrides: { variables: { shot: 'x' } } });
    const before = digest(outOf(made));
    const { recipe } = recipeOf(outOf(made))!;
    // The defaults of its variables are now what was chosen: that is the one thing that differs, and it says so.
    const again = await run(recipe!.document, folder, { range: '1' });
    expect(again.exitCode).toBe(0);
    const second = digest(outOf(made));
    expect(second).not.toBe(before);
    await run(recipeOf(outOf(made))!.recipe!.document, folder, { range: '1' });
    expect(digest(outOf(made))).toBe(second);
    expect(recipeOf(outOf(made))!.recipe).toEqual(recipe);
  });

  it('is the same with and without workers', async () => {
    const made = document({ path: 'workers/o.%04d.exr' });
    const overrides = { variables: { shot: 'x' } };
    const digests: string[][] = [];
    for (const jobs of [0, 2]) {
      rmSync(join(folder, 'workers'), { recursive: true, force: true });
      expect((await run(made, folder, { overrides, jobs, worker: WORKER })).exitCode).toBe(0);
      digests.push([1, 2, 3].map((frame) => digest(outOf(made, frame))));
    }
    expect(digests[0]).toHaveLength(3);
    expect(digests[1]).toEqual(digests[0]);
  });

  it('is off by default, and an addition of the sink in the ledger where it is on; pixels are the same', async () => {
    const overrides = { variables: { shot: 'x' } };
    const [off, on] = [document({ embedRecipe: false }), document()];
    const [without, with_] = [await run(off, folder, { overrides }), await run(on, folder, { overrides })];
    expect(recipeText(outOf(off))).toBeUndefined();
    expect(recipeOf(outOf(off))).toBeUndefined();
    expect(without.result!.ledger.filter((e) => e.kind === 'added')).toEqual([]);
    expect(with_.result!.ledger.filter((e) => e.kind === 'added')).toMatchObject([
      { item: 'attribute', name: RECIPE_ATTRIBUTE, from: 'write', sink: 'write', frames: '1-3' },
    ]);
    expect(sums(outOf(on))).toEqual(sums(outOf(off)));
  });

  it('goes to the first part only, chunks are still copied, and an older recipe gives way', async () => {
    const parts = graph(
      {
        r: { type: 'io.read', params: { path: 'two.exr' } },
        write: { type: 'io.write', params: { path: 'two-out.exr', embedRecipe: true } },
      },
      ['r.image > write.image'],
    );
    // A worker that does not exist: any piece that is packed would fail.
    const none = { jobs: 2, worker: new URL('file:///no/such/worker.ts') };
    expect((await run(parts, folder, none)).exitCode).toBe(0);
    const out = join(folder, 'two-out.exr');
    expect([recipeText(out, 0) === undefined, recipeText(out, 1)]).toEqual([false, undefined]);
    expect(sums(out)).toEqual(sums(join(folder, 'two.exr')));

    const again = graph(
      {
        r: { type: 'io.read', params: { path: 'two-out.exr' } },
        write: { type: 'io.write', params: { path: 'three-out.exr', embedRecipe: true } },
      },
      ['r.image > write.image'],
    );
    const done = await run(again, folder, none);
    expect(done.result!.ledger.map((e) => `${e.kind} ${e.name}: ${e.reason}`)).toEqual([
      `changed a/${RECIPE_ATTRIBUTE}: replaced by write`,
    ]);
    expect(recipeOf(join(folder, 'three-out.exr'))!.recipe!.inputs.map((i) => i.file)).toEqual(['two-out.exr']);
  });

  it('holds templates as they are, not unfolded', async () => {
    const template = {
      sluice: 1,
      name: 'brighten',
      nodes: {
        in: { type: 'template.input', version: 1, params: {} },
        e: { type: 'color.exposure', version: 1, params: { stops: 1 } },
        out: { type: 'template.output', version: 1 },
      },
      links: [
        { from: 'in.image', to: 'e.image' },
        { from: 'e.image', to: 'out.image' },
      ],
    };
    const made = graph(
      {
        read: { type: 'io.read', params: { path: 'in/x.%04d.exr' } },
        brighten: { type: 'template.instance', params: { template } },
        write: { type: 'io.write', params: { path: 'folded.%04d.exr', embedRecipe: true } },
      },
      ['read.image > brighten.inputs.image', 'brighten.image > write.image'],
    );
    expect((await run(made, folder, { range: '1' })).exitCode).toBe(0);
    const { document: found } = recipeOf(join(folder, 'folded.0001.exr'))!.recipe!;
    expect(saveDocument(found)).toBe(saveDocument(made));
  });

  it.skipIf(!existsSync('/usr/bin/oiiotool') && process.env['CI'] !== 'true')(
    'is a string to oiiotool and exrheader',
    async () => {
      const made = document();
      await run(made, folder, { range: '1', overrides: { variables: { shot: 'x' } } });
      const line = recipeText(outOf(made))!;
      const theirs = execFileSync('oiiotool', ['--info', '-v', outOf(made)], { encoding: 'utf8', maxBuffer: 1 << 24 });
      expect(theirs).toContain(`${RECIPE_ATTRIBUTE}: "`);
      const header = execFileSync('exrheader', [outOf(made)], { encoding: 'utf8', maxBuffer: 1 << 24 });
      expect(header).toContain(`${RECIPE_ATTRIBUTE} (type string): "${line}"`);
    },
  );
});
