// A control of a parameter that can be animated: its value at the frame, a button for keys, and what makes the value.
import { Spline, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import './animation.css';
import {
  type AnimatedKind,
  type Animation,
  type CurveValue,
  curveAt,
  type Edit,
  formOf,
  type Json,
} from '../../../../../engine/browser.ts';
import { IconButton } from '../../../look/button.tsx';
import { useSelect, useStore } from '../../../store/use.ts';
import type { ControlProps } from '../form.ts';
import { CurveView } from './curve-view.tsx';
import { ExpressionField } from './expression-field.tsx';
import { AnimatedRow, KeyButton } from './key-button.tsx';
import { keyAt, withKey } from './keys.ts';

export interface AnimatedProps {
  readonly node: string;
  readonly kind: AnimatedKind;
  readonly props: ControlProps;
  /** The plain control of the value. */
  readonly children: (props: ControlProps) => ReactNode;
}

export function Animated({ node, kind, props, children }: AnimatedProps) {
  const store = useStore();
  const path = props.path.join('.');
  const { label } = props;
  const animation = useSelect(store.document$, ({ nodes }) => nodes[node]?.animation?.[path]);
  const frame = useSelect(store.frame$, (at) => (animation ? at : undefined));
  const driven = useSelect(store.nodes$, (nodes) => (animation ? nodes[node]?.driven?.[path] : undefined));
  const [open, setOpen] = useState(false);
  const form = animation && formOf(animation);
  const isNumber = kind === 'number' || kind === 'whole';

  const edit = (edits: readonly Edit[], intent: string, group?: string): void =>
    store.edit(edits.length === 1 ? edits[0]! : { op: 'batch', edits }, `${intent} ${label} of ${node}`, group);
  const animate = (next: Animation | undefined): Edit => ({
    op: 'setAnimation',
    node,
    name: path,
    ...(next ? { animation: next } : {}),
  });
  const change = (next: Animation | undefined, group?: string): void =>
    edit([animate(next)], next ? 'Animate' : 'Stop animating', group);
  const driveBy = (text: string): void => change({ expression: text });
  const now = (): number => Math.round(store.frame$.value);

  if (form?.kind === 'expression') {
    return (
      <AnimatedRow>
        <ExpressionField
          label={label}
          text={form.text}
          value={driven}
          invalid={props.invalid === true}
          onChange={change}
          {...(props.id === undefined ? {} : { id: props.id })}
        />
        <IconButton icon={X} size={12} title={`Remove the expression of ${label}`} onClick={() => change(undefined)} />
      </AnimatedRow>
    );
  }
  if (form?.kind === 'curve') {
    const { keys } = form;
    const made = curveAt(keys, frame!);
    const value: CurveValue = kind === 'whole' ? Math.round(Number(made)) : made;
    const at = keyAt(keys, frame!);
    const set = (next: Json | undefined, group?: string): void => {
      if (typeof next === 'number' || typeof next === 'boolean' || typeof next === 'string')
        change({ keys: withKey(keys, now(), next) }, group);
    };
    const toggle = (): void => {
      if (at < 0) change({ keys: withKey(keys, now(), value) });
      else change(keys.length > 1 ? { keys: keys.toSpliced(at, 1) } : undefined);
    };
    return (
      <div className="animated-column">
        <AnimatedRow curve>
          {children({ ...props, value, onChange: set, ...(isNumber ? { onExpression: driveBy } : {}) })}
          <KeyButton
            state={at < 0 ? 'between' : 'key'}
            title={at < 0 ? `Set a key of ${label} here` : `Remove the key of ${label} here`}
            onClick={toggle}
          />
          {isNumber && (
            <IconButton
              icon={Spline}
              size={12}
              title={`Curve of ${label}`}
              expanded={open}
              pressed={open}
              onClick={() => setOpen(!open)}
            />
          )}
        </AnimatedRow>
        {open && isNumber && <CurveView label={label} keys={keys} onChange={change} />}
      </div>
    );
  }
  const { value } = props;
  const fits = typeof value === (isNumber ? 'number' : kind === 'switch' ? 'boolean' : 'string');
  return (
    <AnimatedRow>
      {children({ ...props, ...(isNumber ? { onExpression: driveBy } : {}) })}
      {form ? (
        <IconButton
          icon={X}
          size={12}
          title={`Remove the animation of ${label}, which is not known here`}
          onClick={() => change(undefined)}
        />
      ) : (
        fits && (
          <KeyButton
            state="none"
            title={`Animate ${label}: set a key here`}
            onClick={() => change({ keys: withKey([], now(), value as CurveValue) })}
          />
        )
      )}
    </AnimatedRow>
  );
}
