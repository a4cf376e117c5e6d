// The channels that come into a shuffle, by source and layer: filtered, dragged over, or added by Enter or double click.
import { ChevronDown, ChevronRight } from 'lucide-react';
import { type DragEvent, type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { TextField } from '../../../look/text-field.tsx';
import { filterTree, type LayerChoice, type SourceChoice } from '../upstream.ts';
import { channelRows, DRAGGED_ROWS, type Dragged, layerRows, sourceRows } from './rows.ts';

interface InputListProps {
  readonly tree: readonly SourceChoice[];
  readonly onChoose: (dragged: Dragged) => void;
}

/** Layers of more channels than this begin folded where there is no filter; all do where there are many channels. */
const MANY = { layer: 6, all: 32 } as const;

export function InputList({ tree, onChoose }: InputListProps) {
  const [filter, setFilter] = useState('');
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  const list = useRef<HTMLDivElement>(null);
  const shown = filterTree(tree, filter);
  const total = tree.reduce((sum, source) => sum + source.count, 0);

  const isOpen = (key: string, { channels }: LayerChoice): boolean =>
    filter !== '' || (channels.length <= MANY.layer && total <= MANY.all) !== turned.has(key);
  const turn = (key: string): void => {
    const next = new Set(turned);
    if (!next.delete(key)) next.add(key);
    setTurned(next);
  };
  const keyDown = (event: KeyboardEvent): void => {
    const all = [...(list.current?.querySelectorAll<HTMLElement>('.shuffle-input') ?? [])];
    const index = all.indexOf(document.activeElement as HTMLElement);
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0 || index < 0) return;
    event.preventDefault();
    all[index + step]?.focus();
  };

  return (
    <section className="shuffle-inputs" aria-label="Input channels">
      <header className="shuffle-head">
        <span className="quiet">Inputs</span>
        <span className="mono quiet">{total > 0 ? `${total} ch` : ''}</span>
      </header>
      <TextField live label="Filter channels" placeholder="Filter" value={filter} onChange={setFilter} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys go along the buttons inside */}
      <div ref={list} className="shuffle-scroll" onKeyDown={keyDown}>
        {tree.length === 0 && <p className="quiet shuffle-none">Connect images to this node.</p>}
        {tree.length > 0 && shown.length === 0 && <p className="quiet shuffle-none">No channel fits.</p>}
        {shown.map((source) => (
          <div key={source.prefix + source.name + source.part}>
            <Entry
              className="shuffle-source"
              dragged={sourceRows(source)}
              onChoose={onChoose}
              title={`All channels of ${source.name}`}
            >
              {source.name}
              {source.part !== undefined && <span className="quiet"> {source.part}</span>}
            </Entry>
            {source.layers.map((layer) => {
              const key = `${source.prefix}${layer.name}`;
              const open = layer.name === '' || isOpen(key, layer);
              const Chevron = open ? ChevronDown : ChevronRight;
              return (
                <div key={key}>
                  {layer.name !== '' && (
                    <div className="shuffle-layer">
                      <button
                        type="button"
                        className="shuffle-turn"
                        aria-expanded={open}
                        aria-label={`${layer.name}: channels`}
                        onClick={() => turn(key)}
                      >
                        <Chevron size={12} aria-hidden />
                      </button>
                      <Entry dragged={layerRows(layer)} onChoose={onChoose} title={`${layer.name}.*`}>
                        {layer.name}
                        <span className="quiet">
                          .{layer.channels.length > 1 ? '*' : layer.channels[0]!.name.slice(layer.name.length + 1)}
                        </span>
                      </Entry>
                    </div>
                  )}
                  {open &&
                    layer.channels.map((channel) => (
                      <Entry
                        key={channel.name}
                        className={layer.name === '' ? 'shuffle-channel' : 'shuffle-channel shuffle-deeper'}
                        dragged={channelRows(channel)}
                        onChoose={onChoose}
                        title={`${channel.address} (${channel.type})`}
                      >
                        {layer.name === '' ? channel.name : channel.name.slice(layer.name.length + 1)}
                        <span className="quiet shuffle-kind">{channel.type}</span>
                      </Entry>
                    ))}
                </div>
              );
            })}
          </div>
        ))}
      </div>
    </section>
  );
}

interface EntryProps {
  readonly dragged: Dragged;
  readonly onChoose: (dragged: Dragged) => void;
  readonly title: string;
  readonly className?: string;
  readonly children: ReactNode;
}

function Entry({ dragged, onChoose, title, className = '', children }: EntryProps) {
  const start = (event: DragEvent): void => {
    event.dataTransfer.effectAllowed = 'copy';
    event.dataTransfer.setData(DRAGGED_ROWS, JSON.stringify(dragged));
    event.dataTransfer.setData('text/plain', dragged.rows.map(({ from }) => from).join('\n'));
  };
  return (
    <button
      type="button"
      draggable
      className={`shuffle-input mono ${className}`}
      title={`${title}: drag to the output, or press Enter`}
      onDragStart={start}
      onDoubleClick={() => onChoose(dragged)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter') return;
        event.preventDefault();
        onChoose(dragged);
      }}
    >
      {children}
    </button>
  );
}
