// Headers and channels of Cryptomattes for tests.
import { type Attribute, cryptomatteKey } from '../../engine/authoring.ts';
import { attribute, text } from './spec-builder.ts';

/** The attributes of a Cryptomatte. */
export const header = (name: string, more: Readonly<Record<string, string>> = {}): Attribute[] =>
  Object.entries({ name, hash: 'MurmurHash3_32', conversion: 'uint32_to_float32', ...more }).map(([field, value]) =>
    text(`cryptomatte/${cryptomatteKey(name)}/${field}`, value),
  );
/** The channels of a level. */
export const level = (name: string, number: number): string[] =>
  ['R', 'G', 'B', 'A'].map((letter) => `${name}0${number}.${letter}:float`);
/** The channels of a level beside those of other views, which `multiView` names. */
export const levelOf = (view: string, name: string, number: number): string[] =>
  level(name, number).map((channel) => channel.replace('.', `.${view}.`));
/** The attribute in which one part names its views. */
export const views = (...names: string[]): Attribute => attribute('multiView', 'stringvector', names);
