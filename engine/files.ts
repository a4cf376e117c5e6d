// The door for programs that only look at EXR files: headers, samples, checksums and sequences, without graphs or zod.
export { type Box, box, boxEquals, boxHeight, boxIntersection, boxIsEmpty, boxText, boxWidth } from './base/box.ts';
export { asEngineError, EngineError, type Place, type PlainError } from './base/error.ts';
export { exrQuality, pictureQuality } from './colour/quality.ts';
export { colourStatement, readTags } from './colour/tags.ts';
export { type Attribute, type AttributeValue, decodeAttribute } from './exr/attribute.ts';
export { attributeSummary } from './exr/attribute-text.ts';
export { checksumChannels } from './exr/checksum.ts';
export { ExrFile } from './exr/file.ts';
export { type ExrChannel, type ExrHeader, type ExrPart, isDeep, type TileDescription } from './exr/header.ts';
export { chunkRawBytes, type Level, layoutOf, levelAt } from './exr/layout.ts';
export { type FrameList, formatFrames, formatSpans, parseFrames } from './image/frames.ts';
export { findSequence, type Sequence } from './image/sequence.ts';
export { convertPlane } from './pixels/convert.ts';
export { type Plane, planeBytes, type SampleType } from './pixels/plane.ts';
export { taggedColour } from './raster/colour.ts';
export { pictureFacts } from './raster/facts.ts';
export { PICTURE_ENDINGS } from './raster/header.ts';
export { decodePicture, isPicture, openPicture, type PictureFile, picturePlane } from './raster/picture.ts';
