// The bundled font: Inter (SIL Open Font License 1.1), parsed once by fontkit and asked for lines of outlines.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Font } from 'fontkit';

export const WEIGHTS = ['regular', 'bold'] as const;
export type Weight = (typeof WEIGHTS)[number];

/** What the font is cut into, the most used first: a character is taken from the first that has it. */
const SUBSETS = ['latin', 'latin-ext', 'greek', 'cyrillic', 'cyrillic-ext', 'greek-ext', 'vietnamese'] as const;
const FILE_WEIGHT: Readonly<Record<Weight, number>> = { regular: 400, bold: 700 };

/** A closed outline of straight lines and curves, in ems, y downwards from the baseline: x and y by turns. */
export interface Outline {
  readonly commands: readonly OutlineCommand[];
}

export type OutlineCommand = {
  readonly to: 'move' | 'line' | 'quadratic' | 'cubic';
  readonly points: readonly number[];
};

/** A glyph of a line, `x` ems from its beginning. */
export interface PlacedGlyph {
  readonly x: number;
  readonly outline: Outline;
}

export interface Line {
  readonly glyphs: readonly PlacedGlyph[];
  /** In ems, without the tracking after the last glyph. */
  readonly width: number;
  /** Characters that the font does not have. */
  readonly missing: readonly string[];
}

/** Heights in ems, above the baseline positive. */
export interface Metrics {
  readonly ascent: number;
  readonly descent: number;
}

/** One weight of the font. */
export class Typeface {
  readonly metrics: Metrics;
  readonly #fonts: readonly Font[];
  readonly #outlines = new Map<string, Outline>();

  constructor(fonts: readonly Font[]) {
    this.#fonts = fonts;
    const { ascent, descent, unitsPerEm } = fonts[0]!;
    this.metrics = { ascent: ascent / unitsPerEm, descent: descent / unitsPerEm };
  }

  /** A line of text with kerning; `tracking` ems are added after each glyph. */
  line(text: string, tracking: number): Line {
    const glyphs: PlacedGlyph[] = [];
    const missing: string[] = [];
    let x = 0;
    for (const { font, text: run } of this.#runs(text, missing)) {
      const { unitsPerEm } = this.#fonts[font]!;
      const { glyphs: shaped, positions } = this.#fonts[font]!.layout(run);
      for (const [i, glyph] of shaped.entries()) {
        const { xAdvance, xOffset } = positions[i]!;
        const key = `${font}/${glyph.id}`;
        const outline = this.#outlines.get(key) ?? outlineOf(glyph.path.commands, unitsPerEm);
        this.#outlines.set(key, outline);
        glyphs.push({ x: x + xOffset / unitsPerEm, outline });
        x += xAdvance / unitsPerEm + tracking;
      }
    }
    return { glyphs, width: glyphs.length > 0 ? x - tracking : 0, missing };
  }

  /** Pieces of the text that one subset holds. */
  #runs(text: string, missing: string[]): { font: number; text: string }[] {
    const runs: { font: number; text: string }[] = [];
    for (const character of text) {
      const code = character.codePointAt(0)!;
      const font = this.#fonts.findIndex((one) => one.hasGlyphForCodePoint(code));
      if (font < 0) {
        missing.push(character);
        continue;
      }
      const last = runs.at(-1);
      if (last?.font === font) last.text += character;
      else runs.push({ font, text: character });
    }
    return runs;
  }
}

const loaded = new Map<Weight, Promise<Typeface>>();

/** The font in a weight, loaded when it is first asked for: programs that draw no text do not pay for it. */
export function typeface(weight: Weight): Promise<Typeface> {
  const known = loaded.get(weight) ?? load(weight);
  loaded.set(weight, known);
  return known;
}

async function load(weight: Weight): Promise<Typeface> {
  const { create } = await import('fontkit');
  const { resolve } = createRequire(import.meta.url);
  return new Typeface(
    SUBSETS.map((subset) => {
      const file = resolve(`@fontsource/inter/files/inter-${subset}-${FILE_WEIGHT[weight]}-normal.woff`);
      return create(readFileSync(file)) as Font;
    }),
  );
}

const KINDS = {
  moveTo: 'move',
  lineTo: 'line',
  quadraticCurveTo: 'quadratic',
  bezierCurveTo: 'cubic',
} as const;

function outlineOf(commands: readonly PathCommand[], em: number): Outline {
  return {
    commands: commands.flatMap(({ command, args }): OutlineCommand[] => {
      const to = KINDS[command as keyof typeof KINDS];
      return to ? [{ to, points: args.map((value, i) => (i % 2 === 0 ? value / em : -value / em)) }] : [];
    }),
  };
}

interface PathCommand {
  readonly command: string;
  readonly args: readonly number[];
}
