// Ports: what kinds of values travel on links, and how a node declares its inputs and outputs.

export type PortKind = 'image' | 'mesh' | 'number' | 'string' | 'colour';

/** One input of a node; `many` inputs are named by the user: a link ends at `node.port.name`. */
export interface InputPort<
  Kind extends PortKind = PortKind,
  Many extends boolean = boolean,
  Optional extends boolean = boolean,
> {
  readonly kind: Kind;
  readonly doc: string;
  readonly many: Many;
  readonly optional: Optional;
}

export interface OutputPort {
  readonly kind: PortKind;
  readonly doc: string;
}

export const image = (doc: string): InputPort<'image', false, false> => ({
  kind: 'image',
  doc,
  many: false,
  optional: false,
});
export const optionalImage = (doc: string): InputPort<'image', false, true> => ({
  kind: 'image',
  doc,
  many: false,
  optional: true,
});
/** Any number of images, each under a name that the user gives. */
export const images = (doc: string): InputPort<'image', true, false> => ({
  kind: 'image',
  doc,
  many: true,
  optional: false,
});

export const mesh = (doc: string): InputPort<'mesh', false, false> => ({
  kind: 'mesh',
  doc,
  many: false,
  optional: false,
});

export const optionalMesh = (doc: string): InputPort<'mesh', false, true> => ({
  kind: 'mesh',
  doc,
  many: false,
  optional: true,
});

/** Links may join these kinds though they differ. */
export const canLink = (from: PortKind, to: PortKind): boolean => from === to;
