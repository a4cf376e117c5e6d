// What is known of a node's image, in words: in which space its colours are, and what they are good for.
import type { NodeView } from '../../../protocol.ts';

export interface Statement {
  readonly title: string;
  readonly text: string;
}

/** Colours and quality, each once where all parts agree, else by part. */
export function statementsOf({ image, colours = [] }: Pick<NodeView, 'image' | 'colours'>): Statement[] {
  const parts = image?.parts ?? [];
  const qualities = parts.map(({ quality }) => (quality ? `${quality.tier}: ${quality.reason}` : 'reference'));
  const line = (title: string, texts: readonly string[]): Statement[] => {
    const said = texts.flatMap((text, i) => (text === '' ? [] : [{ text, part: parts[i]?.name ?? `#${i}` }]));
    const distinct = [...new Set(said.map(({ text }) => text))];
    if (distinct.length < 2) return distinct.map((text) => ({ title, text }));
    const of = (text: string): string => said.flatMap((one) => (one.text === text ? [one.part] : [])).join(', ');
    return [{ title, text: distinct.map((text) => `${of(text)}: ${text}`).join('; ') }];
  };
  return [...line('Colours', colours), ...line('Quality', qualities)];
}
