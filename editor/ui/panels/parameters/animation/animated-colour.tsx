// A colour whose numbers can be animated: one key button for all of them, and each by itself where that is wanted.
import { Spline } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import './animation.css';
import { type Animation, curveAt, type Edit, formOf, type Json } from '../../../../../engine/browser.ts';
import { IconButton } from '../../../look/button.tsx';
import { gesture } from '../../../look/gesture.ts';
import { useSelect, useStore } from '../../../store/use.ts';
import { COLOUR_NAMES } from '../colour.ts';
import { type ControlProps, useForm } from '../form.ts';
import type { Rooted } from '../schema.ts';
import { AnimatedRow, KeyButton } from './key-button.tsx';
import { keyAt, withKey } from './keys.ts';

export interface AnimatedColourProps {
  readonly node: string;
  /** The schemas of its numbers. */
  readonly items: readonly Rooted[];
  readonly props: ControlProps;
  /** The plain control of the colour. */
  readonly children: (props: ControlProps) => ReactNode;
}

export function AnimatedColour({ node, items, props, children }: AnimatedColourProps) {
  const store = useStore();
  const { Control } = useForm();
  const { label, path, value } = props;
  const paths = items.map((_, i) => [...path, String(i)].join('.'));
  const all = useSelect(store.document$, ({ nodes }) => nodes[node]?.animation);
  const forms = paths.map((one) => {
    const animation = all?.[one];
    return animation && formOf(animation);
  });
  const isAnimated = forms.some((form) => form !== undefined);
  const frame = useSelect(store.frame$, (at) => (isAnimated ? at : undefined));
  const driven = useSelect(store.nodes$, (nodes) => (isAnimated ? nodes[node]?.driven : undefined));
  const [open, setOpen] = useState(false);
  if (!isNumbers(value) || value.length !== items.length) return children(props);

  const animate = (i: number, next: Animation | undefined): Edit => ({
    op: 'setAnimation',
    node,
    name: paths[i]!,
    ...(next ? { animation: next } : {}),
  });
  const edit = (edits: readonly Edit[], verb: string, group?: string): void => {
    if (edits.length > 0)
      store.edit(edits.length === 1 ? edits[0]! : { op: 'batch', edits }, `${verb} ${label} of ${node}`, group);
  };
  const now = (): number => Math.round(store.frame$.value);
  const curves = forms.map((form) => (form?.kind === 'curve' ? form.keys : undefined));
  const shown = value.map((number, i) => {
    const keys = curves[i];
    if (keys) return Number(curveAt(keys, frame!));
    return forms[i] ? Number(driven?.[paths[i]!] ?? number) : number;
  });
  const isHere = (keys: (typeof curves)[number]): boolean => keys !== undefined && keyAt(keys, frame!) >= 0;
  const state = !isAnimated
    ? 'none'
    : curves.some((keys) => keys) && curves.every((keys) => !keys || isHere(keys))
      ? 'key'
      : 'between';

  /** What has a curve gets keys, what has none a new value; an expression goes on making its number. */
  const set = (next: Json | undefined, given?: string): void => {
    if (!isNumbers(next)) {
      props.onChange(next, given);
      return;
    }
    const group = given ?? gesture();
    const changed = next.flatMap((number, i) => (number === shown[i] ? [] : [i]));
    const keyed = changed.flatMap((i) => {
      const keys = curves[i];
      return keys ? [animate(i, { keys: withKey(keys, now(), next[i]!) })] : [];
    });
    edit(keyed, 'Animate', group);
    const plain = changed.filter((i) => !forms[i]);
    if (plain.length > 0)
      props.onChange(
        value.map((number, i) => (plain.includes(i) ? next[i]! : number)),
        group,
      );
  };
  const toggle = (): void => {
    if (state === 'key') {
      const without = curves.flatMap((keys, i) => {
        if (!keys) return [];
        const left = keys.toSpliced(keyAt(keys, frame!), 1);
        return [animate(i, left.length > 0 ? { keys: left } : undefined)];
      });
      edit(without, 'Animate');
      return;
    }
    const keyed = shown.flatMap((number, i) => {
      if (forms[i] && !curves[i]) return [];
      return [animate(i, { keys: withKey(curves[i] ?? [], now(), number) })];
    });
    edit(keyed, 'Animate');
  };
  const title =
    state === 'key'
      ? `Remove the keys of ${label} here`
      : state === 'none'
        ? `Animate ${label}: set keys here`
        : `Set keys of ${label} here`;
  return (
    <div className="animated-column">
      <AnimatedRow curve={isAnimated}>
        {children({ ...props, value: shown, onChange: set })}
        <KeyButton state={state} title={title} onClick={toggle} />
        {isAnimated && (
          <IconButton
            icon={Spline}
            size={12}
            title={`Numbers of ${label}, each by itself`}
            expanded={open}
            pressed={open}
            onClick={() => setOpen(!open)}
          />
        )}
      </AnimatedRow>
      {isAnimated &&
        open &&
        items.map((item, i) => (
          <div key={paths[i]} className="animated-piece">
            <span className="quiet">{COLOUR_NAMES[i]}</span>
            <Control
              at={item}
              value={value[i]}
              onChange={(next, group) => typeof next === 'number' && props.onChange(value.with(i, next), group)}
              label={`${label} ${COLOUR_NAMES[i]}`}
              path={[...path, String(i)]}
            />
          </div>
        ))}
    </div>
  );
}

const isNumbers = (value: Json | undefined): value is readonly number[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'number');
