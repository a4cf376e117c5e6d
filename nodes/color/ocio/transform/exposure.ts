// Exposure, contrast and gamma about a pivot, as OpenColorIO's ExposureContrastTransform has them.
import { bend } from './exponent.ts';
import type { Operation } from './operation.ts';

export type ExposureStyle = 'linear' | 'video' | 'log';

export interface Exposure {
  readonly style: ExposureStyle;
  /** In stops. */
  readonly exposure: number;
  readonly contrast: number;
  readonly gamma: number;
  readonly pivot: number;
  readonly logExposureStep: number;
  readonly logMidGray: number;
}

/** What OpenColorIO takes where a config says nothing. */
export const EXPOSURE_DEFAULTS: Exposure = {
  style: 'linear',
  exposure: 0,
  contrast: 1,
  gamma: 1,
  pivot: 0.18,
  logExposureStep: 0.088,
  logMidGray: 0.435,
};

const LEAST_PIVOT = 0.001;
const LEAST_CONTRAST = 0.001;
/** What video's light is raised to: half of it is code 0.5^0.546. */
const VIDEO_POWER = 0.546448087431694;

export function exposureOperation(given: Exposure): Operation {
  const contrast = Math.max(LEAST_CONTRAST, given.contrast * given.gamma);
  const light = Math.max(LEAST_PIVOT, given.pivot);
  if (given.style === 'log') {
    const step = given.logExposureStep;
    const pivot = Math.max(0, Math.log2(light / 0.18) * step + given.logMidGray);
    const plus = (given.exposure * step - pivot) * contrast + pivot;
    return (way) =>
      way === 'forward'
        ? [{ do: 'scale', by: [contrast], plus: [plus] }]
        : [{ do: 'scale', by: [1 / contrast], plus: [-plus / contrast] }];
  }
  const power = given.style === 'video' ? VIDEO_POWER : 1;
  const pivot = light ** power;
  const gain = 2 ** (given.exposure * power);
  if (contrast === 1) return (way) => [{ do: 'scale', by: [way === 'forward' ? gain : 1 / gain], plus: [0] }];
  return (way) => {
    const at =
      way === 'forward'
        ? (x: number): number => ((x * gain) / pivot) ** contrast * pivot
        : (x: number): number => ((x / pivot) ** (1 / contrast) * pivot) / gain;
    const pieces = [
      { from: Number.NEGATIVE_INFINITY, at: () => 0 },
      { from: 0, at },
    ] as const;
    return bend(['all'], () => ({ pieces }));
  };
}
