// The elements of one node: built by hand and kept up to date by comparing, as hundreds of them have to be quick.
import { NODE } from './geometry.ts';
import { categoryColour } from './palette.ts';
import type { Side, Socket } from './ports.ts';
import type { SceneNode } from './scene.ts';
import { BADGE_WORDS, type BadgeKind, type Status } from './status.ts';

/** Told when sockets come and go, so that wires can be dragged from them. */
export interface SocketHooks {
  mounted(element: HTMLElement, node: string, side: Side, key: string): void;
  unmounted(element: HTMLElement): void;
}

const SVG = 'http://www.w3.org/2000/svg';

/** Shapes of badges in a box of 12: they differ without their colour. */
const SHAPES: Readonly<Record<BadgeKind, string>> = {
  error: 'M3.8 1h4.4L11 3.8v4.4L8.2 11H3.8L1 8.2V3.8Z M6 3.4v3.2 M6 8.3v.5',
  warning: 'M6 1.4 11 10.4H1Z M6 4.8v2.6 M6 8.6v.4',
  computing: 'M6 1.5A4.5 4.5 0 1 1 1.5 6',
  cached: 'M6 3.2 8.8 6 6 8.8 3.2 6Z',
  disabled: 'M6 1.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9Z M2.9 2.9l6.2 6.2',
};

export class NodeElements {
  readonly root = make('div', 'node');
  readonly #title = make('span', 'node-title');
  readonly #viewed = make('span', 'node-viewed');
  readonly #summary = make('div', 'node-summary');
  readonly #badge = make('button', 'node-badge');
  readonly #shape = document.createElementNS(SVG, 'path');
  readonly #spent = make('div', 'node-spent');
  #ports: HTMLElement[] = [];
  #picture: HTMLCanvasElement | undefined;
  #node: SceneNode | undefined;
  /** False while the node has a place for a picture and no picture in it. */
  drawn = true;
  #status: Status | undefined;
  readonly #hooks: SocketHooks;

  constructor(hooks: SocketHooks) {
    this.#hooks = hooks;
    const head = make('div', 'node-head');
    head.append(this.#title, this.#viewed);
    const drawing = document.createElementNS(SVG, 'svg');
    drawing.setAttribute('viewBox', '0 0 12 12');
    drawing.setAttribute('aria-hidden', 'true');
    drawing.append(this.#shape);
    this.#badge.type = 'button';
    this.#badge.tabIndex = -1;
    this.#badge.append(drawing);
    this.root.append(head, this.#summary, this.#spent, this.#badge);
  }

  update(node: SceneNode, status: Status): void {
    const before = this.#node;
    if (before !== node) {
      this.#node = node;
      if (before?.id !== node.id) this.root.dataset['node'] = node.id;
      if (before?.title !== node.title) this.#title.textContent = node.title;
      if (before?.node.type !== node.node.type) {
        this.root.style.setProperty('--edge', categoryColour(node.node.type));
        this.root.classList.toggle('node-dot', node.dot);
      }
      this.root.title = node.entry ? `${node.id}: ${node.entry.title}` : `${node.id}: ${node.node.type}, not installed`;
      this.root.classList.toggle('node-unknown', node.entry === undefined);
      if (before?.width !== node.width) this.root.style.width = `${node.width}px`;
      if (before?.height !== node.height) this.root.style.height = `${node.height}px`;
      if (before?.ends !== node.ends || before.entry !== node.entry || before.id !== node.id) this.#setPorts(node);
      this.#setPicture(node);
    }
    if (this.#status !== status) this.#setStatus(status);
  }

  get ports(): readonly HTMLElement[] {
    return this.#ports;
  }

  set selected(selected: boolean) {
    this.root.classList.toggle('node-selected', selected);
  }

  /** Draws the node's picture into its place; only while the node shows one. */
  draw(picture: CanvasImageSource & { readonly width: number; readonly height: number }): void {
    if (!this.#picture) return;
    this.drawn = true;
    const { width, height } = this.#picture;
    const context = this.#picture.getContext('2d');
    if (!context) return;
    const scale = Math.min(width / picture.width, height / picture.height);
    context.clearRect(0, 0, width, height);
    context.drawImage(
      picture,
      (width - picture.width * scale) / 2,
      (height - picture.height * scale) / 2,
      picture.width * scale,
      picture.height * scale,
    );
  }

  destroy(): void {
    this.#removePorts();
    this.root.remove();
  }

  #setPicture(node: SceneNode): void {
    if (node.picture === (this.#picture !== undefined)) return;
    this.#picture?.remove();
    this.#picture = undefined;
    this.drawn = !node.picture;
    if (!node.picture) return;
    this.#picture = make('canvas', 'node-picture');
    this.#picture.width = NODE.width * 2;
    this.#picture.height = NODE.picture * 2;
    this.root.append(this.#picture);
  }

  #setStatus(status: Status): void {
    const before = this.#status;
    this.#status = status;
    this.root.classList.toggle('node-disabled', status.disabled);
    if (before?.summary !== status.summary) {
      this.#summary.textContent = status.summary;
      this.#summary.title = status.summary;
    }
    if (before?.viewed !== status.viewed) this.#viewed.textContent = status.viewed;
    if (before?.spent !== status.spent) this.#spent.textContent = status.spent ?? '';
    const { badge } = status;
    this.#badge.hidden = badge === undefined;
    if (!badge || (before?.badge?.kind === badge.kind && before.badge.title === badge.title)) return;
    this.#badge.className = `node-badge node-badge-${badge.kind}`;
    this.#badge.title = badge.title;
    this.#badge.setAttribute('aria-label', `${BADGE_WORDS[badge.kind]}: ${badge.title}`);
    this.#shape.setAttribute('d', SHAPES[badge.kind]);
  }

  #setPorts(node: SceneNode): void {
    this.#removePorts();
    this.#ports = [
      ...node.inputs.map((socket, i) => this.#port(node, socket, i)),
      ...node.outputs.map((socket, i) => this.#port(node, socket, i)),
    ];
    this.root.append(...this.#ports);
  }

  #port(node: SceneNode, socket: Socket, index: number): HTMLElement {
    const port = make('div', `port port-${socket.side}`);
    port.classList.toggle('port-free', socket.free);
    port.style.top = `${node.dot ? NODE.dot / 2 - NODE.row / 2 : NODE.title + NODE.summary + index * NODE.row}px`;
    port.style.setProperty('--kind', socket.kind === 'unknown' ? 'var(--quiet)' : `var(--port-${socket.kind})`);
    port.dataset['socket'] = socket.key;
    port.dataset['side'] = socket.side;
    port.title = socket.free
      ? `${socket.label}: drop a wire here to add one. ${socket.doc}`
      : `${socket.label} (${socket.kind}). ${socket.doc}`;
    const mark = make('i', 'port-mark');
    const label = make('span', 'port-label');
    label.textContent = socket.free ? `+ ${socket.label}` : socket.label;
    port.append(mark, label);
    this.#hooks.mounted(port, node.id, socket.side, socket.key);
    return port;
  }

  #removePorts(): void {
    for (const port of this.#ports) {
      this.#hooks.unmounted(port);
      port.remove();
    }
    this.#ports = [];
  }
}

function make<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, className: string): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  element.className = className;
  return element;
}
