// The door for authors of nodes: defineNode and the words it speaks. Nothing of plan, evaluate or run.
export { EMPTY_BOX, type Box, box, boxContains, boxEquals, boxHeight, boxIntersection, boxIsEmpty, boxText, boxUnion, boxWidth } from './base/box.ts';
export { type Json, canonicalJson } from './base/canonical.ts';
export { CODES, type ErrorCode } from './base/codes.ts';
export { asEngineError, EngineError, type ErrorKind, type Place } from './base/error.ts';
export { type Attribute, type AttributeSet, findAttribute, sameAttribute, withAttribute, withoutAttribute } from './image/attribute.ts';
export {
  type ChannelSpec,
  compareChannelNames,
  type ImageSpec,
  type Origin,
  type PartSpec,
  sortChannels,
  type Stored,
  STRUCTURAL_ATTRIBUTES,
  type Substitution,
} from './image/spec.ts';
export type { ImageSource, Planes, Want } from './image/want.ts';
export type { FrameList, FrameSupply } from './image/frames.ts';
export {
  type Access,
  type AnyNode,
  type BaseContext,
  type Delivery,
  type DeliveryWriter,
  defineNode,
  type Inputs,
  type Loss,
  type MaybePromise,
  type NodeDefinition,
  type NodeProblem,
  type Piece,
  type PullContext,
  type Services,
  type Sink,
  type SinkContext,
  type SpecContext,
  type Timeline,
} from './node/define.ts';
export { image, type InputPort, images, optionalImage, type OutputPort, type PortKind } from './node/port.ts';
export { createPlane, FULL_SAMPLING, type Plane, planeBytes, type Samples, type SampleType, type Sampling, sampleBytes, sampleCount } from './pixels/plane.ts';
