// Display: turns the light of a scene into what a display shows, by a transform with a name.
import { z } from 'zod';
import {
  defineNode,
  describeConversion,
  image,
  type NodeProblem,
  type Plane,
  partLabel,
  placeOf,
  planPart,
  SPACE_NAMES,
  SPACE_TITLES,
  SPACES,
  type SpaceName,
} from '../../engine/authoring.ts';
import { layerParams, unpremultiply } from './layer/params.ts';
import { DISPLAY_NAMES, DISPLAYS, type DisplayName, rendererOf } from './output/named.ts';
import { showColours } from './output/show.ts';

const params = z.strictObject({
  transform: z
    .enum(DISPLAY_NAMES)
    .default('aces2-srgb')
    .meta({
      title: 'Transform',
      description: `${DISPLAY_NAMES.map((name) => `${name}: ${DISPLAYS[name].doc}`).join(' ')}`,
      titles: Object.fromEntries(DISPLAY_NAMES.map((name) => [name, DISPLAYS[name].title])),
    }),
  from: z
    .enum(['auto', ...SPACE_NAMES])
    .default('auto')
    .meta({
      title: 'From',
      description:
        "The space that the colours are in. auto takes what the file's tags say, and asks where they say nothing: a space is never guessed.",
      titles: SPACE_TITLES,
    }),
  unpremultiply,
  ...layerParams,
});

type Params = z.output<typeof params>;

/** The same choices as Color convert has, to the space of the display. */
const conversion = <C extends { readonly params: Params }>(ctx: C) => ({
  ...ctx,
  params: {
    ...ctx.params,
    to: DISPLAYS[ctx.params.transform].to,
    adaptation: 'bradford' as const,
    exposureIndex: 800 as const,
  },
});

const isDisplay = (space: string): boolean => space.endsWith('_display');

/** What to read codes of a display as where they have to be rendered: the same numbers, as of a scene. */
const AS_SCENE: Readonly<Partial<Record<string, SpaceName>>> = {
  srgb_rec709_display: 'srgb_rec709_scene',
  g24_rec709_display: 'g24_rec709_scene',
  g22_rec709_display: 'g22_rec709_scene',
  srgb_p3d65_display: 'srgb_p3d65_scene',
};

export const display = defineNode({
  type: 'color.display',
  version: 1,
  title: 'Display',
  doc: 'Renders scenes for a display with the output transforms of ACES 2.0, or only encodes them, and sets chromaticities and colorInteropID to what comes out. Renderings lie within what the display can show; plain encodings keep what lies beyond. A colour with a NaN becomes NaN. Layers that hold no colour are left alone; sample types stay as they are. Alpha and windows stay as they are; what is premultiplied has right edges with Unpremultiply alone.',
  keywords: [
    'colour',
    'ACES',
    'output transform',
    'ODT',
    'RRT',
    'view',
    'tone map',
    'sRGB',
    'Rec.709',
    'P3',
    'HDR',
    'PQ',
  ],
  params,
  inputs: { image: image('The image, in the space of a scene.') },
  summary: ({ transform, from }) => `${from === 'auto' ? 'auto' : SPACES[from].title} → ${DISPLAYS[transform].title}`,

  spec(ctx) {
    const made = describeConversion(conversion(ctx));
    for (const [index, part] of ctx.inputs.image.parts.entries()) {
      const { layers, from } = planPart(conversion(ctx), index);
      if (layers.length === 0 || !from || !isDisplay(from.name) || !DISPLAYS[ctx.params.transform].target) continue;
      ctx.report(shownAlready(ctx.params.transform, from.name, partLabel(part, index), placeOf(part, index, 'from')));
    }
    return made;
  },

  async pull(ctx, want) {
    const { layers, from, program } = planPart(conversion(ctx), want.part);
    const { transform, unpremultiply } = ctx.params;
    const wanted = layers.filter((layer) => layer.channels.some((c) => want.channels.includes(c.name)));
    const { image } = ctx.sources;
    const planes = await image.planes({
      ...want,
      channels: wanted.flatMap((layer) => layer.channels.map((c) => c.name)),
    });
    const made = new Map<string, Plane>();
    for (const { channels, alpha } of wanted) {
      const covered = unpremultiply && alpha;
      const coverage = covered && (await image.planes({ ...want, part: alpha.part, channels: [alpha.channel.name] }));
      const shown = showColours({
        channels: channels.map((c) => planes.get(c.name)!),
        types: channels.map((c) => c.type),
        ...(coverage ? { alpha: coverage.get(alpha!.channel.name)! } : {}),
        ...(DISPLAYS[transform].target && from
          ? { from, to: SPACES[DISPLAYS[transform].to], renderer: rendererOf(transform, from.primaries)! }
          : { program }),
      });
      for (const [i, { name }] of channels.entries()) made.set(name, shown[i]!);
    }
    return made;
  },
});

function shownAlready(transform: DisplayName, from: string, label: string, where: NodeProblem['where']): NodeProblem {
  const plain = DISPLAY_NAMES.find((name) => !DISPLAYS[name].target && DISPLAYS[name].to === DISPLAYS[transform].to);
  const scene = AS_SCENE[from];
  return {
    severity: 'error',
    code: 'color-displayed',
    message: `${label} is made for a display already (${SPACES[from as SpaceName].title}), and ${DISPLAYS[transform].title} renders scenes. Choose a transform without tone mapping, or say that its colours are those of a scene.`,
    where: { ...where },
    fixes: [
      ...(plain ? [{ title: `Use ${DISPLAYS[plain].title}`, set: { transform: plain } }] : []),
      ...(scene ? [{ title: `Take it as ${SPACES[scene].title}`, set: { from: scene } }] : []),
    ],
  };
}
