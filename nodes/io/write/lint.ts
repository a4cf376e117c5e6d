// Lint: what would be spoilt, or misread by other programs, in a file as it is about to be written. Warnings only.
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import {
  cryptomatteHeaders,
  cryptomattesOf,
  EXACT_ROLES,
  type Fix,
  type ImageSpec,
  listNames,
  type Maker,
  methodLoses,
  partLabel,
  type Role,
  rolesOf,
  textOf,
} from '../../../engine/authoring.ts';
import { contradictions } from './contradictions.ts';
import { type FilePlan, lineOrders, names, windows } from './misread.ts';
import type { StorageParams } from './storage.ts';

export interface Lint extends FilePlan {
  /** Of the file that would be written, absolute. */
  readonly path: string;
  readonly params: Pick<StorageParams, 'types'>;
  /** The parts as the sink is given them. */
  readonly given: ImageSpec;
  /** Where the samples of a channel of such a part are made. */
  maker(part: number, channel: string): Maker | undefined;
}

const EXACT_METHODS = ['zip', 'piz'] as const;

/**
 * Tells what is wrong, part by part. Chunks that are copied lose nothing, and names and windows that a source has already are
 * no news.
 */
export function lint(it: Lint): void {
  const specs = it.planned.map(({ spec }) => spec);
  const first = specs[0]?.attributes ?? [];
  const crypto = new Set(
    cryptomattesOf(specs).flatMap(({ channels }) => channels.map(({ part, channel }) => `${part}/${channel}`)),
  );
  for (const [index, planned] of it.planned.entries()) {
    const roles = rolesOf(planned.spec, first);
    const isCrypto = (name: string): boolean => crypto.has(`${index}/${name}`) && !isPicture(roles.get(name));
    if (!planned.copied && planned.spec.kind === 'flat') {
      lossyData(it, index, (name) => isCrypto(name) || EXACT_ROLES.has(roles.get(name)!));
      lossyAgain(it, index);
      halves(it, index, roles, isCrypto);
    }
    contradictions(it, index, first);
    sidecars(it, index);
  }
  names(it);
  windows(it);
  lineOrders(it);
}

/** Rows of `types` with which channels are written as float, and where it is asked for a method that keeps them so. */
export function asFloat(
  { types }: Pick<StorageParams, 'types'>,
  channels: readonly string[],
  inMethod: boolean,
): Fix & { readonly set: object } {
  const [method] = EXACT_METHODS;
  const how = inMethod ? `, with ${method}` : '';
  return {
    title: channels.length === 0 ? `Write ${method}` : `Write ${listNames(channels)} as float${how}`,
    set: {
      ...(channels.length > 0 && { types: [...types, ...channels.map((name) => ({ channels: name, type: 'float' }))] }),
      ...(inMethod && { compression: method }),
    },
  };
}

const isPicture = (role: Role | undefined): boolean => role === 'colour';

const exactly = EXACT_METHODS.map((compression) => ({ title: `Write ${compression}`, set: { compression } }));

function lossyData({ planned, report }: Lint, index: number, isExact: (name: string) => boolean): void {
  const { spec, write } = planned[index]!;
  const { compression } = write;
  const spoilt = write.channels.filter((c) => methodLoses(compression, c) && isExact(c.name)).map(({ name }) => name);
  if (spoilt.length === 0) return;
  const kept = [...new Set(spoilt.flatMap((name) => beside(name, write.channels, spoilt)))];
  const only = kept.length > 0 ? ` ${listNames(kept)} beside them would stay exact.` : '';
  const luma = compression.startsWith('dwa') && spoilt.some((name) => name.endsWith('.Y'));
  const luminance = luma ? ' DWA takes a channel called Y for luminance.' : '';
  report({
    severity: 'warning',
    code: 'lossy-data',
    message: `${partLabel(spec, index)}: ${compression} would change the numbers of ${listNames(spoilt)}, which are no picture.${only}${luminance} Write a method without losses, or put them into a file of their own.`,
    where: { param: 'compression', part: spec.name ?? index, channel: spoilt[0]! },
    fixes: exactly,
  });
}

/** Other channels of the layer of a spoilt one, which are not spoilt. */
function beside(name: string, channels: readonly { readonly name: string }[], spoilt: readonly string[]): string[] {
  const layer = name.slice(0, name.lastIndexOf('.') + 1);
  if (layer === '') return [];
  return channels.map((c) => c.name).filter((other) => other.startsWith(layer) && !spoilt.includes(other));
}

function lossyAgain({ planned, maker, report }: Lint, index: number): void {
  const { spec, write } = planned[index]!;
  const before = write.channels
    .filter((channel) => methodLoses(write.compression, channel))
    .map(({ name }) => maker(index, name))
    .find((from) => from?.part.stored && methodLoses(from.part.stored.compression, from.channel))?.part;
  if (!before) return;
  report({
    severity: 'warning',
    code: 'lossy-again',
    message: `${partLabel(spec, index)} comes from a file with losses (${before.stored!.compression}) and would lose again as ${write.compression}. Write a method without losses.`,
    where: { param: 'compression', part: spec.name ?? index },
    fixes: exactly,
  });
}

function halves(
  { planned, given, params, maker, report }: Lint,
  index: number,
  roles: ReadonlyMap<string, Role>,
  isCrypto: (name: string) => boolean,
): void {
  const { spec } = planned[index]!;
  const before = new Map(given.parts[index]!.channels.map(({ name, type }) => [name, type]));
  const half = spec.channels.filter(({ type }) => type === 'half').map(({ name }) => name);
  const written = half.filter((name) => before.get(name) !== 'half');
  const made = half.filter((name) => written.includes(name) || maker(index, name)?.channel.type === 'float');
  const warn = (found: readonly string[], message: string): void => {
    if (found.length === 0) return;
    const here = found.filter((name) => written.includes(name));
    report({
      severity: 'warning',
      code: 'half-data',
      message: `${partLabel(spec, index)}: ${listNames(found)} would be half. ${message}`,
      where: { param: 'types', part: spec.name ?? index, channel: found[0]! },
      ...(here.length > 0 ? { fixes: [{ ...asFloat(params, here, false), title: 'Write them as float' }] } : {}),
    });
  };
  warn(half.filter(isCrypto), 'Ids of a Cryptomatte are bits of floats: as half they fit no name.');
  warn(
    made.filter((name) => roles.get(name) === 'depth' && !isCrypto(name)),
    'Half ends at 65504, and depths beyond become infinite; sluice validate --check-pixels looks for them.',
  );
}

/** Manifests of Cryptomattes that lie beside the source and not beside the new file. */
function sidecars({ path, planned, report }: Lint, index: number): void {
  const { spec } = planned[index]!;
  for (const [name, { fields }] of cryptomatteHeaders(spec.attributes)) {
    const beside = textOf(fields.get('manif_file'));
    if (!beside || beside.includes('\0') || isAbsolute(beside)) continue;
    if (existsSync(join(dirname(path), beside))) continue;
    report({
      severity: 'warning',
      code: 'cryptomatte-manifest',
      message: `${partLabel(spec, index)}: the Cryptomatte ${name} names the manifest ${beside}, which is not beside ${path}. Copy it there, or take it into the header with Cryptomatte select.`,
      where: { part: spec.name ?? index },
    });
  }
}
