// What a run would do, and what keeps it from starting: sinks, frames, and the errors that stand in its way.
import {
  type CatalogueEntry,
  type Document,
  interpolate,
  type Problem,
  parseFrames,
  parseLinkEnd,
  templateOf,
} from '../../../../engine/browser.ts';
import type { RunOptions } from '../../../protocol.ts';
import { wordsOf } from '../../store/refusal.ts';

/** What the panel keeps between two runs, beside what stands in the document. */
export interface RunForm {
  /** Sinks that are not to be written. */
  readonly without: ReadonlySet<string>;
  /** The frames typed here; absent where the document's hold. */
  readonly range?: string;
  /** Absent for as many as the host has processors. */
  readonly jobs?: number;
  readonly resume: boolean;
  readonly failOnLoss: boolean;
}

export const FIRST_FORM: RunForm = { without: new Set(), resume: false, failOnLoss: false };

export interface Sink {
  /** `write`, or `delivery/write` for one in a template. */
  readonly id: string;
  readonly title: string;
  /** Where it writes, as its parameters say. */
  readonly path: string;
  /** Bypassed: it writes nothing. */
  readonly disabled: boolean;
}

/** The nodes that write files, those in templates too, in the order of the document. */
export function sinksOf(document: Document, catalogue: readonly CatalogueEntry[]): Sink[] {
  const writing = new Map(catalogue.filter(({ sink }) => sink).map((entry) => [entry.type, entry]));
  return Object.entries(document.nodes).flatMap(([id, node]): Sink[] => {
    const disabled = node.disabled === true;
    const entry = writing.get(node.type);
    if (entry) {
      const { path } = node.params;
      return [{ id, title: node.title ?? id, path: typeof path === 'string' ? path : entry.title, disabled }];
    }
    const held = templateOf(node);
    if (!held) return [];
    return sinksOf(held.template, catalogue).map((inner) => ({
      ...inner,
      id: `${id}/${inner.id}`,
      title: `${node.title ?? id}/${inner.title}`,
      disabled: disabled || inner.disabled,
    }));
  });
}

/** The sinks that a run would write. */
export const chosenSinks = (sinks: readonly Sink[], { without }: RunForm): readonly Sink[] =>
  sinks.filter(({ id, disabled }) => !disabled && !without.has(id));

export type Frames =
  /** `list` is absent where only the inputs can tell. */
  | { readonly text: string; readonly list?: ReadonlySet<number>; readonly trouble?: undefined }
  | { readonly text: string; readonly list?: undefined; readonly trouble: string };

/** The frames of a run: those typed, else the document's, else those that the inputs have (an empty text). */
export function framesOf(document: Document, { range }: RunForm): Frames {
  const text = (range ?? document.frames.range ?? '').trim();
  if (text === '') return { text };
  try {
    const plain = interpolate(text, (name) =>
      Object.hasOwn(document.variables, name) ? document.variables[name]!.default : undefined,
    );
    return { text, list: listOf(plain) };
  } catch (thrown) {
    return { text, trouble: wordsOf(thrown) };
  }
}

let last: { readonly text: string; readonly list: ReadonlySet<number> } | undefined;

/** A text may name a million frames and is asked about at every change of anything: the last one is kept. */
function listOf(text: string): ReadonlySet<number> {
  if (last?.text !== text) last = { text, list: new Set(parseFrames(text)) };
  return last.list;
}

/** Why a run cannot start: sentences, and errors of the graph to go to. Empty where it can. */
export interface Obstacles {
  readonly reasons: readonly string[];
  readonly errors: readonly Problem[];
}

/** Errors of nodes that no chosen sink needs, and of frames that are not asked for, stop nothing. */
export function obstaclesOf(
  document: Document,
  sinks: readonly Sink[],
  form: RunForm,
  problems: readonly Problem[],
): Obstacles {
  const chosen = chosenSinks(sinks, form);
  const frames = framesOf(document, form);
  const reasons: string[] = [];
  if (sinks.length === 0) reasons.push('Nothing in the graph writes files. Add a node that does.');
  else if (chosen.length === 0) reasons.push('Choose what to write.');
  if (frames.trouble !== undefined) reasons.push('The frames are not understood.');
  if (chosen.length === 0) return { reasons, errors: [] };
  const needed = upstream(
    document,
    chosen.map(({ id }) => outerOf(id)),
  );
  const errors = problems.filter(
    ({ severity, code, where: { node, frame } }) =>
      severity === 'error' &&
      (node === undefined || needed.has(outerOf(node))) &&
      (frame === undefined || frames.list === undefined || frames.list.has(frame)) &&
      // A run that is taken up again finds its own files there.
      !(form.resume && code === 'file-exists'),
  );
  return { reasons, errors };
}

/** The node of the document that a node in a template belongs to. */
export const outerOf = (id: string): string => id.split('/', 1)[0]!;

function upstream(document: Document, ids: readonly string[]): ReadonlySet<string> {
  const found = new Set(ids);
  for (const id of found) {
    for (const { from, to } of document.links) if (parseLinkEnd(to).node === id) found.add(parseLinkEnd(from).node);
  }
  return found;
}

/** What is asked of the host. No sinks are named where all are to be written. */
export function optionsOf(
  sinks: readonly Sink[],
  form: RunForm,
  { processors }: { readonly processors: number },
): RunOptions {
  const chosen = chosenSinks(sinks, form);
  const all = chosen.length === sinks.filter(({ disabled }) => !disabled).length;
  const range = form.range?.trim() ?? '';
  return {
    sinks: all ? [] : chosen.map(({ id }) => id),
    ...(range === '' ? {} : { range }),
    jobs: form.jobs ?? processors,
    resume: form.resume,
    failOnLoss: form.failOnLoss,
  };
}
