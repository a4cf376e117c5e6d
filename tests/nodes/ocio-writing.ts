// A folder in which tests of OCIO write configs and their files, and what the node says of them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import type { AnyNode } from '../../engine/authoring.ts';
import type { Json } from '../../engine/base/canonical.ts';
import type { Described } from '../../engine/plan/describe.ts';
import { bench, graph } from '../run/graph.ts';
import { swatches } from './color/swatches.ts';

export const folder = mkdtempSync(join(tmpdir(), 'sluice-ocio-node-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a file there and gives its path. */
export const put = (name: string, content: string): string => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
};

/** A config of version 2 with these spaces, by what leads from the reference to them, and more. */
export const configOf = (spaces: Readonly<Record<string, string>>, more = '', version = '2'): string =>
  `ocio_profile_version: ${version}
environment: {}
search_path: luts
roles: {default: raw, scene_linear: lin}
displays: {screen: [!<View> {name: Film, colorspace: lin}, !<View> {name: Raw, colorspace: raw}]}
colorspaces:
  - !<ColorSpace> {name: lin, aliases: [linear]}
  - !<ColorSpace> {name: raw, isdata: true}
${Object.entries(spaces)
  .map(([name, transform]) => `  - !<ColorSpace> {name: ${name}, from_scene_reference: ${transform}}\n`)
  .join('')}${more}`;

export const grey = (...values: (number | string)[]): (number | string)[][] => values.map((x) => [x, x, x]);

/** The problems of a node with these parameters. */
export const tell = async (params: Readonly<Record<string, Json>>): Promise<Pick<Described, 'problems'>> => {
  const source = { type: 'test.swatches', params: { colours: [[1, 1, 1]] } };
  const document = graph({ a: source, node: { type: 'color.ocio', params } }, ['a.image > node.image']);
  return await bench(document, { folder, more: [swatches as AnyNode] }).descriptions.describe('node', 1);
};
