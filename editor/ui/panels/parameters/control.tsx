// The control of any value, by its schema: hints of the node's author first, then its form.
import { type AnimatedKind, animatedKindAt, type CatalogueEntry } from '../../../../engine/browser.ts';
import { Animated } from './animation/animated.tsx';
import { AnimatedColour } from './animation/animated-colour.tsx';
import { AttributeNameControl, AttributeTypeControl, AttributeValueControl } from './attribute.tsx';
import { isSuggesting, SuggestControl } from './channel.tsx';
import { ChannelsControl, isChannelSet } from './channels.tsx';
import { ColourControl } from './colour.tsx';
import { ConflictsControl } from './conflicts.tsx';
import { FILE_WIDGETS, FileControl } from './file.tsx';
import { type ControlProps, useForm } from './form.ts';
import { JsonControl } from './json.tsx';
import { ListControl, RecordControl } from './list.tsx';
import { ObjectControl, UnionControl } from './object.tsx';
import { follow, itemsOf, type Shape, shapeOf, widgetOf } from './schema.ts';
import { isShuffleRows } from './shuffle/rows.ts';
import { ShuffleControl } from './shuffle/shuffle.tsx';
import { CheckControl, ChoiceControl, NumberControl, TextControl, TupleControl } from './simple.tsx';
import { TableControl } from './table.tsx';
import { TemplateControl, TemplateSourceControl, TemplateValuesControl } from './template.tsx';

export function Control(props: ControlProps) {
  const shape = shapeOf(props.at);
  const widget = widgetOf(follow(props.at) ?? props.at.schema) ?? widgetOf(props.at.schema);
  const { ids, entry } = useForm();
  const [node] = ids;
  if (ids.length === 1 && entry && shape.kind === 'colour' && shape.form === 'numbers') {
    const items = itemsOf(props.at, shape.count);
    if (items.every((_, i) => kindOf(entry, [...props.path, String(i)]) === 'number')) {
      return (
        <AnimatedColour node={node!} items={items} props={props}>
          {(inner) => <Hinted {...inner} shape={shape} widget={widget} />}
        </AnimatedColour>
      );
    }
  }
  const kind = ids.length === 1 && entry && ANIMATED.includes(shape.kind) && kindOf(entry, props.path);
  if (!kind) return <Hinted {...props} shape={shape} widget={widget} />;
  return (
    <Animated node={node!} kind={kind} props={props}>
      {(inner) => <Hinted {...inner} shape={shape} widget={widget} />}
    </Animated>
  );
}

/** Kinds of values that keys and expressions can make. */
const ANIMATED: readonly Shape['kind'][] = ['number', 'choice', 'check'];

const kindOf = ({ params }: CatalogueEntry, path: readonly string[]): AnimatedKind | undefined =>
  path.every((piece) => /^\w[\w-]*$/.test(piece)) ? animatedKindAt(params, path.join('.')) : undefined;

function Hinted({
  shape,
  widget,
  ...props
}: ControlProps & { readonly shape: Shape; readonly widget: string | undefined }) {
  switch (widget) {
    case 'attribute':
      return <AttributeNameControl {...props} />;
    case 'attributeType':
      return <AttributeTypeControl {...props} />;
    case 'attributeValue':
      return <AttributeValueControl {...props} />;
    case 'conflicts':
      return shape.kind === 'object' ? (
        <ConflictsControl {...props} shape={shape} />
      ) : (
        <Plain {...props} shape={shape} />
      );
    case 'rows':
      return isShuffleRows(shape) ? <ShuffleControl {...props} /> : <Plain {...props} shape={shape} />;
    case 'template':
      return <TemplateControl {...props} />;
    case 'templateValues':
      return <TemplateValuesControl {...props} />;
    case 'templateSource':
      return <TemplateSourceControl {...props} />;
    default:
      return <Plain {...props} shape={shape} />;
  }
}

function Plain({ shape, ...props }: ControlProps & { readonly shape: Shape }) {
  switch (shape.kind) {
    case 'number':
      return <NumberControl {...props} shape={shape} />;
    case 'text': {
      const file = FILE_WIDGETS.find((one) => one === shape.widget);
      if (file)
        return <FileControl {...props} widget={file} {...(shape.extensions ? { extensions: shape.extensions } : {})} />;
      return isSuggesting(shape.widget) ? (
        <SuggestControl {...props} widget={shape.widget} />
      ) : (
        <TextControl {...props} shape={shape} />
      );
    }
    case 'choice':
      return <ChoiceControl {...props} shape={shape} optional={props.value === undefined || isOptional(props)} />;
    case 'check':
      return <CheckControl {...props} />;
    case 'constant':
      return <span className="mono quiet">{String(shape.value)}</span>;
    case 'colour':
      return <ColourControl {...props} shape={shape} />;
    case 'tuple':
      return <TupleControl {...props} shape={shape} />;
    case 'list':
      return isChannelSet(shape) ? <ChannelsControl {...props} /> : <ListControl {...props} shape={shape} />;
    case 'table':
      return <TableControl {...props} shape={shape} />;
    case 'record':
      return <RecordControl {...props} shape={shape} />;
    case 'object':
      return <ObjectControl {...props} shape={shape} />;
    case 'union':
      return <UnionControl {...props} shape={shape} />;
    case 'json':
      return <JsonControl {...props} />;
  }
}

/** A field that may be left out, as the form knows it. */
const isOptional = ({ at }: ControlProps): boolean => 'required' in at && !at.required && !('fallback' in at);
