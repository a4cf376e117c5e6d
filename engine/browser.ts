// The door for browsers: documents, descriptions, frames and errors; nothing that needs Node.
export {
  type Box,
  box,
  boxContains,
  boxEquals,
  boxHeight,
  boxIntersection,
  boxIsEmpty,
  boxText,
  boxUnion,
  boxWidth,
  EMPTY_BOX,
} from './base/box.ts';
export { canonicalJson, type Json } from './base/canonical.ts';
export { CODES, type ErrorCode } from './base/codes.ts';
export { asEngineError, EngineError, type ErrorKind, type Place, type PlainError } from './base/error.ts';
export { PRIMARIES } from './colour/primaries.ts';
export {
  type Animation,
  type AnimationForm,
  type Animations,
  formOf,
  referencesOf,
  renamedNodes,
} from './document/animation.ts';
export { type AppliedEdit, applyEdit } from './document/apply.ts';
export { type Edit, editSchema, parseEdit } from './document/edits.ts';
export { documentSchema } from './document/forms.ts';
export { type Gathered, type GatherOptions, templateFrom } from './document/gather.ts';
export {
  emptyHistory,
  HISTORY_DEPTH,
  type History,
  record,
  redo,
  type Step,
  seal,
  type Travel,
  undo,
} from './document/history.ts';
export { type LoadedDocument, loadDocument, parseDocument } from './document/load.ts';
export type { DocumentProblem } from './document/problem.ts';
export { type LoadedRecipe, loadRecipe, type Recipe } from './document/recipe.ts';
export { saveDocument } from './document/save.ts';
export {
  type Backdrop,
  type Canvas,
  DOCUMENT_VERSION,
  type Document,
  type DocumentNode,
  emptyDocument,
  type FrameSettings,
  freeId,
  isName,
  LIMITS,
  type Link,
  type LinkEnd,
  type Note,
  type Params,
  type Position,
  type Promoted,
  parseLinkEnd,
  type Variable,
} from './document/schema.ts';
export { checkStructure } from './document/structure.ts';
export {
  type HeldTemplate,
  insertTemplate,
  type NewNode,
  TEMPLATE_PORT,
  TEMPLATE_TYPES,
  type TemplateSource,
  templateOf,
  templateVersion,
} from './document/template.ts';
export { interpolate, type Lookup, namesIn } from './document/variables.ts';
export {
  type CurveValue,
  curveAt,
  type Handle,
  INTERPOLATIONS,
  type Interpolation,
  type Key,
} from './expression/curve.ts';
export { parseExpression } from './expression/parse.ts';
export { ATTRIBUTE_TYPES, encodeAttribute } from './exr/attribute.ts';
export { type Attribute, type AttributeSet, findAttribute, RECIPE_ATTRIBUTE } from './image/attribute.ts';
export {
  type FrameList,
  type FrameSpan,
  type FrameSupply,
  formatFrames,
  formatSpans,
  gapsOf,
  MAX_FRAME,
  MAX_FRAMES,
  parseFrames,
  spansOf,
} from './image/frames.ts';
export type { SequenceSummary } from './image/listing.ts';
export { captureName, matchesName, nameTrouble } from './image/names.ts';
export { type FramePattern, type FrameToken, formatFrame, matchFrame, parsePattern } from './image/pattern.ts';
export {
  type ChannelSpec,
  type ChunkReference,
  type ImageSpec,
  type Origin,
  type PartSpec,
  STRUCTURAL_ATTRIBUTES,
  type Stored,
  type Substitution,
} from './image/spec.ts';
export type { ImageSource, Planes, Want } from './image/want.ts';
export { type AnimatedKind, animatedKindAt } from './node/animatable.ts';
export type { CatalogueEntry, CataloguePort } from './node/catalogue.ts';
export type { PortKind } from './node/port.ts';
export type { Plane, Samples, SampleType, Sampling } from './pixels/plane.ts';
export type { Problem } from './plan/problem.ts';
export type { LedgerEntry, LedgerKind } from './run/ledger.ts';
