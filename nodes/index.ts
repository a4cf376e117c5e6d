// The built-in nodes, in the order in which lists show them.
import type { AnyNode } from '../engine/authoring.ts';
import { expression } from './channel/expression.ts';
import { premultiply } from './channel/premultiply.ts';
import { shuffle } from './channel/shuffle.ts';
import { unpremultiply } from './channel/unpremultiply.ts';
import { cdl } from './color/cdl.ts';
import { clamp } from './color/clamp.ts';
import { convert } from './color/convert.ts';
import { curves } from './color/curves.ts';
import { display } from './color/display.ts';
import { exposure } from './color/exposure.ts';
import { grade } from './color/grade.ts';
import { lut } from './color/lut.ts';
import { matrix } from './color/matrix.ts';
import { sanitize } from './color/sanitize.ts';
import { saturation } from './color/saturation.ts';
import { blur } from './filter/blur.ts';
import { dilate } from './filter/dilate.ts';
import { erode } from './filter/erode.ts';
import { median } from './filter/median.ts';
import { sharpen } from './filter/sharpen.ts';
import { checkerboard } from './generate/checkerboard.ts';
import { constant } from './generate/constant.ts';
import { ramp } from './generate/ramp.ts';
import { text } from './generate/text.ts';
import { dot } from './graph/dot.ts';
import { choose } from './graph/switch.ts';
import { exportPicture } from './io/export.ts';
import { read } from './io/read.ts';
import { write } from './io/write.ts';
import { keymix } from './merge/keymix.ts';
import { merge } from './merge/merge.ts';
import { set } from './metadata/set.ts';
import { assemble } from './part/assemble.ts';
import { select } from './part/select.ts';
import { input } from './template/input.ts';
import { instance } from './template/instance.ts';
import { output } from './template/output.ts';
import { hold } from './time/hold.ts';
import { offset } from './time/offset.ts';
import { range } from './time/range.ts';
import { crop } from './transform/crop.ts';
import { mirror } from './transform/mirror.ts';
import { reformat } from './transform/reformat.ts';
import { resize } from './transform/resize.ts';
import { transform } from './transform/transform.ts';

/** For viewers: display transforms as cubes, and what the numbers of a part are. */
export { CUBE, CUBE_NAMES, CUBE_SIZE, cubeOf } from './color/output/bake.ts';
export { lightOf, type PartLight } from './color/output/light.ts';

export const nodes: readonly AnyNode[] = [
  read,
  shuffle,
  set,
  assemble,
  select,
  convert,
  display,
  exposure,
  grade,
  cdl,
  saturation,
  matrix,
  clamp,
  curves,
  lut,
  sanitize,
  merge,
  keymix,
  premultiply,
  unpremultiply,
  expression,
  blur,
  sharpen,
  erode,
  dilate,
  median,
  resize,
  reformat,
  transform,
  crop,
  mirror,
  constant,
  checkerboard,
  ramp,
  text,
  offset,
  hold,
  range,
  choose,
  dot,
  instance,
  input,
  output,
  write,
  exportPicture,
];
