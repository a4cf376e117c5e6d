// One frame of one sink, from its description to its file.
import { asEngineError, EngineError } from '../base/error.ts';
import { release } from '../base/release.ts';
import type { Substitution } from '../image/spec.ts';
import type { Delivery, Inputs, Sink, SinkContext } from '../node/define.ts';
import type { Descriptions } from '../plan/describe.ts';
import { placed } from '../plan/fix.ts';
import { type Problem, problemOf } from '../plan/problem.ts';
import { account } from './account.ts';
import { problemsOfFindings } from './findings.ts';
import { type Conversion, foresee } from './foresee.ts';
import type { Gate } from './gate.ts';
import type { LedgerItem } from './ledger.ts';
import { inputChanged, type Packed } from './packer.ts';
import type { Pool } from './pool.ts';
import { firstProblem, inputFiles, type PartTraces, sinkContext, sinkTraces, takenTraces } from './sinking.ts';
import { type PlainTally, Tally } from './tally.ts';

export interface DeliveredFrame {
  readonly tally: PlainTally;
}

interface Planned {
  readonly ctx: SinkContext<unknown, Inputs>;
  readonly delivery: Delivery;
  /** What the sink reported, errors included. */
  readonly problems: readonly Problem[];
}

export class FrameDelivery {
  readonly #descriptions: Descriptions;
  readonly #sink: string;
  readonly #frame: number;
  readonly #found: Problem[] = [];
  #planned: Promise<Planned> | undefined;

  constructor(descriptions: Descriptions, sink: string, frame: number) {
    this.#descriptions = descriptions;
    this.#sink = sink;
    this.#frame = frame;
  }

  get #definition(): Sink<unknown, Inputs> {
    return this.#descriptions.plan.nodes.get(this.#sink)!.definition.deliver as Sink<unknown, Inputs>;
  }

  /** The key of the frame, for the manifest: the same graph from the same files has the same key. */
  async key(): Promise<string> {
    return (await this.#descriptions.describe(this.#sink, this.#frame)).key;
  }

  /** What the sink will make, and what it reports. Throws where something above the sink is in error. */
  plan(): Promise<Planned> {
    this.#planned ??= this.#plan();
    return this.#planned;
  }

  /** The sink's own problems at this frame; the errors among them too, but for those that `less` names. */
  async problems(less: { readonly existing: boolean }): Promise<Problem[]> {
    const thrown = await this.plan().then(
      () => undefined,
      (error: unknown) => asEngineError(error, { node: this.#sink, frame: this.#frame }),
    );
    const found = [...this.#found];
    if (thrown && !found.some((p) => p.code === thrown.code && p.message === thrown.message)) {
      found.push(problemOf(thrown));
    }
    return less.existing ? found.filter((p) => p.code !== 'file-exists') : found;
  }

  async #plan(): Promise<Planned> {
    const { plan } = this.#descriptions;
    const node = plan.nodes.get(this.#sink)!;
    const error = (await this.#descriptions.problems(this.#sink, this.#frame)).find((p) => p.severity === 'error');
    if (error) throw await firstProblem(this.#descriptions, this.#sink, this.#frame);
    const ctx = await sinkContext(this.#descriptions, this.#sink, this.#frame);
    const delivery = await this.#definition.plan({
      ...ctx,
      report: (problem) => this.#found.push(placed(plan, node, this.#frame, ctx.params, problem)),
    });
    return { ctx, delivery, problems: this.#found };
  }

  async account(): Promise<LedgerItem[]> {
    const { delivery } = await this.plan();
    const traces = await this.#traces();
    return account(this.#descriptions, this.#sink, this.#frame, delivery, traces);
  }

  /** The conversions that delivering would make. */
  async conversions(): Promise<Conversion[]> {
    const { delivery } = await this.plan();
    const traces = await this.#traces();
    return foresee(this.#descriptions, this.#sink, this.#frame, delivery, traces);
  }

  async #traces(): Promise<PartTraces> {
    const { ctx, delivery } = await this.plan();
    return takenTraces(await sinkTraces(this.#descriptions, this.#sink, this.#frame), delivery, ctx.inputs);
  }

  async substitutions(): Promise<Substitution[]> {
    const found = new Map<string, Substitution>();
    for (const { node, frame } of this.#descriptions.above(this.#sink, this.#frame)) {
      const { spec } = await this.#descriptions.describe(node, frame);
      for (const s of spec?.substitutions ?? []) found.set(`${s.node}@${s.asked}`, s);
    }
    return [...found.values()];
  }

  /** The files that the parts at this frame were read from, absolute. */
  inputs(): Promise<string[]> {
    return inputFiles(this.#descriptions, this.#sink, this.#frame);
  }

  /**
   * Packs in the pool, puts in order, finishes the file; removes what was begun where anything fails. `finishing` is
   * called when all is written, before the file comes into its place.
   */
  async deliver(
    pool: Pool,
    pieces: Gate,
    signal: AbortSignal,
    finishing: (tally: PlainTally) => void,
  ): Promise<DeliveredFrame> {
    const { ctx, delivery } = await this.plan();
    const key = await this.key();
    const inputs = await this.#descriptions.identities(this.#sink, this.#frame);
    const writer = await this.#definition.open(ctx, delivery);
    const tally = new Tally();
    // Stops this frame's other pieces when one fails, and remembers which failure came first.
    const own = new AbortController();
    const both = AbortSignal.any([signal, own.signal]);
    const fail = (thrown: unknown): void => own.abort(thrown);
    let last: Promise<void> = Promise.resolve();
    try {
      for (const batch of batchesOf(delivery, await this.#needsWholeFrame())) {
        await pieces.enter();
        if (both.aborted) {
          pieces.leave();
          break;
        }
        const task = { sink: this.#sink, frame: this.#frame, pieces: batch.pieces, key };
        const packed = batch.direct ? undefined : pool.pack(task, both);
        packed?.catch(fail);
        last = last.then(() => this.#put(batch.pieces, packed, delivery, writer, tally)).finally(() => pieces.leave());
        last.catch(fail);
      }
      await last;
      both.throwIfAborted();
      // Files are read when samples are made, which may be after they were described.
      if ((await this.#descriptions.identities(this.#sink, this.#frame)) !== inputs)
        throw inputChanged({ sink: this.#sink, frame: this.#frame });
      const { findings = [], ...made } = tally.take();
      const problems = await problemsOfFindings(this.#descriptions, findings);
      const plain = problems.length > 0 ? { ...made, problems } : made;
      finishing(plain);
      await writer.finish();
      return { tally: plain };
    } catch (thrown) {
      fail(thrown);
      await last.catch(() => {});
      // Why the frame failed matters more than that its remains could not be removed.
      await writer.abort().catch(() => {});
      const where = { node: this.#sink, frame: this.#frame };
      throw signal.aborted ? new EngineError('cancelled', 'cancelled', 'Cancelled.', where) : own.signal.reason;
    }
  }

  async #put(
    indices: readonly number[],
    packed: Promise<Packed> | undefined,
    delivery: Delivery,
    writer: Awaited<ReturnType<Sink<unknown, Inputs>['open']>>,
    tally: Tally,
  ): Promise<void> {
    const result = await packed;
    if (result) tally.add(result.tally);
    for (const [i, index] of indices.entries()) {
      const bytes = result?.bytes[i] ?? [];
      await writer.put(delivery.pieces[index]!, bytes);
      for (const chunk of bytes) release(chunk);
    }
  }

  /** Whether something above works on whole frames: a node, or the file of a picture. */
  async #needsWholeFrame(): Promise<boolean> {
    const { nodes } = this.#descriptions.plan;
    for (const { node, frame } of this.#descriptions.above(this.#sink, this.#frame)) {
      if (nodes.get(node)?.definition.access === 'frame') return true;
      const { spec } = await this.#descriptions.describe(node, frame);
      if (spec?.parts.some((part) => part.picture)) return true;
    }
    return false;
  }
}

/** Direct pieces alone; packed ones alone too, unless something above works on whole frames: then one task has them all. */
function batchesOf(delivery: Delivery, whole: boolean): { direct: boolean; pieces: number[] }[] {
  const batches: { direct: boolean; pieces: number[] }[] = [];
  for (const [index, piece] of delivery.pieces.entries()) {
    const open = batches.at(-1);
    if (whole && open && !open.direct && !piece.direct) open.pieces.push(index);
    else batches.push({ direct: piece.direct, pieces: [index] });
  }
  return batches;
}
