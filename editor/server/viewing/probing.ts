// Answers to probes: which thread has the samples of a small region, and what it finds there.
import { type Box, boxHeight, boxWidth, EngineError } from '../../../engine/index.ts';
import type { Request } from '../../protocol.ts';
import type { Studio } from './studio.ts';
import { type Answer, BAND_ROWS } from './task.ts';

/** Pixels of a probe at most. */
const MOST_PROBED = 4096;

type Asked<K extends Request['kind']> = Extract<Request, { kind: K }>;
type Question = Asked<'probe'> | Asked<'samples'>;

/** Asks for a region of a node, at most 4096 pixels. Rejects with `usage` for more of them, and with what is wrong above the node. */
export function probe(studio: Studio, question: Asked<'probe'>): Promise<Extract<Answer, { kind: 'probe' }>>;
export function probe(studio: Studio, question: Asked<'samples'>): Promise<Extract<Answer, { kind: 'samples' }>>;
export async function probe(studio: Studio, question: Question): Promise<Answer> {
  const { node: id, frame, part, box } = question;
  refuseLarge(box);
  const { work, order, node = id } = await studio.motifs.of(await studio.work(), question);
  const window = (await work.descriptions.describe(node, frame)).spec?.parts[part]?.dataWindow;
  // The thread that shows this band has its samples.
  const place = window ? Math.max(0, Math.floor((box.minY - window.minY) / BAND_ROWS)) : 0;
  const { signal } = new AbortController();
  const assignment = { place, priority: 'view', work: order, signal } as const;
  return question.kind === 'probe'
    ? studio.painters.ask({ kind: 'probe', node, frame, part, box }, assignment)
    : studio.painters.ask({ kind: 'samples', node, frame, part, box, channels: question.channels }, assignment);
}

function refuseLarge(box: Box): void {
  const pixels = boxWidth(box) * boxHeight(box);
  if (pixels >= 1 && pixels <= MOST_PROBED) return;
  throw new EngineError('usage', 'usage', `Expected a region of 1 to ${MOST_PROBED} pixels, found ${pixels}.`);
}
