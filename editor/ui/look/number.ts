// Numbers in fields: how they are written, how far a step goes, and where they end.

export interface NumberRange {
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly integer?: boolean;
}

interface Modifiers {
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
}

/** Six significant digits at most, none that says nothing; very large and very small ones with an exponent. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'inf' : '-inf';
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  return String(Number(value.toPrecision(6)));
}

/** One step from a value: Shift is ten times as far, Ctrl or Alt a tenth; an integer never steps by less than 1. */
export function stepFor(value: number, { step, integer, min, max }: NumberRange, modifiers: Modifiers): number {
  const size =
    step ?? (integer ? 1 : min !== undefined && max !== undefined ? niceStep(max - min) : niceStep(Math.abs(value)));
  const factor = modifiers.shiftKey ? 10 : modifiers.ctrlKey || modifiers.altKey ? 0.1 : 1;
  return integer ? Math.max(1, Math.round(size * factor)) : size * factor;
}

/** About a hundredth of an extent, as a power of ten. */
const niceStep = (extent: number): number => (extent === 0 ? 0.01 : 10 ** (Math.floor(Math.log10(extent)) - 2));

/** The nearest whole number of steps, without dust. */
export const quantized = (value: number, step: number): number =>
  Number((Math.round(value / step) * step).toPrecision(12));

/** Within the range, whole where it must be, and without the dust of adding decimal steps. */
export function clampTo(value: number, { min = -Infinity, max = Infinity, integer }: NumberRange): number {
  const clean = integer ? Math.round(value) : Number(value.toPrecision(12));
  return Math.min(max, Math.max(min, clean));
}
