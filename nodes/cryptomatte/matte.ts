// Cryptomatte matte: a mask of the things that are named, from the ids and coverages of a Cryptomatte.
import { z } from 'zod';
import {
  type ChannelSpec,
  type Cryptomatte,
  convertPlane,
  createPlane,
  cryptomattesOf,
  defineNode,
  EngineError,
  FULL_SAMPLING,
  type ImageSpec,
  image,
  listNames,
  type NodeProblem,
  nameTrouble,
  nearNames,
  type PartSpec,
  type Planes,
  partLabel,
  passImage,
  type Services,
  sortChannels,
  storedAnew,
  viewsIn,
  workProblems,
} from '../../engine/authoring.ts';
import { type Manifest, manifestIdentity, manifestOf } from './manifest/manifest.ts';
import { type Chosen, chooseIds } from './mask/choose.ts';
import { addCoverage, type Rank } from './mask/coverage.ts';

const params = z.strictObject({
  layer: z.string().default('').meta({
    title: 'Cryptomatte',
    description: 'The name of the Cryptomatte, such as crypto_object. Left empty it is the first one.',
  }),
  names: z.array(z.string().min(1)).default([]).meta({
    title: 'Names',
    description:
      'The things to mask, * for any text, or ids as <c1fa3f1f>. A name that the manifest has to the letter goes before its meaning as a pattern.',
  }),
  channel: z.string().min(1).default('mask.A').meta({
    title: 'Mask',
    description: 'The channel that the mask is put in. One of that name is replaced, which the ledger lists as lost.',
  }),
  type: z
    .enum(['float', 'half'])
    .default('float')
    .meta({ title: 'Type', description: 'The sample type of the mask; float keeps coverages exactly.' }),
  manifest: z.string().default('').meta({
    title: 'Manifest',
    widget: 'file',
    advanced: true,
    description:
      'A JSON file with the names, in place of the manifest that the header holds or names. Empty: what the header says.',
  }),
});

interface Context {
  readonly params: z.output<typeof params>;
  readonly inputs: { readonly image: ImageSpec };
  readonly services: Services;
}

export const matte = defineNode({
  type: 'cryptomatte.matte',
  version: 1,
  title: 'Cryptomatte matte',
  doc: "Makes a mask of the things that are named: of each pixel the sum of their coverages, exactly as they are stored, so that it may pass 1 by the rounding of the renderer. Names become ids by the Cryptomatte specification (MurmurHash3, 32 bits) or by the manifest, in the header or in the file beside the image that the header names. Where no name is given the mask is 0. The mask stands in the part of the Cryptomatte's first channel and has its windows; outside of the data window it is 0. Where one part holds several views Select view chooses one before. All other channels pass, where Nuke puts the mask into alpha unless told otherwise. Ids that were made half, filtered or stored with losses fit no name.",
  keywords: ['crypto', 'id', 'mask', 'object', 'material', 'asset', 'key', 'isolate', 'roto'],
  params,
  inputs: { image: image('The image with the channels and the attributes of the Cryptomatte, as it was read.') },
  summary({ names: [first, ...more], layer }) {
    const what = first === undefined ? 'nothing' : `${first}${more.length > 0 ? `, +${more.length} more` : ''}`;
    return layer === '' ? what : `${layer}: ${what}`;
  },
  files: ({ params, services }) => (params.manifest === '' ? [] : [services.resolve(params.manifest, 'read')]),
  identity: ({ params, services }) => manifestIdentity(services, params.manifest),

  spec(ctx) {
    const { image } = ctx.inputs;
    const { channel: name, type } = ctx.params;
    const passed = passImage(image, 'image');
    const found = chooseCryptomatte(ctx);
    if ('problem' in found) {
      ctx.report(found.problem);
      return passed;
    }
    const { ranks, view } = found.crypto;
    if (view !== undefined && found.others.length > 0) {
      const message = `The mask is made in view ${view} alone; ${listNames(found.others)} ${found.others.length === 1 ? 'has' : 'have'} the Cryptomatte too. For a mask in each put Select view before and Join views behind.`;
      ctx.report({ severity: 'info', code: 'view-ambiguous', message, where: { param: 'layer' } });
    }
    for (const problem of unfit(image, found.crypto)) ctx.report(problem);
    const trouble = nameTrouble(name);
    if (trouble !== undefined) {
      const message = `The name of the mask ${trouble}.`;
      ctx.report({ severity: 'error', code: 'channel-name', message, where: { param: 'channel' } });
    }
    const { problems } = idsOf(ctx, found.crypto);
    for (const problem of problems) ctx.report(problem);
    const at = ranks[0]!.id.part;
    if (image.parts[at]!.channels.some((channel) => channel.name === name)) {
      ctx.lose({ kind: 'channel', port: 'image', part: at, name, reason: 'the mask is put in its place' });
      const [its] = cryptomattesOf(image.parts).filter((crypto) =>
        crypto.channels.some((c) => c.part === at && c.channel === name),
      );
      if (its) {
        const message = `The mask would take the place of ${name}, which the Cryptomatte ${its.name} is made of. Give it another name.`;
        const fixes = [{ title: 'Put it in mask.A', set: { channel: 'mask.A' } }];
        ctx.report({ severity: 'error', code: 'cryptomatte-spoilt', message, where: { param: 'channel' }, fixes });
      }
    }
    return { ...image, parts: passed.parts.map((part, i) => (i === at ? withMask(part, name, type) : part)) };
  },

  async pull(ctx, want): Promise<Planes> {
    const found = chooseCryptomatte(ctx);
    if ('problem' in found) throw new EngineError('invalid', found.problem.code, found.problem.message);
    const { ids } = idsOf(ctx, found.crypto);
    const plane = createPlane('float', want.box);
    if (ids.length > 0) {
      const byPart = new Map<number, Planes>();
      const all = found.crypto.ranks.flatMap(({ id, coverage }) => [id, coverage]);
      for (const [part, places] of Map.groupBy(all, (at) => at.part)) {
        const channels = [...new Set(places.map(({ channel }) => channel))];
        byPart.set(part, await ctx.sources.image.planes({ part, channels, box: want.box }, 'float'));
      }
      const planeOf = (at: { part: number; channel: string }) => byPart.get(at.part)!.get(at.channel)!;
      const ranks = found.crypto.ranks.map(
        ({ id, coverage }): Rank => ({ id: planeOf(id), coverage: planeOf(coverage) }),
      );
      addCoverage(ranks, ids, plane.samples as Float32Array);
    }
    return new Map(want.channels.map((name) => [name, convertPlane(plane, ctx.params.type).plane]));
  },
});

/** The part with the mask among its channels. */
function withMask(part: PartSpec, name: string, type: 'float' | 'half'): PartSpec {
  const mask: ChannelSpec = { name, type, sampling: FULL_SAMPLING, pLinear: 0, origin: { from: 'computed' } };
  const others = part.channels.filter((channel) => channel.name !== name);
  const stored = part.stored ? { stored: storedAnew(part.stored) } : {};
  return { ...part, channels: sortChannels([...others, mask]), ...stored };
}

/** The Cryptomatte that is meant, or why there is none. */
function chooseCryptomatte({
  params,
  inputs,
}: Context): { readonly crypto: Cryptomatte; readonly others: readonly string[] } | { readonly problem: NodeProblem } {
  const all = cryptomattesOf(inputs.image.parts);
  const usable = all.filter(({ ranks }) => ranks.length > 0);
  const crypto = params.layer === '' ? usable[0] : usable.find(({ name }) => name === params.layer);
  const problem = crypto && besideViews(inputs.image, crypto, usable);
  if (problem) return { problem };
  if (crypto) {
    const alike = usable.filter(({ name, view }) => name === crypto.name && view !== crypto.view);
    return { crypto, others: alike.flatMap(({ view }) => (view === undefined ? [] : [view])) };
  }
  const names = [...new Set(usable.map(({ name }) => name))];
  const bare = all.find(({ name }) => params.layer === '' || name === params.layer);
  const message = bare
    ? `The header tells of the Cryptomatte ${bare.name}, but there are no channels such as ${bare.name}00.R.`
    : names.length === 0
      ? 'The image has no Cryptomatte: no header has attributes such as cryptomatte/1234567/name.'
      : `There is no Cryptomatte ${params.layer}. There are: ${listNames(names)}.`;
  const fixes = [...new Set([...nearNames(params.layer, names), ...names])].slice(0, 3).map((layer) => ({
    title: `Use ${layer}`,
    set: { layer },
  }));
  return {
    problem: {
      severity: 'error',
      code: 'cryptomatte-unknown',
      message,
      where: { param: 'layer' },
      ...(fixes.length > 0 ? { fixes } : {}),
    },
  };
}

/** Why there can be no mask where views are channels of one part: it would be of none of them. */
function besideViews(
  { parts }: ImageSpec,
  { name, view, ranks }: Cryptomatte,
  usable: readonly Cryptomatte[],
): NodeProblem | undefined {
  const at = ranks[0]!.id.part;
  const part = parts[at]!;
  const views = viewsIn(part.attributes);
  if (views.length < 2 || view === part.view) return undefined;
  const own = new Set(usable.flatMap((other) => (other.name === name && other.view !== undefined ? [other.view] : [])));
  return {
    severity: 'error',
    code: 'view-ambiguous',
    message: `${partLabel(part, at)} holds the views ${listNames(views)} beside each other, and a mask is of one. Choose it with Select view before.`,
    where: { part: part.name ?? at },
    fixes: [...own].slice(0, 3).map((one) => ({
      title: `Select view ${one} before it`,
      insert: { port: 'image', type: 'view.select', version: 1, params: { view: one } },
    })),
  };
}

/** Channels that cannot be read, or that hold no ids. */
function unfit({ parts }: ImageSpec, { ranks }: Cryptomatte): NodeProblem[] {
  const all = ranks.flatMap(({ id, coverage }) => [id, coverage]);
  return [...Map.groupBy(all, ({ part }) => part)].flatMap(([index, places]) =>
    workProblems({
      part: parts[index]!,
      index,
      title: 'Cryptomatte matte',
      channels: new Set(places.map(({ channel }) => channel)),
      types: ['float'],
    }),
  );
}

/** The ids of the names; what is wrong with names and manifest is told beside them. */
function idsOf({ params, inputs, services }: Context, crypto: Cryptomatte): Chosen {
  let manifest: Manifest | undefined;
  const problems: NodeProblem[] = [];
  try {
    manifest = manifestOf(services, inputs.image.parts, crypto, params.manifest);
  } catch (thrown) {
    if (!(thrown instanceof EngineError)) throw thrown;
    // Names have ids without a manifest too; a wildcard then says that it has none.
    const { code, message, where } = thrown;
    const severity = params.manifest === '' ? 'warning' : 'error';
    problems.push({ severity, code, message, where: { ...where, param: 'manifest' } });
  }
  const chosen = chooseIds(params.names, manifest?.ids);
  return { ...chosen, problems: [...problems, ...chosen.problems] };
}
