// The door for programs that run graphs: documents, plans, runs and the EXR codec.
export {
  type Box,
  box,
  boxContains,
  boxEquals,
  boxHeight,
  boxIntersection,
  boxIsEmpty,
  boxText,
  boxWidth,
} from './base/box.ts';
export type { Json } from './base/canonical.ts';
export { CODES, type ErrorCode } from './base/codes.ts';
export { asEngineError, EngineError, type ErrorKind, type Place, type PlainError } from './base/error.ts';
export { colourStatement } from './colour/tags.ts';
export { applyEdit } from './document/apply.ts';
export type { Edit } from './document/edits.ts';
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
export type { LoadedRecipe, Recipe, RecipeInput } from './document/recipe.ts';
export { saveDocument } from './document/save.ts';
export { type Document, emptyDocument, LIMITS } from './document/schema.ts';
export {
  insertTemplate,
  type NewNode,
  TEMPLATE_TYPES,
  type TemplateSource,
  templateOf,
  templateVersion,
} from './document/template.ts';
export { interpolate, type Lookup } from './document/variables.ts';
export { PlaneCache } from './evaluate/cache.ts';
export { Evaluator, type Observer } from './evaluate/evaluator.ts';
export { ATTRIBUTE_TYPES, type Attribute, decodeAttribute, encodeAttribute } from './exr/attribute.ts';
export { attributeSummary, attributeText } from './exr/attribute-text.ts';
export { ExrFile } from './exr/file.ts';
export { type ExrPart, isDeep } from './exr/header.ts';
export { OutputFile } from './exr/output.ts';
export { ExrWriter } from './exr/writer.ts';
export { RECIPE_ATTRIBUTE } from './image/attribute.ts';
export { type FrameList, type FrameSupply, formatFrames, formatSpans, gapsOf, parseFrames } from './image/frames.ts';
export type { Chart, Charts, Mesh } from './image/mesh.ts';
export { findSequence, listSequences, type Sequence, type SequenceSummary } from './image/sequence.ts';
export {
  type ChannelSpec,
  type ImageSpec,
  type PartSpec,
  STRUCTURAL_ATTRIBUTES,
  type Substitution,
} from './image/spec.ts';
export type { Planes, Want } from './image/want.ts';
export { type CatalogueEntry, catalogue, catalogueEntry } from './node/catalogue.ts';
export type { AnyNode, Timeline } from './node/define.ts';
export { createRegistry, type Registry } from './node/registry.ts';
export { convertPlane, convertSamples } from './pixels/convert.ts';
export { createPlane, type Plane, type Samples, type SampleType } from './pixels/plane.ts';
export { type Described, Descriptions } from './plan/describe.ts';
export { runFrames } from './plan/frames.ts';
export { withParam } from './plan/params.ts';
export { makePlan, type Overrides, type Plan, type PlanNode, upstreamOf } from './plan/plan.ts';
export { hasErrors, type Problem } from './plan/problem.ts';
export { type Supplied, type Supplies, type SupplyOptions, suppliesAt } from './plan/supply.ts';
export { pictureFacts } from './raster/facts.ts';
export { PICTURE_ENDINGS } from './raster/header.ts';
export { isPicture, openPicture, type PictureFile } from './raster/picture.ts';
export { type Bake, type BakedTile, type BakeOptions, type BakeSettings, bake, bakeGraph } from './run/bake.ts';
export { Findings, judge, type NodeFindings } from './run/findings.ts';
export type { LedgerEntry, LedgerKind } from './run/ledger.ts';
export { loadPacks } from './run/packs.ts';
export { outputsOf, recipeOf } from './run/recipe.ts';
export type { FrameOutcome, RunEvent, RunResult } from './run/render.ts';
export { checkGraph, type GraphRun, type RunGraphOptions, runGraph } from './run/run.ts';
export { FileServices, realPath } from './run/services.ts';
export { type Overview, Session, type SessionOptions } from './run/session.ts';
export type { Work } from './run/work.ts';
export { workerTask } from './run/worker.ts';
