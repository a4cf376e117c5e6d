// The form of a saved graph as schemas. They are made when one is first asked for: a thread that only renders needs none.
import { z } from 'zod';
import type { Json } from '../base/canonical.ts';
import { type Animation, animationTrouble } from './animation.ts';
import { DOCUMENT_VERSION, type Document, isName, isPlainJson, LIMITS, VALUE_DEPTH } from './schema.ts';

const MOST_PIECES = 8;
const FRAME = 'frame';

const pieces = (text: string, least: number, most: number): boolean => {
  const names = text.split('.', most + 1);
  return names.length >= least && names.length <= most && names.every(isName);
};

const isAnimatedPath = (text: string): boolean => {
  const [first = '', ...further] = text.split('.', MOST_PIECES + 1);
  const fits = (piece: string): boolean => isName(piece) || /^\d{1,6}$/.test(piece);
  return text.length <= 1024 && isName(first) && further.length < MOST_PIECES && further.every(fits);
};

/** The schemas of the pieces: strict, without defaults. Edits and documents are made of them. */
export const forms = (): Forms => (made ??= makeForms());

/** A document of the current version. What a person may leave out when writing by hand has a default. */
export const documentSchema: z.ZodType<Document> = z.lazy(() => forms().document);

type Forms = ReturnType<typeof makeForms>;
let made: Forms | undefined;

function makeForms() {
  const nameText = z.string().refine(isName, {
    error: 'Expected a name: a letter, then letters, digits, _ or -, and no word that JavaScript reserves',
  });
  const variableName = nameText.refine((name) => name !== FRAME, {
    error: 'The name frame stands for the frame number and cannot be defined',
  });
  const typeText = z
    .string()
    .max(256)
    .refine((text) => pieces(text, 2, 8), { error: 'Expected a node type such as color.exposure' });
  const targetText = z
    .string()
    .max(1024)
    .refine((text) => pieces(text, 2, 8), { error: 'Expected node.param' });
  const value = z.custom<Json>((v) => isPlainJson(v, VALUE_DEPTH), {
    error: `Expected plain JSON with finite numbers, nested at most ${VALUE_DEPTH} deep`,
  });
  const animatedPath = z
    .string()
    .refine(isAnimatedPath, { error: 'Expected a parameter such as stops, or a piece of one such as size.0' });
  const animation = z
    .custom<Animation>(
      (v) => isPlainJson(v, VALUE_DEPTH - 1) && typeof v === 'object' && v !== null && !Array.isArray(v),
      {
        error: 'Expected an animation: keys or an expression',
      },
    )
    .superRefine((form, ctx) => {
      const message = animationTrouble(form as Readonly<Record<string, Json>>);
      if (message !== undefined) ctx.addIssue({ code: 'custom', message });
    });
  const positive = z.int().min(1).max(1_000_000);
  const position = z.tuple([z.number(), z.number()]).readonly();
  const size = z.tuple([z.number().min(0), z.number().min(0)]).readonly();

  const parts = {
    id: nameText,
    variableName,
    value,
    type: typeText,
    version: positive,
    params: z.record(nameText, value),
    animatedPath,
    animation,
    animations: z
      .record(animatedPath, animation)
      .refine((all) => Object.keys(all).length > 0, { error: 'Expected an animated parameter, or no animation' }),
    position,
    from: z
      .string()
      .max(512)
      .refine((text) => pieces(text, 2, 2), { error: 'Expected node.port' }),
    to: z
      .string()
      .max(512)
      .refine((text) => pieces(text, 2, 3), { error: 'Expected node.port or node.port.name' }),
    frames: z.strictObject({
      range: z.string().exactOptional(),
      mismatch: z.enum(['stop-at-shortest', 'hold-last', 'process-available']),
      align: z.enum(['number', 'index']),
    }),
    variable: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('string'), default: z.string() }),
      z.strictObject({ type: z.literal('number'), default: z.number() }),
    ]),
    promoted: z.strictObject({
      name: nameText,
      title: z.string(),
      doc: z.string().exactOptional(),
      to: z.array(targetText).min(1).max(1000),
    }),
    backdrop: z.strictObject({
      title: z.string(),
      colour: z.string().regex(/^#[0-9a-fA-F]{6}$/, { error: 'Expected a colour such as #33556a' }),
      at: position,
      size,
    }),
    note: z.strictObject({ text: z.string(), at: position, size }),
  } as const;

  const nodeShape = {
    type: parts.type,
    version: parts.version,
    title: z.string().exactOptional(),
    disabled: z.literal(true).exactOptional(),
    params: parts.params,
    animation: parts.animations.exactOptional(),
    at: parts.position,
  };

  const node = z.strictObject(nodeShape);
  const link = z.strictObject({ from: parts.from, to: parts.to });

  const document = z.strictObject({
    sluice: z.literal(DOCUMENT_VERSION),
    name: z.string().default('untitled'),
    doc: z.string().exactOptional(),
    frames: parts.frames
      .extend({
        mismatch: parts.frames.shape.mismatch.default('stop-at-shortest'),
        align: parts.frames.shape.align.default('number'),
      })
      .prefault({}),
    variables: z.record(variableName, parts.variable).default({}),
    promoted: z.array(parts.promoted).max(LIMITS.promoted).default([]),
    nodes: z.record(
      nameText,
      z.strictObject({ ...nodeShape, params: parts.params.default({}), at: parts.position.default([0, 0]) }),
    ),
    links: z.array(link).max(LIMITS.links).default([]),
    canvas: z
      .strictObject({
        backdrops: z.record(nameText, parts.backdrop).default({}),
        notes: z.record(nameText, parts.note).default({}),
      })
      .exactOptional(),
  });

  return { ...parts, node, link, document };
}
