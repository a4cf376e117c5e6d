// What the next run does: what it writes, which frames, by which policies, with how many threads.
import type { Document, Edit } from '../../../../engine/browser.ts';
import { Button } from '../../look/button.tsx';
import { Check } from '../../look/check.tsx';
import { EmptyState } from '../../look/empty-state.tsx';
import { Field } from '../../look/field.tsx';
import { NumberField } from '../../look/number-field.tsx';
import { Select } from '../../look/select.tsx';
import { TextField } from '../../look/text-field.tsx';
import { runAction } from '../../shell/actions.ts';
import { useStore, useValue } from '../../store/use.ts';
import { fill, forgetRange, form$ } from './act.ts';
import { type Frames, framesOf, outerOf, sinksOf } from './plan.ts';

type Settings = Document['frames'];

const MISMATCH: readonly { readonly value: Settings['mismatch']; readonly title: string }[] = [
  { value: 'stop-at-shortest', title: 'stop at the shortest' },
  { value: 'hold-last', title: 'hold the last frame' },
  { value: 'process-available', title: 'process what is there' },
];

const ALIGN: readonly { readonly value: Settings['align']; readonly title: string }[] = [
  { value: 'number', title: 'by frame number' },
  { value: 'index', title: 'first frame to first' },
];

export function Setup() {
  const store = useStore();
  const document = useValue(store.document$);
  const processors = useValue(store.welcome$)?.processors ?? 1;
  const form = useValue(form$);
  const { mismatch, align, range } = document.frames;
  const frames = framesOf(document, form);
  const setFrames = (change: Partial<Settings>, intent: string): void => {
    const edit: Edit = { op: 'setFrames', frames: { ...document.frames, ...change } };
    store.edit(edit, intent);
  };
  const typed = (text: string): void => {
    if (text.trim() === '' || text.trim() === range) forgetRange();
    else fill({ range: text });
  };
  return (
    <>
      <Sinks />
      <section className="run-part run-setup" aria-label="Frames and policies">
        <Field
          label="Frames"
          hint="Such as 1001-1100, 1-9x2 or 1, 5, 7; the graph's own where it is empty"
          changed={form.range !== undefined}
          onReset={forgetRange}
          {...(frames.trouble === undefined ? {} : { problem: { severity: 'error' as const, text: frames.trouble } })}
        >
          {(id) => (
            <>
              <TextField
                live
                mono
                id={id}
                value={form.range ?? ''}
                placeholder={range ?? 'all that the inputs have'}
                invalid={frames.trouble !== undefined}
                onChange={typed}
              />
              <span className="run-frames quiet">{countText(frames)}</span>
            </>
          )}
        </Field>
        <Field label="Lengths differ" hint="Where inputs have different frames. A setting of the graph.">
          {(id) => (
            <Select
              id={id}
              value={mismatch}
              options={MISMATCH}
              onChange={(value) =>
                setFrames({ mismatch: value as Settings['mismatch'] }, 'Change what happens where lengths differ')
              }
            />
          )}
        </Field>
        <Field label="Line up" hint="Which frames of the inputs belong together. A setting of the graph.">
          {(id) => (
            <Select
              id={id}
              value={align}
              options={ALIGN}
              onChange={(value) => setFrames({ align: value as Settings['align'] }, 'Line frames up differently')}
            />
          )}
        </Field>
        <Field
          label="Jobs"
          hint="Threads that work on it"
          changed={form.jobs !== undefined && form.jobs !== processors}
          onReset={() => fill({ jobs: processors })}
        >
          {(id) => (
            <>
              <span className="run-jobs">
                <NumberField
                  integer
                  id={id}
                  min={1}
                  max={256}
                  value={form.jobs ?? processors}
                  onChange={(jobs) => fill({ jobs })}
                />
              </span>
              <span className="run-frames quiet">of {processors} processors</span>
            </>
          )}
        </Field>
        <div className="run-checks">
          <Check value={form.resume} onChange={(resume) => fill({ resume })}>
            <span title="Leave out frames that an earlier run of the same graph finished">Resume</span>
          </Check>
          <Check value={form.failOnLoss} onChange={(failOnLoss) => fill({ failOnLoss })}>
            <span title="Do not write a frame where anything of an input would be lost">Fail on loss</span>
          </Check>
          {form.range !== undefined && frames.trouble === undefined && (
            <Button
              tone="plain"
              hint="Make these frames the graph's own"
              onClick={() => {
                setFrames({ range: frames.text }, `Set frames ${frames.text}`);
                forgetRange();
              }}
            >
              Keep frames
            </Button>
          )}
        </div>
      </section>
    </>
  );
}

const countText = ({ list }: Frames): string =>
  list === undefined ? '' : `${list.size} ${list.size === 1 ? 'frame' : 'frames'}`;

function Sinks() {
  const store = useStore();
  const sinks = sinksOf(useValue(store.document$), useValue(store.catalogue$));
  const { without } = useValue(form$);
  const choose = (id: string, wanted: boolean): void => {
    const next = new Set(without);
    if (wanted) next.delete(id);
    else next.add(id);
    fill({ without: next });
  };
  if (sinks.length === 0) {
    return (
      <section className="run-part run-sinks" aria-label="What is written">
        <EmptyState
          sentence="Nothing in the graph writes files yet. Add a Write node."
          action={{ title: 'Find a command', run: () => runAction('help.palette') }}
        />
      </section>
    );
  }
  return (
    <section className="run-part run-sinks" aria-label="What is written">
      {sinks.map(({ id, title, path, disabled }) => (
        <div key={id} className="run-sink">
          <Check
            label={`Write ${title}`}
            value={!disabled && !without.has(id)}
            disabled={disabled}
            onChange={(wanted) => choose(id, wanted)}
          />
          <button type="button" className="run-sink-name" title={path} onClick={() => store.select([outerOf(id)])}>
            <span>{title}</span>
            <span className="run-sink-path mono quiet">{disabled ? 'bypassed' : path}</span>
          </button>
        </div>
      ))}
    </section>
  );
}
