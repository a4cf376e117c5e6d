// What is in the chosen sequence at a frame: parts, channels and attributes, as its headers have them.
import { ChevronDown, ChevronRight, Plus, X } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { PartSpec } from '../../../../engine/browser.ts';
import type { AttributeRow, SequenceView } from '../../../protocol.ts';
import { Button, IconButton } from '../../look/button.tsx';
import { NumberField } from '../../look/number-field.tsx';
import { Progress, useSlow } from '../../look/progress.tsx';
import { TextField } from '../../look/text-field.tsx';
import { baseName } from '../../shell/path.ts';
import { wordsOf } from '../../store/refusal.ts';
import { useStore } from '../../store/use.ts';
import { attributesOf, channelGroups, extentOf, partLine, windowLines } from './describe.ts';
import './details.css';

export interface DetailsProps {
  readonly path: string;
  readonly onAdd: () => void;
  readonly onClose: () => void;
}

export function Details({ path, onAdd, onClose }: DetailsProps) {
  const store = useStore();
  const [frame, setFrame] = useState<number | undefined>(undefined);
  const [view, setView] = useState<SequenceView | null>(null);
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(true);
  const [query, setQuery] = useState('');
  const slow = useSlow(busy);

  useEffect(() => {
    let wanted = true;
    setBusy(true);
    store
      .request<SequenceView>({ kind: 'inspect', path, ...(frame === undefined ? {} : { frame }) })
      .then(
        (found) => {
          if (!wanted) return;
          setView(found);
          setTrouble('');
        },
        (thrown) => wanted && setTrouble(wordsOf(thrown)),
      )
      .finally(() => wanted && setBusy(false));
    return () => {
      wanted = false;
    };
  }, [store, path, frame]);

  const extent = view ? extentOf(view.frames) : undefined;
  return (
    <section className="details" aria-label={`What is in ${baseName(path)}`}>
      <header className="details-head">
        <h3 className="details-title selectable" title={path}>
          {baseName(path)}
        </h3>
        <IconButton icon={X} size={14} title="Close the details" onClick={onClose} />
      </header>
      <div className="details-busy">{slow && <Progress label="Reading the headers" />}</div>
      <div className="details-body">
        <div className="details-line">
          {extent ? (
            <>
              <span className="details-frame">
                <NumberField
                  integer
                  label="Frame"
                  min={extent.first}
                  max={extent.last}
                  value={frame ?? extent.first}
                  onChange={setFrame}
                />
              </span>
              <span className="quiet">{extent.count === 1 ? '1 frame' : `${extent.count} frames`}</span>
            </>
          ) : (
            <span className="quiet">{view ? 'A single file' : ''}</span>
          )}
          <span className="details-space" />
          <Button icon={Plus} onClick={onAdd}>
            Read
          </Button>
        </div>
        {view && view.gaps !== '' && (
          <p className="details-gaps selectable">
            Gaps: <span className="mono">{view.gaps}</span>
          </p>
        )}
        {trouble !== '' && <p className="details-trouble selectable">{trouble}</p>}
        {view?.image.parts.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts are told apart by their number, names may be missing
          <Part key={index} part={part} title={titleOf(part, index, view.image.parts.length)}>
            <Attributes rows={attributesOf(view.attributes, index, query)} query={query} onQuery={setQuery} />
          </Part>
        ))}
      </div>
    </section>
  );
}

const titleOf = ({ name }: PartSpec, index: number, count: number): string =>
  name ?? (count === 1 ? 'The image' : `Part ${index + 1}`);

function Part({
  part,
  title,
  children,
}: {
  readonly part: PartSpec;
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <>
      <Fold title={title} mark={partLine(part)}>
        {windowLines(part).map((line) => (
          <p key={line} className="details-window mono quiet">
            {line}
          </p>
        ))}
        <ul className="details-channels">
          {channelGroups(part.channels).map(({ layer, names, type, sampling }) => (
            <li key={`${layer} ${type} ${sampling}`} className="details-channel">
              <span className="details-names mono selectable">
                {layer !== '' && <span className="quiet">{layer}. </span>}
                {names.join(' ')}
              </span>
              <span className="mono quiet">{sampling === undefined ? type : `${type} ${sampling}`}</span>
            </li>
          ))}
        </ul>
      </Fold>
      {children}
    </>
  );
}

interface AttributesProps {
  readonly rows: readonly AttributeRow[];
  readonly query: string;
  readonly onQuery: (query: string) => void;
}

function Attributes({ rows, query, onQuery }: AttributesProps) {
  return (
    <Fold title="Attributes" mark={`${rows.length}`} closed>
      <TextField live label="Filter attributes" placeholder="Filter attributes" value={query} onChange={onQuery} />
      <dl className="details-attributes">
        {rows.map(({ name, type, text }) => (
          <div key={name} className="details-attribute" title={`${name}: ${type}\n${text}`}>
            <dt>{name}</dt>
            <dd className="mono selectable">{text}</dd>
          </div>
        ))}
      </dl>
    </Fold>
  );
}

interface FoldProps {
  readonly title: string;
  readonly mark: string;
  readonly closed?: boolean;
  readonly children: ReactNode;
}

/** A title that folds what is below it. */
function Fold({ title, mark, closed = false, children }: FoldProps) {
  const [open, setOpen] = useState(!closed);
  const Chevron = open ? ChevronDown : ChevronRight;
  return (
    <div className="details-fold">
      <button type="button" className="details-handle" aria-expanded={open} title={mark} onClick={() => setOpen(!open)}>
        <Chevron size={12} aria-hidden />
        <span className="details-name">{title}</span>
        <span className="details-mark quiet">{mark}</span>
      </button>
      {open && children}
    </div>
  );
}
