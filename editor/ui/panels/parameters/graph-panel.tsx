// The panel of the graph itself: name, words about it, frames, variables, promoted parameters.
import { type FrameSettings, interpolate, parseFrames } from '../../../../engine/browser.ts';
import { Field } from '../../look/field.tsx';
import { Select } from '../../look/select.tsx';
import { TextField } from '../../look/text-field.tsx';
import { wordsOf } from '../../store/refusal.ts';
import { useStore, useValue } from '../../store/use.ts';
import { PromotedList } from './promoted.tsx';
import { VariableTable } from './variables.tsx';

/** What is wrong with a range of frames, and how many frames it has where nothing is. */
function readRange(
  range: string,
  variables: Readonly<Record<string, string | number>>,
): { readonly count: number } | { readonly trouble: string } {
  try {
    return { count: parseFrames(interpolate(range, (name) => variables[name])).length };
  } catch (thrown) {
    return { trouble: wordsOf(thrown) };
  }
}

const MISMATCH: Readonly<Record<FrameSettings['mismatch'], string>> = {
  'stop-at-shortest': 'Stop at the shortest',
  'hold-last': 'Hold the last frame',
  'process-available': 'Process what there is',
};
const ALIGN: Readonly<Record<FrameSettings['align'], string>> = {
  number: 'By frame number',
  index: 'By place in the sequence',
};

export function GraphPanel() {
  const store = useStore();
  const document = useValue(store.document$);
  const timeline = useValue(store.timeline$);
  const { name, doc, frames, variables, promoted, nodes, links } = document;
  const values = Object.fromEntries(Object.entries(variables).map(([key, variable]) => [key, variable.default]));
  const read = frames.range === undefined ? undefined : readRange(frames.range, values);
  const setFrames = (next: FrameSettings, what: string): void =>
    store.edit({ op: 'setFrames', frames: next }, `Set ${what}`);
  const setRange = (range: string): void => {
    const { range: _, ...rest } = frames;
    setFrames(range.trim() === '' ? rest : { ...frames, range: range.trim() }, 'the frame range');
  };
  const count = Object.keys(nodes).length;
  return (
    <>
      <header className="param-head">
        <div className="param-names">
          <h2 className="param-title">Graph</h2>
          <div className="param-type quiet">
            {count === 1 ? '1 node' : `${count} nodes`}, {links.length === 1 ? '1 link' : `${links.length} links`}
          </div>
        </div>
      </header>
      <div className="param-scroll">
        <div className="param-form">
          <Field label="Name">
            {(id) => (
              <TextField
                id={id}
                value={name}
                onChange={(next) => store.edit({ op: 'setName', name: next }, 'Name the graph')}
              />
            )}
          </Field>
          <Field label="About" wide>
            {(id) => (
              <TextField
                id={id}
                lines
                value={doc ?? ''}
                placeholder="What this graph is for"
                onChange={(next) =>
                  store.edit({ op: 'setDoc', ...(next === '' ? {} : { doc: next }) }, 'Describe the graph')
                }
              />
            )}
          </Field>
          <Field
            label="Frames"
            hint="Such as 1001-1008 or 1-100x2; left empty, the frames follow from the inputs."
            changed={frames.range !== undefined}
            onReset={() => setRange('')}
            {...(read && 'trouble' in read ? { problem: { severity: 'error' as const, text: read.trouble } } : {})}
          >
            {(id) => (
              <>
                <TextField
                  id={id}
                  mono
                  value={frames.range ?? ''}
                  placeholder={timeline ? `${timeline.first}-${timeline.last}` : 'from the inputs'}
                  invalid={read !== undefined && 'trouble' in read}
                  onChange={setRange}
                />
                {read && 'count' in read && <span className="quiet param-unit">{read.count}</span>}
              </>
            )}
          </Field>
          <Field label="Lengths differ" hint="What is done where inputs have different lengths.">
            {(id) => (
              <Select
                id={id}
                value={frames.mismatch}
                options={optionsOf(MISMATCH)}
                onChange={(mismatch) =>
                  setFrames({ ...frames, mismatch: mismatch as FrameSettings['mismatch'] }, 'what is done with lengths')
                }
              />
            )}
          </Field>
          <Field label="Align" hint="Which frames of different inputs belong together.">
            {(id) => (
              <Select
                id={id}
                value={frames.align}
                options={optionsOf(ALIGN)}
                onChange={(align) =>
                  setFrames({ ...frames, align: align as FrameSettings['align'] }, 'how frames are aligned')
                }
              />
            )}
          </Field>
          <h3 className="param-section">Variables</h3>
          <VariableTable variables={variables} />
          <h3 className="param-section">Promoted parameters</h3>
          <PromotedList promoted={promoted} />
        </div>
      </div>
    </>
  );
}

const optionsOf = (titles: Readonly<Record<string, string>>) =>
  Object.entries(titles).map(([value, title]) => ({ value, title }));
