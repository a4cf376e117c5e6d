// Tables of Sony Pictures Imageworks, as OpenColorIO's documentation and its readers tell of them: .spi1d and .spi3d.
import {
  checkDomain,
  cubeStep,
  type Domain,
  edgesText,
  type Found,
  MOST_EDGE,
  MOST_ROW,
  rowStep,
  UNIT,
} from './entries.ts';
import type { Lines } from './lines.ts';

/** `Version 1`, `From 0.0 1.0`, `Length 1024`, `Components 1`, then the entries between braces. */
export function readSpi1d(lines: Lines): Found {
  const head = readHead(lines);
  const { length, components, domain } = head;
  checkDomain(lines, domain, length);
  lines.expect(length, components);
  const entries = new Float32Array(length * 3);
  for (let i = 0; i < length; i++) {
    const line = lines.demand(`entry ${i + 1} of ${length}`);
    if (line === '}') lines.fail(`ends the table after ${i} of ${length} entries.`);
    const [r, g, b] = lines.numbers(line, components, components === 1 ? 'number' : 'numbers');
    entries.set(components === 1 ? [r!, r!, r!] : [r!, g!, b ?? 0], i * 3);
  }
  if (lines.demand('the brace that ends the table') !== '}') lines.fail(`goes on after ${length} entries.`);
  return { program: [rowStep(domain, entries)], about: `1D, ${length}` };
}

interface Head {
  readonly length: number;
  readonly components: number;
  readonly domain: Domain;
}

function readHead(lines: Lines): Head {
  const said = new Map<string, readonly number[]>();
  for (;;) {
    const line = lines.demand('the brace that begins the table');
    if (line === '{') break;
    const [, keyword = '', rest = ''] = /^([A-Za-z]*)\s*(.*)$/.exec(line) ?? [];
    if (said.has(keyword)) lines.fail(`says ${keyword} once more.`);
    if (keyword === 'Version') said.set(keyword, [lines.whole(rest, 1, 1, keyword)]);
    else if (keyword === 'Length') said.set(keyword, [lines.whole(rest, 2, MOST_ROW, keyword)]);
    else if (keyword === 'Components') said.set(keyword, [lines.whole(rest, 1, 3, keyword)]);
    else if (keyword === 'From') said.set(keyword, lines.numbers(rest, 2, 'numbers after From'));
    else
      lines.fail(`begins with ${JSON.stringify(line.slice(0, 40))}. Expected Version, From, Length, Components or {.`);
  }
  const absent = ['Version', 'Length', 'Components'].find((keyword) => !said.has(keyword));
  if (absent !== undefined) lines.fail(`begins the table, and ${absent} was not given before.`);
  const [from, to] = said.get('From') ?? [0, 1];
  return {
    length: said.get('Length')![0]!,
    components: said.get('Components')![0]!,
    domain: { from: [from!, from!, from!], to: [to!, to!, to!] },
  };
}

/** `SPILUT 1.0`, `3 3`, the sizes, then a line for each entry: its place in red, green and blue, and its colour. */
export function readSpi3d(lines: Lines): Found {
  if (!/^SPILUT\s+1\.0$/i.test(lines.demand('SPILUT 1.0'))) lines.fail('should say SPILUT 1.0.');
  const [inputs, outputs] = lines.numbers(lines.demand('the counts of channels'), 2, 'counts of channels');
  if (inputs !== 3 || outputs !== 3) lines.fail(`gives ${inputs} and ${outputs} channels. Expected 3 and 3.`);
  const words = lines.demand('the three sizes').split(/\s+/);
  if (words.length !== 3) lines.fail(`should hold three sizes, and holds ${words.length}.`);
  const sizes = words.map((word) => lines.whole(word, 2, MOST_EDGE, 'a size'));
  const count = sizes[0]! * sizes[1]! * sizes[2]!;
  lines.expect(count, 6);
  const entries = new Float32Array(count * 3);
  const known = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const parts = lines.demand(`entry ${i + 1} of ${count}`, '#').split(/\s+/);
    if (parts.length !== 6)
      lines.fail(`should hold a place and a colour, six numbers, and holds ${parts.length} words.`);
    const [r, g, b] = parts.slice(0, 3).map((word, axis) => lines.whole(word, 0, sizes[axis]! - 1, 'a place'));
    const at = r! + sizes[0]! * (g! + sizes[1]! * b!);
    if (known[at]) lines.fail(`gives the entry at ${r} ${g} ${b} once more.`);
    known[at] = 1;
    for (let c = 0; c < 3; c++) entries[at * 3 + c] = lines.float(parts[3 + c]!);
  }
  if (lines.filled('#') !== undefined) lines.fail(`goes on after ${count} entries.`);
  return { program: [cubeStep(UNIT, sizes, entries)], about: edgesText(sizes) };
}
