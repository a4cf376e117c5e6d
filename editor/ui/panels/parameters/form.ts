// What the controls of one form share: the node they belong to, what is connected to it, its problems, and each other.
import { type ComponentType, createContext, useContext } from 'react';
import type { CatalogueEntry, Json, Problem } from '../../../../engine/browser.ts';
import type { NodeView } from '../../../protocol.ts';
import type { Rooted } from './schema.ts';

export interface ControlProps {
  readonly at: Rooted;
  /** Undefined where neither the document nor a default says anything. */
  readonly value: Json | undefined;
  /** Undefined takes the value out. Calls with one `group` become one step of the history. */
  readonly onChange: (value: Json | undefined, group?: string) => void;
  /** Names the control where no label does. */
  readonly label: string;
  readonly id?: string;
  /** The way from the parameter to this value: `attributes`, `resolve`, `owner`. */
  readonly path: readonly string[];
  readonly invalid?: boolean;
  /** The object that the value stands in. */
  readonly beside?: Readonly<Record<string, Json | undefined>>;
  readonly placeholder?: string;
  /** For a number that can be driven: what is typed behind `=` and is no number. */
  readonly onExpression?: (text: string) => void;
}

export interface Form {
  /** The nodes that are edited; none for values that belong to no node. */
  readonly ids: readonly string[];
  readonly entry: CatalogueEntry | undefined;
  readonly view: NodeView | undefined;
  /** Those of the node, all places. */
  readonly problems: readonly Problem[];
  /** The value of another parameter of the node. */
  param(name: string): Json | undefined;
  /** A text with variables and the frame filled in; undefined where that changes nothing or cannot be done. */
  resolve(text: string): string | undefined;
  /** The control for any value: controls that hold others take it from here. */
  readonly Control: ComponentType<ControlProps>;
}

export const FormContext = createContext<Form | null>(null);

/** Throws outside of a form. */
export function useForm(): Form {
  const form = useContext(FormContext);
  if (!form) throw new Error('A control stands outside of its form.');
  return form;
}
