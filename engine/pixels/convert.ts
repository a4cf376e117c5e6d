// Changes of the sample type of planes, and the count of samples that could not be kept.
import { floatToHalf, floatToUint, halfToFloat, halfToUint, uintToFloat, uintToHalf } from './kernels.ts';
import { allocateSamples, type Plane, type Samples, type SampleType } from './plane.ts';

/** Samples in a new type, and how many of them are another number than before. */
export interface ConvertedSamples {
  readonly samples: Samples;
  readonly changed: number;
}

/** A plane in a new type, and how many of its samples are another number than before. */
export interface ConvertedPlane {
  readonly plane: Plane;
  readonly changed: number;
}

/**
 * Samples of the type `from` in the type `to`, by OpenEXR's rules. To half: the nearest, ties to even, infinity where it
 * is too large (floats from 65520 on, whole numbers beyond 65504). To uint: cut towards zero, negative numbers and NaN
 * give 0, what is too large gives 4294967295. `changed` compares numbers: -0 is 0, and a NaN that stays a NaN is kept.
 * Where the types are the same the samples themselves come back; otherwise they are fresh.
 */
export function convertSamples(samples: Samples, from: SampleType, to: SampleType): ConvertedSamples {
  if (from === to) return { samples, changed: 0 };
  const target = allocateSamples(to, samples.length);
  const changed = CONVERSIONS[from][to](samples, target);
  return { samples: target, changed };
}

/** A plane with samples of another type; see `convertSamples`. */
export function convertPlane(plane: Plane, type: SampleType): ConvertedPlane {
  if (plane.type === type) return { plane, changed: 0 };
  const { samples, changed } = convertSamples(plane.samples, plane.type, type);
  return { plane: { ...plane, type, samples }, changed };
}

type Conversion = (source: Samples, target: Samples) => number;

/** The arrays are of the types that the two names say. */
const conversion =
  <From extends Samples, To extends Samples>(kernel: (source: From, target: To) => number): Conversion =>
  (source, target) =>
    kernel(source as From, target as To);

const none: Conversion = () => 0;

const CONVERSIONS: Readonly<Record<SampleType, Readonly<Record<SampleType, Conversion>>>> = {
  half: { half: none, float: conversion(halfToFloat), uint: conversion(halfToUint) },
  float: { half: conversion(floatToHalf), float: none, uint: conversion(floatToUint) },
  uint: { half: conversion(uintToHalf), float: conversion(uintToFloat), uint: none },
};
