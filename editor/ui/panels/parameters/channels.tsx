// The control of a set of channels: their names beside each other, and a field and a menu that add to them.
import { ChevronDown, X } from 'lucide-react';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import type { Json } from '../../../../engine/browser.ts';
import { IconButton } from '../../look/button.tsx';
import { useMenu } from '../../look/menu.tsx';
import { TextField } from '../../look/text-field.tsx';
import { channelMenu } from './channel.tsx';
import './channels.css';
import { type ControlProps, useForm } from './form.ts';
import type { Shape } from './schema.ts';
import { Stray } from './simple.tsx';
import { addressesOf, channelTree } from './upstream.ts';

type ListShape = Extract<Shape, { kind: 'list' }>;

/** Where only so many are taken, as for a picture of three or four, their order tells them apart: those are rows. */
export const isChannelSet = ({ widget, most }: ListShape): boolean => widget === 'channels' && most === undefined;

/** The names in a text: those of channels may hold spaces, so commas and ends of lines part them. */
const namesIn = (text: string): string[] =>
  text
    .split(/[,;\n]/)
    .map((name) => name.trim())
    .filter((name) => name !== '');

export function ChannelsControl(props: ControlProps) {
  const { value = [], onChange, id, label } = props;
  const { view, entry } = useForm();
  const [draft, setDraft] = useState('');
  const list = useId();
  const box = useRef<HTMLDivElement>(null);
  const { open, menu } = useMenu(label);
  if (!Array.isArray(value) || value.some((name) => typeof name !== 'string')) return <Stray {...props} />;
  const names = value as readonly string[];
  const tree = channelTree(view, entry);
  const add = (text: string): void => {
    const fresh = [...new Set(namesIn(text))].filter((name) => !names.includes(name));
    if (fresh.length > 0) onChange([...names, ...fresh] as Json);
    setDraft('');
  };
  const keyDown = (event: KeyboardEvent): void => {
    if (!(event.target instanceof HTMLInputElement)) return;
    if (event.key === ',' && draft.trim() !== '') {
      event.preventDefault();
      add(draft);
    } else if (event.key === 'Backspace' && draft === '' && names.length > 0) onChange(names.slice(0, -1) as Json);
    else if (event.key === 'Escape' && draft !== '') {
      event.stopPropagation();
      setDraft('');
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys and leaving are those of the field within
    <div
      className="channel-set"
      ref={box}
      onKeyDown={keyDown}
      onBlur={({ target }) => {
        if (target instanceof HTMLInputElement) add(draft);
      }}
    >
      {names.map((name, index) => (
        <span key={name} className="channel-chip mono" title={name}>
          <span className="channel-name">{name}</span>
          <IconButton
            icon={X}
            size={10}
            title={`Remove ${name}`}
            onClick={() => onChange(names.toSpliced(index, 1) as Json)}
          />
        </span>
      ))}
      <div className="channel-new">
        <TextField
          live
          mono
          {...(id === undefined ? {} : { id })}
          label={`${label}: add`}
          value={draft}
          onChange={setDraft}
          onEnter={() => add(draft)}
          list={list}
          invalid={props.invalid === true}
          placeholder={names.length === 0 ? 'none' : '+'}
        />
        <datalist id={list}>
          {addressesOf(tree)
            .slice(0, 500)
            .map((text) => (
              <option key={text} value={text} />
            ))}
        </datalist>
        <IconButton
          icon={ChevronDown}
          size={14}
          title={`Choose ${label}`}
          disabled={tree.length === 0}
          onClick={() => {
            const { left, bottom } = box.current!.getBoundingClientRect();
            open(channelMenu(tree, add), { x: left, y: bottom + 2 });
          }}
        />
      </div>
      {menu}
    </div>
  );
}
