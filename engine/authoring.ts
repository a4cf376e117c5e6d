// The door for authors of nodes: defineNode and the words it speaks. Nothing of plan, evaluate or run.
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
export { asEngineError, EngineError, type ErrorKind, type Place } from './base/error.ts';
export { product } from './base/product.ts';
export { release } from './base/release.ts';
export { leastCommonMultiple } from './base/whole.ts';
export {
  appleLog,
  canonLog2,
  canonLog3,
  LOGC3_INDICES,
  log3G10,
  logC3,
  logC4,
  sLog3,
  vLog,
} from './colour/camera.ts';
export { checkReadable, placeOf, reportChoice } from './colour/check.ts';
export { type ConversionParams, contradiction, describeConversion, planPart } from './colour/conversion.ts';
export { type CutLog, cutLog, type Encoding, line, mirrored, mirroredAbout } from './colour/encoding.ts';
export { acesCc, acesCct, cineon } from './colour/film.ts';
export {
  type Choice,
  COLOUR_CHANNELS,
  chooseIn,
  groupLayers,
  type Layer,
  type LayerParams,
  layerLabel,
  layersOf,
  type Singles,
} from './colour/layer.ts';
export {
  type Adaptation,
  adaptWhite,
  applyMatrix,
  convertPrimaries,
  invertMatrix,
  isIdentity,
  type Matrix,
  multiplyMatrices,
  rgbToXyz,
  type Vector,
} from './colour/matrix.ts';
export {
  type Chromaticity,
  D65,
  PRIMARIES,
  type Primaries,
  type PrimariesName,
  samePrimaries,
  XYZ_WHITE,
} from './colour/primaries.ts';
export { type Conversion, convertProgram, tableOf } from './colour/program.ts';
export { displayedQuality, exrQuality, pictureQuality } from './colour/quality.ts';
export { retagMixed, retagPart } from './colour/retag.ts';
export { SPACE_NAMES, SPACE_TITLES, SPACES, type Space, type SpaceName, spaceOfId } from './colour/space.ts';
export { readTags, TAGS, type Tagged, taggedText, writeTags } from './colour/tags.ts';
export { bt1886, gamma, hlg, PQ_UNIT, pq, srgb } from './colour/video.ts';
export { compileExpression, type Meaning, type Program, TILE } from './expression/compile.ts';
export { parseExpression } from './expression/parse.ts';
export { nameText } from './expression/rewrite.ts';
export type { Expression, NameSyntax } from './expression/syntax.ts';
export {
  ATTRIBUTE_TYPES,
  type AttributeType,
  type AttributeValue,
  decodeAttribute,
  encodeAttribute,
} from './exr/attribute.ts';
export { attributeSummary, attributeText } from './exr/attribute-text.ts';
export { type ChunkLoss, packChunk } from './exr/chunk.ts';
export { CHUNK_ROWS, COMPRESSIONS, type Compression } from './exr/compression.ts';
export { DEEP_METHODS, methodTakesDeep, packDeepChunk } from './exr/deep-chunk.ts';
export { ExrFile, type ReadOptions } from './exr/file.ts';
export {
  type ExrPart,
  isDeep,
  type LineOrder,
  type PartShape,
  type TileDescription,
  type WritePart,
} from './exr/header.ts';
export { type Level, layoutOf, levelSize } from './exr/layout.ts';
export { methodLoses } from './exr/method.ts';
export { OutputFile } from './exr/output.ts';
export { WaitingChunks } from './exr/waiting.ts';
export { ExrWriter } from './exr/writer.ts';
export { alphaOf, type ChannelPlace, isAlpha } from './image/alpha.ts';
export {
  type Attribute,
  type AttributeSet,
  findAttribute,
  RECIPE_ATTRIBUTE,
  sameAttribute,
  withAttribute,
  withoutAttribute,
} from './image/attribute.ts';
export {
  type ChannelAt,
  type Cryptomatte,
  type CryptomatteHeader,
  cryptomatteChannels,
  cryptomatteHeaders,
  cryptomatteKey,
  cryptomattesOf,
  idBits,
  idText,
  placeInCryptomatte,
  textOf,
} from './image/cryptomatte.ts';
export { type FrameList, type FrameSupply, formatFrames, parseFrames } from './image/frames.ts';
export type { Chart, Charts, Mesh, MeshObject, MeshSpace, UvSet } from './image/mesh.ts';
export {
  captureName,
  countStars,
  didYouMean,
  listChannels,
  listNames,
  matchesName,
  nameTrouble,
  nearNames,
} from './image/names.ts';
export {
  blackPart,
  findPart,
  mergeSubstitutions,
  partLabel,
  partLabels,
  passChannels,
  passImage,
  passPart,
  REQUIRED_ATTRIBUTES,
  recomputePart,
  SHARED_ATTRIBUTES,
  storedAnew,
  withHeaderNames,
} from './image/parts.ts';
export { FIRST_TILE, type FramePattern, formatFrame, LAST_TILE, parsePattern } from './image/pattern.ts';
export { lowerQuality, type Quality, TIERS, type Tier, tierOf } from './image/quality.ts';
export { EXACT_ROLES, layerRole, ROLES, type Role, rolesOf } from './image/role.ts';
export { findSequence, type Sequence } from './image/sequence.ts';
export {
  type ChannelSpec,
  compareChannelNames,
  type ImageSpec,
  type Origin,
  type PartSpec,
  type PictureReference,
  STRUCTURAL_ATTRIBUTES,
  type Stored,
  type Substitution,
  sortChannels,
} from './image/spec.ts';
export { inViews, nameAlone, nameAmongViews, VIEWS_ATTRIBUTE, viewOf, viewsIn } from './image/view.ts';
export type { ImageSource, Planes, Want } from './image/want.ts';
export {
  type Access,
  type AnyNode,
  type BaseContext,
  type ComputeContext,
  type CountedRows,
  type Delivery,
  type DeliveryWriter,
  defineNode,
  type EncodedPart,
  type Expansion,
  type FramesContext,
  type Inputs,
  type Loss,
  type Maker,
  type MaybePromise,
  type Measure,
  type Measured,
  type NodeDefinition,
  type Note,
  type Notice,
  type Piece,
  type PointwiseGroup,
  type PullContext,
  type SampleCount,
  type Services,
  type Sink,
  type SinkContext,
  type SpecContext,
  type Taken,
  type Timeline,
} from './node/define.ts';
export {
  type InputPort,
  image,
  images,
  mesh,
  type OutputPort,
  optionalImage,
  optionalMesh,
  type PortKind,
} from './node/port.ts';
export type { Fix, Insertion, NodeProblem } from './node/problem.ts';
export { type Replacement, replaceChannels } from './node/replace.ts';
export { cryptomatteProblem, type WorkOn, windowProblem, workProblems } from './node/workable.ts';
export { type BlurAxis, boxAxis, gaussianAxis, gaussianReach } from './pixels/blur.ts';
export { type ConvertedPlane, convertPlane, convertSamples } from './pixels/convert.ts';
export { type Curve, type CurvePiece, type CurveTable, evaluateCurve, tabulate } from './pixels/curve.ts';
export { type DeepPlanes, emptyDeep } from './pixels/deep.ts';
export { cubic, FILTER_NAMES, type Filter, type FilterName, filterOf, gaussian, stretched } from './pixels/filter.ts';
export { type Affine, type Gathering, gather, gatherRegion } from './pixels/gather.ts';
export { LEVEL_FILTERS, type LevelFilter, levelAxis, WRAPS, type Wrap, wrapped } from './pixels/level.ts';
export {
  type CubeTable,
  cubeTable,
  type Knot,
  type RowTable,
  rowTable,
  type SplineTable,
  splineTable,
} from './pixels/lookup.ts';
export {
  MERGE_OPERATIONS,
  type MergeChannel,
  type MergeInput,
  type MergeOperation,
  runMerge,
  USES_ALPHA_OF_A,
  USES_ALPHA_OF_B,
} from './pixels/merge.ts';
export {
  ACTIVE,
  cellsOf,
  DEGREE,
  DOWN,
  type Field,
  FOLLOWS,
  type Lattice,
  type LatticeWork,
  LEFT,
  latticeKernels,
  RIGHT,
  strideOf,
  UP,
} from './pixels/multigrid.ts';
export { type NormalForm, slopesOf } from './pixels/normal.ts';
export {
  allocateSamples,
  createPlane,
  FULL_SAMPLING,
  type Plane,
  planeBytes,
  type Samples,
  type SampleType,
  type Sampling,
  sampleBytes,
  sampleCount,
} from './pixels/plane.ts';
export { type PointwiseInput, type PointwiseProgram, type PointwiseStep, runPointwise } from './pixels/pointwise.ts';
export { type Axes, regionOf, resample, resamplePlane } from './pixels/resample.ts';
export { type Axis, type AxisMap, type Edge, onePass, type Span, untouched } from './pixels/taps.ts';
export { cutPlane, extreme, median, type Neighbourhood, sharpen } from './pixels/window.ts';
export {
  colourOfId,
  colourText,
  interopIdOf,
  isLinear,
  LIGHTS,
  type PictureColour,
  sameColour,
  sameLights,
} from './raster/colour.ts';
export { MOST_EDGE, type PackOptions, type PictureTags, packPicture } from './raster/encode.ts';
export {
  formatOfName,
  PICTURE_ENDINGS,
  type PictureDepth,
  type PictureFormat,
  type PictureHeader,
  requireSize,
} from './raster/header.ts';
export { makeProfile } from './raster/icc.ts';
export { isPicture, openPicture, type PictureFile, picturePlane } from './raster/picture.ts';
export { pngCanState } from './raster/png.ts';
export { quantize } from './raster/quantize.ts';
export { PictureStore } from './raster/store.ts';
export { packStrip, TIFF_HEAD_BYTES, type TiffShape, tiffEnds } from './raster/tiff-write.ts';
