// The code words by which a block of HTJ2K tells which samples of a quad are not zero, and their greatest exponents.

/*
 * The two tables of Annex C of Rec. ITU-T T.814 (CxtVLC_table_0 for the first row of quads, CxtVLC_table_1 for the
 * others). One text for each of the 8 contexts, in it six hexadecimal digits for each code word, shorter words first:
 * the pattern of samples that are not zero, the pattern e_k, the pattern e_1, the length of the word plus 8 where an
 * exponent follows (u_off), and the word itself, its first bit lowest. In a pattern bits 0 to 3 are the samples top left,
 * bottom left, top right and bottom right. The words of a context are complete: any bits begin with one of them.
 */
const FIRST: readonly string[] = [
  '200300400302800304100406a0050150050e300511c0051e600603ea8e05b10e09720e0d444e13cc4e15fe2e1990061d' +
    '544e23cc8e25ff4e29900e2da88e35ff8e39888e3ddd8f07ff5f0b551f0fcccf17f99f1b331f1fd11f27ffcf2b70072f' +
    'ff1f33b00737ee4f3b111f3fd54f47e22f4b722f4fb11f57f0075b322f5fd00767fbaf6b600f6ffe6f73aa2f77e0077b' +
    '222f7f',
  '00020080040220040640040a10040ec00501720e03cc4e05fa2e0950060b900e0db10e11600613a88e15ea8e1930061b' +
    '888e1d600e23c88e25fb8e29444e2b90062dfe4e31544e33a00635d54e39222e3b300e3df00707d0070fd11f17111f1f' +
    'f88f27b0072fe0073770073fff1f47b11f4fe22f57722f5fee4f67aa2f6fdd8f77551f7f',
  '00020080040220040640040a10040e500501600603d88e05f11e09444e0ba00e0d731e11551e13c00615e20e19111e1b' +
    '900e1d554e23c44e25ff1e2930062ba0062df74e31311e33b20e35dc4e3990063df32f07b0070fd0071770071fe00727' +
    '555f2f774f37ff8f3b222f3ff00747888f4fcc8f57600f5fdd1f67722f6fb22f77e22f7b332f7f',
  '000300100404ff4d0250050680050a20050cff8d12400516555d1aff1d1cdd4e01311e05b32e09551e0dfaae0ec44e11' +
    '764e15a0061930061dff5e1edd1e21771e25a88e29444e2dff2e2ec00631554e35900639111e3dec8e3effcf03888f07' +
    'e0070b772f0fe44f13aa2f17d99f1b662f1ffe6f23bb1f27dd5f2b766f2fee2f33911f37cc8f3b60073fff3f43b11f47' +
    'dd8f4b222f4ff00753998f57d0075b644f5ffb9f63b00767ddcf6b70076fee4f73773f77bb8f7b332f7f',
  '00020080040220040640040a10040ea00501740e03d10e05f72e0950060baa8e0d900611600613c00615ec8e19222e1b' +
    '888e1d600e23c88e25f91e2930062baa2e2dfb8e31500e33b00e35e44e39322e3dd11f07bb2f0fe0071770071ff00727' +
    'aaaf2fcc4f37ff4f3b111f3ff99f47b0074fd00757444f5fee2f67744f6f900f77f76f7b331f7f',
  '000300800502ff2d0420050aff4d0c400512ff8d1410051aa0051cc00601764e05ff1e06aa2e0950060dee2e0eb98e11' +
    '600615f76e16888e19222e1dd98e1ebb2e21622e25900626aaae2930062ddd4e2eaa8e31544e35ee8e36332e39c88e3e' +
    'fd9f03b99f07e66f0b773f0ff00713988f17dd5f1b444f1fffcf23b00727dd1f2b664f2feeaf33771f37cc4f3bffaf3d' +
    '331f3ff77f43bb3f47e0074b70074fee4f53766f57d0075b333f5ff75f63991f67d99f6b551f6feecf73772f77bb1f7b' +
    'ff3f7d111f7f',
  '000300100404ff2d0240050a20050c80051230051aff1d1cd54e01111e03764e05ff8e06b91e09222e0dff3e0ec00611' +
    '511e15ffce16a00619331e1df66e1ecc8e21600625ff4e26a22e29332e2dfeae2ebb2e31500635771e36900639333e3d' +
    'ee8e3ecccf07e22f0b888f0ff00713aa8f17dc8f1b664f1fff5f23bbaf27e0072b773f2fd55f33911f37cc4f3b444f3f' +
    'b99f47ee2f4b766f4fee4f53998f57d0075b622f5ffb9f63b00767dd1f6b70076feecf73772f77bb8f7b554f7f',
  'ff1c00ff8c04ff4c08ff2c0cffad02fffd06ff3d0a000512ff5d1add1e01100605771e09ee8e0ea22e11ffce16511e19' +
    'ee2e1ebb2e21600e29ff9e2e900e31ff6e36200639dd4e3ed00703774f07bb3f0beeaf0d444f0fbb8f13f00715700717' +
    '775f1bdd8f1d333f1fc88f23ffbf25773f27b0072be66f2d331f2fbbaf33ffdf35600737888f3bddcf3d222f3fcc4f43' +
    '772f47b99f4beecf4d40074fa00753ff7f5550075790075bdd5f5d30075fc00763ffef65766f67aa8f6be0076d332f6f' +
    'bb1f73ee4f75554f7780077bd99f7d111f7f',
];

const LATER: readonly string[] = [
  '100300400302800304200306600501888d05a0050930050dc00511500515900519d00e03444e07a88e0b900e13222e17' +
    '700e1bf10e1dc88e23111e27500e2bb00e33300e3be40e3dd0070f70071fe0072ff11f37aa2f3fe44f4fb0075fcc4f6f' +
    'f00777600f7f',
  '00010080040110040520040940050d30051d50060390060bc00613f40e23a00633d0070770070f888f17f0071b222f1f' +
    'b00727b00f2b60072f444f37e0073b311f3fc00f47600f4f900f57e00f5b332f5fa00f67f44f6b500f6f700f77d00f7b' +
    '111f7f',
  '000100200401100409800505400515500603c0060da0061d222e23aa2e2d30063db00f07f0070b70070fff8f13700f17' +
    'd00f1b331f1fb00727e44f2b60072ff51f33900737c00f3b322f3fbb2f47e40f4b600f4ff72f53900f57d0075b444f5f' +
    'aa8f67e0076b500f6ff44f73888f77aaaf7b111f7f',
  '00020020040210040a80050630050e400516ff8e01500603b00605c00e09111e0b90060df00611331e13a00615bb2e19' +
    '60061d751e1eff2e21222e23a22e25c0062970062dd40e31332e33900e35b88e39511e3dff1e3ef66f07aa8f0fbb3f17' +
    'ff5f1b554f1fe44f27ff4f2b744f2fd00737ffaf3b444f3fec8f47888f4fd44f57fa8f5b600f5fe00767ee2f6b772f6f' +
    'bb1f77f73f7b333f7f',
  '000100800401400409c0050510050d200515e20e03600613a0061d444e23500633f30e3dcc4f07f32f0b888f0fa00f17' +
    'e22f1b500f1fcccf27f0072b600f2f900f37d00f3b222f3fcc8f47f11f4b70074f700f57e0075b30075fb00767b00f6b' +
    '300f6f900777d0077b111f7f',
  '000200400402c0050620050a50050e800516f0051a10051eea8e01888e03d00605ffce09300e0bb0060dff8e11600613' +
    '720e15e0061930061ba0061dff2e21700623c44e25ff1e29444e2ba00e2dff4e31544e33b10e35d54e39111e3b90063d' +
    'ff3f07dd8f0ff99f17900f1ff76f27cc8f2fee4f37222f3fffaf47b11f4fe22f57722f5ffd5f67600f6fd11f77551f7f',
  '00030010040240040420040ca0050650050a800516c0051af00601111e03888e05aa2e09322e0db0060ee00611600615' +
    '900e1930061dff8e1eee8e21700625722e29444e2dff4e2ed00631544e35900639222e3dff2e3edd4f07f76f0baaaf0f' +
    'ff5f13cccf17e44f1b731f1fff1f23cc4f27dd1f2b551f2fee2f33b22f37dc8f3b622f3fbb1f47f33f4baa8f4ffb9f53' +
    'ba8f57ee4f5b664f5fffcf63cc8f67eeaf6b774f6fffaf73bb2f77d44f7b331f7f',
  'f00300000404ff1d02700506ff2d0ad0050cff8d12500516b0051aff4d1cffae01300603b32e05d54e09771e0dffce0e' +
    'ff3e11111e13900615c00e1960061dfb9e1ef76e21200623a00625a00e2940062dff5e2ee00631100633800635c00639' +
    '511e3dea8e3ed11f07ee4f0b773f0fbb1f17dd8f1b554f1f900f27ff7f2b774f2f888f37ee2f3b311f3fdd1f47ffbf4b' +
    '744f4f772f57e22f5b444f5fb11f67ffff6b332f6f600f77bb8f7b222f7f',
];

/** Numbers of bits of a run of quads in each of the 13 states (T.814, Table 2). */
export const RUN_BITS: readonly number[] = [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5];

/** Bits of the longest word. */
export const WORD_BITS = 7;
const WORDS = 1 << WORD_BITS;

/** One code word and what it means. */
interface Word {
  readonly pattern: number;
  readonly most: number;
  readonly first: number;
  readonly follows: number;
  readonly length: number;
  readonly word: number;
}

function* wordsOf(text: string): Generator<Word, void, undefined> {
  for (let at = 0; at < text.length; at += 6) {
    const entry = Number.parseInt(text.slice(at, at + 6), 16);
    yield {
      pattern: entry >> 20,
      most: (entry >> 16) & 15,
      first: (entry >> 12) & 15,
      follows: (entry >> 11) & 1,
      length: (entry >> 8) & 7,
      word: entry & (WORDS - 1),
    };
  }
}

/**
 * For each context and each 7 bits that come next (`context << 7 | bits`): the length of the word in bits 0 to 2, u_off in
 * bit 3, the pattern of samples in bits 4 to 7, e_1 in bits 8 to 11, e_k in bits 12 to 15.
 */
function meanings(contexts: readonly string[]): Uint16Array {
  const table = new Uint16Array(contexts.length * WORDS);
  for (const [context, text] of contexts.entries()) {
    for (const { pattern, most, first, follows, length, word } of wordsOf(text)) {
      const meaning = (most << 12) | (first << 8) | (pattern << 4) | (follows << 3) | length;
      for (let rest = 0; rest < WORDS; rest += 1 << length) table[(context << WORD_BITS) | rest | word] = meaning;
    }
  }
  return table;
}

/**
 * For each context, pattern, u_off and pattern of samples that have the greatest exponent (`context << 9 | pattern << 5 |
 * u_off << 4 | greatest`): the length of the word in bits 0 to 2, the word from bit 3 on, e_k in bits 12 to 15. Of several
 * words the one that tells the most.
 */
function choices(contexts: readonly string[]): Uint16Array {
  const table = new Uint16Array(contexts.length << 9);
  const told = new Int8Array(table.length).fill(-1);
  for (const [context, text] of contexts.entries()) {
    for (const { pattern, most, first, follows, length, word } of wordsOf(text)) {
      const bits = [1, 2, 4, 8].filter((bit) => most & bit).length;
      for (let greatest = 0; greatest < 16; greatest++) {
        const place = (context << 9) | (pattern << 5) | (follows << 4) | greatest;
        if ((greatest & most) !== first || bits <= told[place]!) continue;
        told[place] = bits;
        table[place] = (most << 12) | (word << 3) | length;
      }
    }
  }
  return table;
}

/** Tables of words for the first row of quads of a block, and for its other rows. */
export interface QuadCodes {
  readonly first: Uint16Array;
  readonly later: Uint16Array;
}

let toRead: QuadCodes | undefined;
let toWrite: QuadCodes | undefined;

/** What the next bits mean, see `meanings`; made on first use. */
export function quadMeanings(): QuadCodes {
  toRead ??= { first: meanings(FIRST), later: meanings(LATER) };
  return toRead;
}

/** The words to write, see `choices`; made on first use. */
export function quadWords(): QuadCodes {
  toWrite ??= { first: choices(FIRST), later: choices(LATER) };
  return toWrite;
}
