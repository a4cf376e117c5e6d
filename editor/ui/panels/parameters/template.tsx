// Controls of a node that holds a graph: what it holds, where that came from, and the parameters that it promotes.
import {
  type CatalogueEntry,
  type Document,
  type Json,
  parseDocument,
  parseLinkEnd,
} from '../../../../engine/browser.ts';
import { Field } from '../../look/field.tsx';
import { useStore, useValue } from '../../store/use.ts';
import { type ControlProps, useForm } from './form.ts';
import { isWide } from './object.tsx';
import { type FieldSpec, parametersOf, type Rooted, shapeOf } from './schema.ts';
import { Stray } from './simple.tsx';
import { isRecord, withKey } from './value.ts';

/** The graph in a value; undefined where it holds none that can be read. */
function graphOf(value: Json | undefined): Document | undefined {
  if (!isRecord(value)) return undefined;
  try {
    return parseDocument(value).document;
  } catch {
    return undefined;
  }
}

export function TemplateControl(props: ControlProps) {
  const graph = graphOf(props.value);
  if (!graph) return <Stray {...props} />;
  const count = Object.keys(graph.nodes).length;
  return (
    <span className="param-told">
      {graph.name} <span className="quiet">{count === 1 ? '1 node' : `${count} nodes`}</span>
    </span>
  );
}

export function TemplateSourceControl({ value }: ControlProps) {
  if (!isRecord(value)) return <span className="quiet">made here</span>;
  return (
    <span className="mono param-told" title={String(value['version'])}>
      {String(value['path'] ?? '')} <span className="quiet">{String(value['version'] ?? '').slice(0, 8)}</span>
    </span>
  );
}

/** What a template offers: its promoted parameters in the form of the first thing they reach, then its variables. */
function offeredFields(graph: Document, catalogue: readonly CatalogueEntry[]): FieldSpec[] {
  const promoted = graph.promoted.map((one): FieldSpec => {
    const found = targetOf(graph, one.to[0] ?? '', catalogue);
    const root = found?.root ?? {};
    const doc = one.doc ?? found?.description;
    return {
      name: one.name,
      title: one.title || one.name,
      schema: found?.schema ?? {},
      root,
      ...(doc === undefined ? {} : { description: doc }),
      ...(found?.fallback === undefined ? {} : { fallback: found.fallback }),
      required: false,
      advanced: false,
    };
  });
  const taken = new Set(promoted.map(({ name }) => name));
  const variables = Object.entries(graph.variables)
    .filter(([name]) => !taken.has(name))
    .map(([name, variable]): FieldSpec => {
      const schema = { type: variable.type };
      const rooted = { name, title: name, schema, root: schema, description: 'A variable of the template.' };
      return { ...rooted, fallback: variable.default, required: false, advanced: false };
    });
  return [...promoted, ...variables];
}

interface Target extends Rooted {
  readonly description?: string;
  readonly fallback?: Json;
}

/** What a promoted parameter reaches, with the value that it has inside. */
function targetOf(graph: Document, target: string, catalogue: readonly CatalogueEntry[]): Target | undefined {
  const { node: id } = parseLinkEnd(target);
  const node = Object.hasOwn(graph.nodes, id) ? graph.nodes[id] : undefined;
  const entry = catalogue.find(({ type }) => type === node?.type);
  if (!node || !entry) return undefined;
  let fields = parametersOf(entry);
  let inside: Json | undefined = node.params as Json;
  let found: FieldSpec | undefined;
  for (const piece of target.split('.').slice(1)) {
    found = fields.find(({ name }) => name === piece);
    if (!found) return undefined;
    inside = isRecord(inside) && Object.hasOwn(inside, piece) ? inside[piece] : found.fallback;
    const shape = shapeOf(found);
    fields = shape.kind === 'object' ? [...shape.fields] : [];
  }
  return found && { ...found, ...(inside === undefined ? {} : { fallback: inside }) };
}

export function TemplateValuesControl(props: ControlProps) {
  const { value = {}, onChange, path } = props;
  const store = useStore();
  const catalogue = useValue(store.catalogue$);
  const { Control, entry, param } = useForm();
  const holder = entry && parametersOf(entry).find(({ schema }) => schema['widget'] === 'template');
  const graph = holder && graphOf(param(holder.name));
  if (!graph || !isRecord(value)) return <Stray {...props} />;
  const fields = offeredFields(graph, catalogue);
  if (fields.length === 0) return <span className="quiet">The template promotes no parameters.</span>;
  return (
    <div className="param-object">
      {fields.map((field) => (
        <Field
          key={field.name}
          label={field.title}
          {...(field.description === undefined ? {} : { hint: field.description })}
          changed={Object.hasOwn(value, field.name)}
          onReset={() => onChange(withKey(value, field.name, undefined))}
          wide={isWide(shapeOf(field))}
        >
          {(id) => (
            <Control
              at={field}
              value={value[field.name] ?? field.fallback}
              onChange={(next, group) => onChange(withKey(value, field.name, next), group)}
              label={field.title}
              id={id}
              path={[...path, field.name]}
            />
          )}
        </Field>
      ))}
    </div>
  );
}
