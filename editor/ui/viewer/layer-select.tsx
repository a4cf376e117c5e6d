// The choice of what is looked at: parts, their layers and their channels in one list.
import type { PartSpec } from '../../../engine/browser.ts';
import { useValue } from '../store/use.ts';
import type { ViewerDesk } from './desk.ts';
import { type Layer, layersOf, singlesOf } from './layers.ts';

interface Group {
  readonly title: string;
  readonly options: readonly { readonly value: string; readonly title: string }[];
}

const optionValue = (part: number, key: string): string => JSON.stringify([part, key]);

/** Two groups for each part: its layers, and the channels that are in one. */
function groupsOf(parts: readonly PartSpec[]): readonly Group[] {
  return parts.flatMap((part, index) => {
    const name = parts.length > 1 ? `${index} ${part.name ?? ''}${part.kind === 'deep' ? ' (deep)' : ''}`.trim() : '';
    const layers = layersOf(part);
    const keys = new Set(layers.map(({ key }) => key));
    const option = ({ key, title, types }: Layer) => ({ value: optionValue(index, key), title: `${title}  ${types}` });
    const singles = singlesOf(part).filter(({ key }) => !keys.has(key));
    return [
      { title: name === '' ? 'Layers' : name, options: layers.map(option) },
      { title: name === '' ? 'Channels' : `${name}: channels`, options: singles.map(option) },
    ].filter(({ options }) => options.length > 0);
  });
}

export function LayerSelect({ desk }: { readonly desk: ViewerDesk }) {
  useValue(desk.store.nodes$);
  useValue(desk.store.viewed$);
  const choices = useValue(desk.choices$);
  const parts = (desk.leading === undefined ? undefined : desk.imageOf(desk.leading)?.parts) ?? [];
  const index = Math.min(choices.part, parts.length - 1);
  const layer = desk.leading === undefined ? undefined : desk.layerOf(desk.leading);
  return (
    <select
      className="input select viewer-layer"
      aria-label="Layer"
      disabled={!layer}
      value={layer ? optionValue(index, layer.key) : ''}
      onChange={({ target }) => {
        const [chosen, key] = JSON.parse(target.value) as [number, string];
        desk.choose({ part: chosen, layer: key });
      }}
    >
      {!layer && <option value="">no channels</option>}
      {groupsOf(parts).map(({ title, options }) => (
        <optgroup key={title} label={title}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.title}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}
