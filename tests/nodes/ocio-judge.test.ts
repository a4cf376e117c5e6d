// OCIO against OpenColorIO itself, by way of Debian's ocioconvert: configs of both versions, with files of every kind.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AnyNode, ExrFile } from '../../engine/authoring.ts';
import { box } from '../../engine/base/box.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { runGraph } from '../../engine/run/run.ts';
import { nodes } from '../../nodes/index.ts';
import { random } from '../base/random.ts';
import { graph } from '../run/graph.ts';
import { changed, swatches } from './color/swatches.ts';
import { JUDGED, type Judged, type Question } from './ocio-configs.ts';

/**
 * How near ours has to be, of 1, or of the largest part of a colour where that is more: single precision on both sides,
 * one transform after the other. A part that is left where large ones cancel is only as exact as they are, so that
 * colours far outside of 0 to 1 are given more, and curves that are steep near 0 magnify it.
 */
const NEAR = 1e-5;
const NEAR_WIDE = 3e-4;

/** Beyond this is no light of a picture: logarithms of codes far above 1 end there or at infinity. */
const ENDLESS = 1e12;

/** What does nothing is left out (1 and 2), as it always is; nothing is made quick at the cost of exactness. */
const EXACT = '3';

const folder = mkdtempSync(join(tmpdir(), 'sluice-ocio-'));
afterAll(() => rmSync(folder, { recursive: true }));

const dice = random(3);
/** Greys and mixtures from -0.2 to 1.3, where codes lie, then such from -2 to 60. */
const CODES = 512;
const COLOURS: readonly (readonly number[])[] = [
  ...[-0.2, -0.05, -0.001, 0, 0.0001, 0.01, 0.18, 0.5, 0.999, 1, 1.001, 1.3].map((x) => [x, x, x]),
  ...Array.from({ length: 500 }, () => Array.from({ length: 3 }, () => dice.int(-200, 1300) / 1000)),
  ...Array.from({ length: 200 }, () => Array.from({ length: 3 }, () => dice.int(-2000, 60000) / 1000)),
].map((colour) => [...colour, 1]);

const missing = spawnSync('ocioconvert', ['--help']).error !== undefined && process.env['CI'] !== 'true';

const put = (path: string, text: string): string => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
};

/** What the node makes, and what OpenColorIO makes with no approximation of its own. */
async function ask(judged: Judged, place: string, { from, to }: Question) {
  const config = join(place, 'config.ocio');
  const out = join(place, 'out.exr');
  const source = join(folder, 'colours.exr');
  const view = typeof to !== 'string';
  const names = view ? ['--view', source, from, out, ...to] : [source, from, out, to];
  execFileSync('ocioconvert', names, {
    env: { ...process.env, ...judged.context, OCIO: config, OCIO_OPTIMIZATION_FLAGS: EXACT },
    stdio: 'pipe',
  });
  const file = ExrFile.open(out);
  const planes = await file.readPart(0, { channels: ['R', 'G', 'B'], box: box(0, 0, COLOURS.length - 1, 0) });
  file.close();
  const params: Record<string, Json> = {
    config,
    from,
    ...(view ? { operation: 'display', display: to[0], view: to[1] } : { to }),
    context: Object.entries(judged.context ?? {}).map(([name, value]) => ({ name, value })),
  };
  const ours = await changed('color.ocio', params, COLOURS as number[][]);
  return { ours, theirs: COLOURS.map((_, i) => ['R', 'G', 'B'].map((name) => planes.get(name)!.samples[i]!)) };
}

const compared = { questions: 0, samples: 0, endless: 0 };
const total = JUDGED.reduce((sum, { questions }) => sum + questions.length, 0);

describe.skipIf(missing)('OpenColorIO agrees (needs ocioconvert)', () => {
  beforeAll(async () => {
    const document = graph(
      {
        swatches: { type: 'test.swatches', params: { colours: COLOURS } as unknown as Record<string, Json> },
        write: { type: 'io.write', params: { path: 'colours.exr', compression: 'none' } },
      },
      ['swatches.image > write.image'],
    );
    const run = await runGraph({ document, folder, nodes: [...nodes, swatches as AnyNode], range: '1', jobs: 0 });
    expect(run.exitCode).toBe(0);
  });

  for (const [index, judged] of JUDGED.entries()) {
    const place = join(folder, String(index));
    describe(judged.name, () => {
      beforeAll(() => {
        put(join(place, 'config.ocio'), judged.config);
        for (const [name, text] of Object.entries(judged.files ?? {})) put(join(place, name), text);
      });

      it.each(judged.questions.map((question) => [`${question.from} to ${question.to}`, question] as const))(
        '%s',
        async (_, question) => {
          const { ours, theirs } = await ask(judged, place, question);
          let worst = { error: 0, text: '' };
          for (const [i, colour] of theirs.entries()) {
            compared.samples += 3;
            const size = Math.max(1, ...colour.map(Math.abs));
            if (!(size < ENDLESS)) {
              compared.endless += 3;
              expect(i >= CODES || Math.max(...COLOURS[i]!) > 1 || ours[i]!.some((x) => !(Math.abs(x) < ENDLESS))).toBe(
                true,
              );
              continue;
            }
            const near = i < CODES ? (question.near ?? NEAR) : NEAR_WIDE;
            for (const [c, wanted] of colour.entries()) {
              const error = Math.abs(ours[i]![c]! - wanted) / size / near;
              // A NaN of ours is as wrong as can be.
              if (error <= worst.error) continue;
              worst = { error, text: `${COLOURS[i]!.slice(0, 3)} gives ${ours[i]} instead of ${colour}` };
            }
          }
          expect(worst.error, worst.text).toBeLessThanOrEqual(1);
          compared.questions++;
        },
      );
    });
  }

  it('about all of it', () => {
    expect(JUDGED.length).toBe(6);
    expect(compared).toEqual({ questions: total, samples: total * COLOURS.length * 3, endless: expect.any(Number) });
    expect(compared.endless / compared.samples).toBeLessThan(0.1);
  });
});
