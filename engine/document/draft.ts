// Drafts: a document being edited, each piece copied when it is first written, so that what is untouched keeps its identity.
import type { Canvas, Document, DocumentNode, Link, Promoted, Variable } from './schema.ts';

const NOTHING: Canvas = { backdrops: {}, notes: {} };

/** Reads fall through to the document until the piece is written. One draft serves all edits of a batch. */
export class Draft {
  readonly #source: Document;
  #nodes: Map<string, DocumentNode> | undefined;
  #links: readonly Link[];
  #promoted: readonly Promoted[];
  #variables: Readonly<Record<string, Variable>>;
  #head: Pick<Document, 'name' | 'doc' | 'frames'>;
  #canvas: Canvas | undefined;

  constructor(source: Document) {
    this.#source = source;
    this.#links = source.links;
    this.#promoted = source.promoted;
    this.#variables = source.variables;
    this.#head = source;
    this.#canvas = source.canvas;
  }

  get head(): Pick<Document, 'name' | 'doc' | 'frames'> {
    return this.#head;
  }
  /** Name, frames and text; a `doc` that is left out is removed. */
  set head({ name, doc, frames }: Pick<Document, 'name' | 'doc' | 'frames'>) {
    this.#head = doc === undefined ? { name, frames } : { name, doc, frames };
  }

  get canvas(): Canvas {
    return this.#canvas ?? NOTHING;
  }
  /** A canvas with nothing on it is none. */
  set canvas(canvas: Canvas) {
    const empty = Object.keys(canvas.backdrops).length === 0 && Object.keys(canvas.notes).length === 0;
    this.#canvas = empty ? undefined : canvas;
  }

  get links(): readonly Link[] {
    return this.#links;
  }
  set links(links: readonly Link[]) {
    this.#links = links;
  }

  get promoted(): readonly Promoted[] {
    return this.#promoted;
  }
  set promoted(promoted: readonly Promoted[]) {
    this.#promoted = promoted;
  }

  get variables(): Readonly<Record<string, Variable>> {
    return this.#variables;
  }
  set variables(variables: Readonly<Record<string, Variable>>) {
    this.#variables = variables;
  }

  get nodeCount(): number {
    return this.#nodes?.size ?? Object.keys(this.#source.nodes).length;
  }

  node(id: string): DocumentNode | undefined {
    if (this.#nodes) return this.#nodes.get(id);
    return Object.hasOwn(this.#source.nodes, id) ? this.#source.nodes[id] : undefined;
  }

  /** The nodes that have animations. */
  animated(): [id: string, node: DocumentNode][] {
    const nodes = this.#nodes ?? Object.entries(this.#source.nodes);
    return [...nodes].filter(([, node]) => node.animation !== undefined);
  }

  /** The place of a node among the nodes. */
  indexOf(id: string): number {
    let index = 0;
    for (const key of this.#write().keys()) {
      if (key === id) return index;
      index += 1;
    }
    return -1;
  }

  /** Replaces the node where it stands, or puts a new one at `index` (last where it is left out). */
  putNode(id: string, node: DocumentNode, index?: number): void {
    const nodes = this.#write();
    if (nodes.has(id) || index === undefined || index >= nodes.size) nodes.set(id, node);
    else this.#nodes = new Map([...nodes].toSpliced(index, 0, [id, node]));
  }

  deleteNode(id: string): void {
    this.#write().delete(id);
  }

  /** The same node at the same place under another id. */
  renameNode(from: string, to: string): void {
    this.#nodes = new Map([...this.#write()].map(([id, node]) => [id === from ? to : id, node]));
  }

  finish(): Document {
    const { name, doc, frames } = this.#head;
    return {
      sluice: this.#source.sluice,
      name,
      ...(doc === undefined ? {} : { doc }),
      frames,
      variables: this.#variables,
      promoted: this.#promoted,
      nodes: this.#nodes ? Object.fromEntries(this.#nodes) : this.#source.nodes,
      links: this.#links,
      ...(this.#canvas === undefined ? {} : { canvas: this.#canvas }),
    };
  }

  #write(): Map<string, DocumentNode> {
    this.#nodes ??= new Map(Object.entries(this.#source.nodes));
    return this.#nodes;
  }
}
