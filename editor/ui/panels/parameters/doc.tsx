// What a node does, its ports and its parameters in words; folded out by F1 or the question mark.
import { CircleQuestionMark } from 'lucide-react';
import { BehaviorSubject } from 'rxjs';
import type { CatalogueEntry, CataloguePort } from '../../../../engine/browser.ts';
import { IconButton } from '../../look/button.tsx';
import { useValue } from '../../store/use.ts';
import { parametersOf } from './schema.ts';

/** True while documentation is shown; stays as it is from node to node. */
export const help$ = new BehaviorSubject(false);

export function HelpButton() {
  const open = useValue(help$);
  return (
    <IconButton
      icon={CircleQuestionMark}
      title="What this node does"
      keys="F1"
      pressed={open}
      onClick={() => help$.next(!open)}
    />
  );
}

export function Doc({ entry }: { readonly entry: CatalogueEntry }) {
  return (
    <section className="param-doc selectable" aria-label={`About ${entry.title}`}>
      <p>{entry.doc}</p>
      <Ports title="Inputs" ports={entry.inputs} />
      <Ports title="Outputs" ports={entry.outputs} />
      <h3 className="quiet">Parameters</h3>
      <dl>
        {parametersOf(entry).map(({ name, title, description, fallback }) => (
          <div key={name}>
            <dt>
              {title} <span className="mono quiet">{name}</span>
            </dt>
            <dd>
              {description}
              {fallback !== undefined && (
                <span className="quiet">
                  {' '}
                  Default: <span className="mono">{JSON.stringify(fallback)}</span>
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Ports({ title, ports }: { readonly title: string; readonly ports: readonly CataloguePort[] }) {
  if (ports.length === 0) return null;
  return (
    <>
      <h3 className="quiet">{title}</h3>
      <dl>
        {ports.map(({ name, kind, doc, many, optional }) => (
          <div key={name}>
            <dt>
              {name}{' '}
              <span className="quiet">
                {kind}
                {many ? ', any number' : optional ? ', may be left open' : ''}
              </span>
            </dt>
            <dd>{doc}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
