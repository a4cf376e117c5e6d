// What the fuzzer feeds to readers of bytes and of texts: headers, chunks, deflated bytes, heads of pictures, expressions, tables, configs.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { asEngineError } from '../../engine/base/error.ts';
import { compileExpression } from '../../engine/expression/compile.ts';
import { evaluateExpression } from '../../engine/expression/evaluate.ts';
import { parseExpression } from '../../engine/expression/parse.ts';
import { rewriteNames } from '../../engine/expression/rewrite.ts';
import { decodeAttribute } from '../../engine/exr/attribute.ts';
import { unpackChunk } from '../../engine/exr/chunk.ts';
import { encodeHeader } from '../../engine/exr/header-encode.ts';
import { bytesSource, parseHeader } from '../../engine/exr/header-parse.ts';
import { deflated } from '../../engine/exr/methods/deflated.ts';
import { deflateWork, scratch } from '../../engine/pixels/kernels.ts';
import { deflateBound } from '../../engine/pixels/reference.ts';
import { openPicture } from '../../engine/raster/picture.ts';
import { parseConfig } from '../../nodes/color/ocio/config/config.ts';
import { readClf } from '../../nodes/color/ocio/file/clf.ts';
import { readCorrections } from '../../nodes/color/ocio/file/correction.ts';
import { parseTable } from '../../nodes/color/table/file.ts';
import type { Random } from '../base/random.ts';
import { inflated } from '../exr/inflated.ts';
import { CHANNELS, PACKED, packedChunk } from './blocks.ts';
import { mutateBytes, mutateText } from './mutate.ts';
import { answer, type Case, headerLength } from './subjects.ts';

/** A damaged header, read and, where it is read, written again. */
export function headerCase(source: string, _folder: string, random: Random): Case {
  const file = readFileSync(source);
  const head = file.subarray(0, Math.min(file.length, headerLength(source) + 64));
  const bytes = mutateBytes(head, head.length, random);
  return {
    bytes,
    name: 'header.exr',
    run: () =>
      answer(() => {
        const { parts } = parseHeader(bytesSource(bytes));
        for (const attribute of parts.flatMap((part) => part.attributes)) {
          try {
            decodeAttribute(attribute);
          } catch (thrown) {
            if (asEngineError(thrown).code === 'internal') throw thrown;
          }
        }
        const written = encodeHeader(parts);
        const again = parseHeader(bytesSource(written)).parts;
        if (again.length !== parts.length) throw new Error('A header that was written has other parts.');
      }),
  };
}

/** A damaged chunk of one of the methods; what stands around its bytes makes no difference. */
export function chunkCase(_source: string, _folder: string, random: Random): Case {
  const method = random.pick(PACKED);
  const size = [2 * random.int(1, 40), 2 * random.int(1, 20)] as const;
  const { part, payload } = packedChunk(
    method,
    random.pick(Object.values(CHANNELS)),
    size,
    random.pick([0, 1, 40]),
    random,
  );
  const mutant = payload.length > 24 ? mutateBytes(payload, random.int(12, 64), random) : payload.subarray(1);
  const unpack = (around: number): string => {
    const buffer = new Uint8Array(mutant.length + 64).fill(around);
    buffer.set(mutant, 32);
    const planes = unpackChunk(part, 0, buffer.subarray(32, 32 + mutant.length));
    return [...planes.values()].map((plane) => Buffer.from(plane.samples.buffer).toString('latin1')).join();
  };
  return {
    bytes: mutant,
    name: `${method}.chunk`,
    run: async () => {
      let first = '';
      const code = await answer(() => {
        first = unpack(0);
      });
      let second = '';
      const other = await answer(() => {
        second = unpack(0xff);
      });
      if (code !== other || first !== second) throw new Error(`${method} reads what lies around its bytes.`);
      return `${method} ${code}`;
    },
  };
}

/** Bytes that are deflated and inflated by zlib, and damaged ones that are inflated. */
export function deflateCase(_source: string, _folder: string, random: Random): Case {
  const far = random.int(1, 400);
  const bytes = new Uint8Array(random.int(0, random.pick([8, 300, 70_000])));
  const noise = random.pick([0, 0.01, 0.3, 1]);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = i < far || random.chance(noise) ? random.int(0, 255) : bytes[i - far]!;
  }
  return {
    bytes,
    name: 'deflate.raw',
    run: () =>
      answer(() => {
        const [source, work, target] = scratch(bytes.length, deflateWork(), deflateBound(bytes.length));
        source!.set(bytes);
        const packed = deflated(source!, 4, work!, target!);
        if (Buffer.compare(inflateSync(packed), bytes) !== 0) throw new Error('Deflated bytes came back changed.');
        if (packed.length < 24) return;
        inflated(mutateBytes(packed, packed.length, random), bytes.length);
      }),
  };
}

/** The head of a damaged picture. `source` is a file of any of the formats. */
export function pictureCase(source: string, folder: string, random: Random): Case {
  const original = readFileSync(source);
  const bytes = mutateBytes(original, random.pick([64, 400, original.length]), random);
  const path = join(folder, 'mutant.picture');
  return {
    bytes,
    name: 'picture',
    run: () =>
      answer(() => {
        writeFileSync(path, bytes);
        openPicture(path);
      }),
  };
}

const EXPRESSIONS = [
  'max(0, (frame - 1001) / fade)',
  "soft.size.0 * 2 ^ 'left-eye'.stops",
  'R > 0.5 && !(G <= 0.1) ? smoothstep(0, 1, x % 7) : noise(x / 3, y / 3, frame)',
  'clamp(atan2(-y, x) + 1e-3 * hypot(1, 2, 3), .5, pi)',
  'lerp(min(a, b, c), mod(d, 3), step(e, 0.5)) - -1',
];

/** A damaged expression: read, renamed, worked out for one number and for many. */
export function expressionCase(_source: string, _folder: string, random: Random): Case {
  const text = mutateText(random.pick(EXPRESSIONS), random);
  return {
    bytes: new TextEncoder().encode(text),
    name: 'expression.txt',
    run: () =>
      answer(() => {
        const read = parseExpression(text);
        evaluateExpression(read, () => 0.5);
        compileExpression(read, ({ name }) => (name.length % 2 === 0 ? { value: 2 } : { array: name })).run(5);
        if (rewriteNames(text, () => undefined) !== text) throw new Error('Renaming nothing changed an expression.');
      }),
  };
}

/** Reads a text by the ending of its name, as the nodes for colour do. */
function readText(text: string, name: string): void {
  if (name.endsWith('.clf')) readClf(text, name, 'linear');
  else if (name.endsWith('.ccc')) readCorrections(text, name);
  else if (name.endsWith('.ocio')) parseConfig(text, name);
  else parseTable(text, name);
}

const list = (...inner: readonly string[]): string =>
  `<?xml version="1.0"?>\n<ProcessList id="a" compCLFversion="3">\n${inner.join('\n')}\n</ProcessList>\n`;

/** Small sound texts of every kind; the configs are files. */
const TEXTS: Readonly<Record<string, string>> = {
  'a.cube': `TITLE "a"\nDOMAIN_MIN 0 0 0\nDOMAIN_MAX 1 1 2\nLUT_3D_SIZE 2\n# c\n${'0 0.5 1\n'.repeat(8)}`,
  'b.cube': 'LUT_1D_SIZE 4\nLUT_1D_INPUT_RANGE -0.5 2\n0 0 0\n.1 .2 .3\n0.4 0.5 0.6\n1 1 1\n',
  'a.spi1d': 'Version 1\nFrom -0.1 1\nLength 3\nComponents 1\n{\n0\n0.5\n1\n}\n',
  'a.spi3d': `SPILUT 1.0\n3 3\n2 2 2\n${[0, 1, 2, 3, 4, 5, 6, 7].map((i) => `${i >> 2} ${(i >> 1) & 1} ${i & 1} 0 0.5 1`).join('\n')}\n`,
  'a.csp': 'CSPLUTV100\n1D\n\n2\n0 1\n0 1\n2\n0 1\n0 1\n2\n0 1\n0 1\n\n3\n0 0 0\n.5 .5 .5\n1 1 1\n',
  'a.clf': list(
    '<Matrix inBitDepth="32f" outBitDepth="32f"><Array dim="3 3">1 0 0 0 1 0 0 0 1</Array></Matrix>',
    '<LUT1D inBitDepth="32f" outBitDepth="32f"><Array dim="3 1">0 0.4 1</Array></LUT1D>',
    '<LUT3D inBitDepth="32f" outBitDepth="32f"><Array dim="2 2 2 3">0 0 0 0 0 1 0 1 0 0 1 1 1 0 0 1 0 1 1 1 0 1 1 1</Array></LUT3D>',
    '<Range inBitDepth="32f" outBitDepth="32f"><minInValue>0</minInValue><minOutValue>0</minOutValue></Range>',
    '<ASC_CDL inBitDepth="32f" outBitDepth="32f" style="Fwd"><SOPNode><Slope>1 1 1</Slope><Offset>0 0 0</Offset><Power>1 1 1</Power></SOPNode></ASC_CDL>',
  ),
  'a.ccc':
    '<ColorCorrectionCollection><ColorCorrection id="a"><SOPNode><Slope>1 1 1</Slope><Offset>0 0 0</Offset><Power>1 1 1</Power></SOPNode><SatNode><Saturation>1</Saturation></SatNode></ColorCorrection></ColorCorrectionCollection>',
};

/** A damaged table, list of operations or OpenColorIO config. `source` is a config, or anything else for the others. */
export function tableCase(source: string, _folder: string, random: Random): Case {
  const config = source.endsWith('.ocio') && random.chance(0.4);
  const [name, sound] = config ? ['a.ocio', readFileSync(source, 'utf8')] : random.pick(Object.entries(TEXTS));
  const text = mutateText(sound, random);
  return {
    bytes: new TextEncoder().encode(text),
    name,
    run: async () => `${name.slice(1)} ${await answer(() => readText(text, name))}`,
  };
}
