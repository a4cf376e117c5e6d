// The curves that lossy methods put halves through, as tables of all 65536.
import { floatToHalf, halfToFloat } from '../../pixels/kernels.ts';

/** Each half put through a function of its value, rounded to a float and then to a half; what is not finite becomes 0. */
function halfTable(curve: (value: number) => number): Uint16Array {
  const values = new Float32Array(65536);
  halfToFloat(
    Uint16Array.from({ length: 65536 }, (_, half) => half),
    values,
  );
  const bent = values.map((value) => (Number.isFinite(value) ? curve(value) : 0));
  const table = new Uint16Array(65536);
  floatToHalf(bent, table);
  return table;
}

function once(make: () => Uint16Array): () => Uint16Array {
  let made: Uint16Array | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

const GREATEST = 65504;
const TWO_POINT_TWO = Math.fround(2.2);

/** B44 of linear channels: e to an eighth of the value, at most 65504 (OpenEXR's internal_b44_table_init.c). */
export const exponential = once(() => {
  const limit = 8 * Math.log(GREATEST);
  return halfTable((value) => (value >= limit ? GREATEST : Math.exp(value / 8)));
});

/** Its inverse: eight times the natural logarithm; 0 of negative values, and minus infinity of both zeros. */
export const logarithmic = once(() => halfTable((value) => (value < 0 ? 0 : 8 * Math.log(value))));

/** DWA: the 2.2nd root up to 1, from there a logarithm; odd about 0 (OpenEXR's internal_dwa_table_init.c). */
export const perceptual = once(() =>
  halfTable((value) => {
    const magnitude = Math.abs(value);
    const bent = magnitude <= 1 ? magnitude ** Math.fround(1 / TWO_POINT_TWO) : Math.log(magnitude) / TWO_POINT_TWO + 1;
    return value < 0 ? -bent : bent;
  }),
);

/** Its inverse. */
export const linear = once(() =>
  halfTable((value) => {
    const magnitude = Math.abs(value);
    const bent = magnitude <= 1 ? magnitude ** TWO_POINT_TWO : Math.fround(9.02501329156) ** (magnitude - 1);
    return value < 0 ? -bent : bent;
  }),
);

/** Halves as they are, but 0 for what is not finite. */
export const finite = once(() => halfTable((value) => value));
