// Controls that choose among what is connected: a channel by its address, the name of an input, names of channels.
import { ChevronDown } from 'lucide-react';
import { useId, useRef } from 'react';
import { IconButton } from '../../look/button.tsx';
import { type MenuItem, useMenu } from '../../look/menu.tsx';
import { TextField } from '../../look/text-field.tsx';
import { type ControlProps, useForm } from './form.ts';
import { Stray } from './simple.tsx';
import { addressesOf, channelTree, inputsOf, type SourceChoice, sourceNames } from './upstream.ts';

/** Hints that choose among what is connected, with where the suggestions come from. */
const SUGGESTING = ['channel', 'channels', 'source', 'order', 'parts', 'byInput', 'byPart'] as const;
export type Suggesting = (typeof SUGGESTING)[number];

export const isSuggesting = (widget: string | undefined): widget is Suggesting =>
  SUGGESTING.some((one) => one === widget);

/** What can be typed under a hint. */
export function useSuggestions(widget: Suggesting): string[] {
  const { view, entry } = useForm();
  if (widget === 'channel' || widget === 'channels') return addressesOf(channelTree(view, entry));
  if (widget === 'parts' || widget === 'byPart') {
    return inputsOf(view).flatMap(({ image }) => image.parts.map((part, index) => part.name || `#${index}`));
  }
  return sourceNames(view, entry);
}

/** A menu of sources, in each its layers, in each its channels. */
export function channelMenu(tree: readonly SourceChoice[], choose: (address: string) => void): MenuItem[] {
  const ofSource = (source: SourceChoice): MenuItem[] => [
    { title: `all ${source.count} channels`, run: () => choose(`${source.prefix}*`) },
    'line',
    ...source.layers.flatMap(({ name, address, channels }): MenuItem[] => {
      const entries = channels.map((channel) => ({ title: channel.name, run: () => choose(channel.address) }));
      if (name === '' || address === undefined) return entries;
      return [
        {
          title: `${name} (${channels.length})`,
          entries: [{ title: `${name}.*`, run: () => choose(address) }, 'line', ...entries],
        },
      ];
    }),
  ];
  if (tree.length === 0) return [{ title: 'Nothing is connected', disabled: true }];
  const [only] = tree;
  if (only && tree.length === 1) return ofSource(only);
  return tree.map((source) => ({
    title: source.part === undefined ? source.name : `${source.name}: ${source.part}`,
    entries: ofSource(source),
  }));
}

/** A text with suggestions while typing and, for channels, a menu of all that come in. */
export function SuggestControl({ widget, ...props }: ControlProps & { readonly widget: Suggesting }) {
  const { value, onChange, id, label, invalid, placeholder } = props;
  const { view, entry } = useForm();
  const suggestions = useSuggestions(widget);
  const list = useId();
  const button = useRef<HTMLDivElement>(null);
  const { open, menu } = useMenu(label);
  if (value !== undefined && typeof value !== 'string') return <Stray {...props} />;
  const isChannel = widget === 'channel' || widget === 'channels';
  const items = (): MenuItem[] =>
    isChannel
      ? channelMenu(channelTree(view, entry), onChange)
      : suggestions.map((name) => ({ title: name, run: () => onChange(name) }));
  return (
    <div className="param-row" ref={button}>
      <TextField
        mono
        value={value ?? ''}
        onChange={(text) => onChange(text === '' && value === undefined ? undefined : text)}
        list={list}
        {...(id === undefined ? {} : { id })}
        label={label}
        invalid={invalid === true}
        placeholder={placeholder ?? ''}
      />
      <datalist id={list}>
        {suggestions.slice(0, 500).map((text) => (
          <option key={text} value={text} />
        ))}
      </datalist>
      <IconButton
        icon={ChevronDown}
        size={14}
        title={`Choose ${label}`}
        disabled={suggestions.length === 0}
        onClick={() => {
          const box = button.current!.getBoundingClientRect();
          open(items(), { x: box.left, y: box.bottom + 2 });
        }}
      />
      {menu}
    </div>
  );
}
