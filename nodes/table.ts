// Where each built-in node is, in the order in which lists show them; a node is loaded when it is wanted, but for those
// that nearly every graph has.
import type { AnyNode } from '../engine/authoring.ts';
import { read } from './io/read.ts';
import { write } from './io/write.ts';

const TABLE: Readonly<Record<string, () => Promise<AnyNode>>> = {
  'io.read': async () => read,
  'channel.shuffle': async () => (await import('./channel/shuffle.ts')).shuffle,
  'metadata.set': async () => (await import('./metadata/set.ts')).set,
  'part.assemble': async () => (await import('./part/assemble.ts')).assemble,
  'part.select': async () => (await import('./part/select.ts')).select,
  'view.select': async () => (await import('./view/select.ts')).select,
  'view.join': async () => (await import('./view/join.ts')).join,
  'deep.flatten': async () => (await import('./deep/flatten.ts')).flatten,
  'cryptomatte.select': async () => (await import('./cryptomatte/select.ts')).select,
  'cryptomatte.matte': async () => (await import('./cryptomatte/matte.ts')).matte,
  'color.convert': async () => (await import('./color/convert.ts')).convert,
  'color.display': async () => (await import('./color/display.ts')).display,
  'color.exposure': async () => (await import('./color/exposure.ts')).exposure,
  'color.grade': async () => (await import('./color/grade.ts')).grade,
  'color.fromChroma': async () => (await import('./color/from-chroma.ts')).fromChroma,
  'color.toChroma': async () => (await import('./color/to-chroma.ts')).toChroma,
  'color.cdl': async () => (await import('./color/cdl.ts')).cdl,
  'color.saturation': async () => (await import('./color/saturation.ts')).saturation,
  'color.matrix': async () => (await import('./color/matrix.ts')).matrix,
  'color.clamp': async () => (await import('./color/clamp.ts')).clamp,
  'color.curves': async () => (await import('./color/curves.ts')).curves,
  'color.lut': async () => (await import('./color/lut.ts')).lut,
  'color.ocio': async () => (await import('./color/ocio.ts')).ocio,
  'color.sanitize': async () => (await import('./color/sanitize.ts')).sanitize,
  'merge.merge': async () => (await import('./merge/merge.ts')).merge,
  'merge.keymix': async () => (await import('./merge/keymix.ts')).keymix,
  'channel.premultiply': async () => (await import('./channel/premultiply.ts')).premultiply,
  'channel.unpremultiply': async () => (await import('./channel/unpremultiply.ts')).unpremultiply,
  'channel.role': async () => (await import('./channel/role.ts')).role,
  'channel.expression': async () => (await import('./channel/expression.ts')).expression,
  'filter.blur': async () => (await import('./filter/blur.ts')).blur,
  'filter.sharpen': async () => (await import('./filter/sharpen.ts')).sharpen,
  'filter.erode': async () => (await import('./filter/erode.ts')).erode,
  'filter.dilate': async () => (await import('./filter/dilate.ts')).dilate,
  'filter.median': async () => (await import('./filter/median.ts')).median,
  'filter.pad': async () => (await import('./filter/pad.ts')).pad,
  'transform.resize': async () => (await import('./transform/resize.ts')).resize,
  'transform.reformat': async () => (await import('./transform/reformat.ts')).reformat,
  'transform.transform': async () => (await import('./transform/transform.ts')).transform,
  'transform.crop': async () => (await import('./transform/crop.ts')).crop,
  'transform.mirror': async () => (await import('./transform/mirror.ts')).mirror,
  'generate.constant': async () => (await import('./generate/constant.ts')).constant,
  'generate.checkerboard': async () => (await import('./generate/checkerboard.ts')).checkerboard,
  'generate.ramp': async () => (await import('./generate/ramp.ts')).ramp,
  'generate.text': async () => (await import('./generate/text.ts')).text,
  'mesh.read': async () => (await import('./mesh/read.ts')).read,
  'mesh.charts': async () => (await import('./mesh/charts.ts')).charts,
  'mesh.rasterize': async () => (await import('./mesh/rasterize.ts')).rasterize,
  'normal.decode': async () => (await import('./normal/decode.ts')).decode,
  'integrate.poisson': async () => (await import('./integrate/poisson.ts')).poisson,
  'time.offset': async () => (await import('./time/offset.ts')).offset,
  'time.hold': async () => (await import('./time/hold.ts')).hold,
  'time.range': async () => (await import('./time/range.ts')).range,
  'graph.switch': async () => (await import('./graph/switch.ts')).choose,
  'graph.dot': async () => (await import('./graph/dot.ts')).dot,
  'template.instance': async () => (await import('./template/instance.ts')).instance,
  'template.input': async () => (await import('./template/input.ts')).input,
  'template.output': async () => (await import('./template/output.ts')).output,
  'io.write': async () => write,
  'udim.read': async () => (await import('./udim/read.ts')).read,
  'udim.write': async () => (await import('./udim/write.ts')).write,
  'mesh.table': async () => (await import('./mesh/table.ts')).table,
  'io.export': async () => (await import('./io/export.ts')).exportPicture,
};

/** All built-in nodes. */
export const loadNodes = (): Promise<AnyNode[]> => Promise.all(Object.values(TABLE).map((load) => load()));

/**
 * The built-in nodes whose types stand in JSON, at whatever depth, since templates hold graphs of their own; more of
 * them where a text merely has the name of a type. A process that renders one graph starts in half the time when it
 * does not load the others.
 */
export async function loadNodesNamedIn(json: string): Promise<AnyNode[]> {
  const named = Object.entries(TABLE).filter(([type]) => json.includes(JSON.stringify(type)));
  return Promise.all(named.map(([, load]) => load()));
}
