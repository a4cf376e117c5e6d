// The run panel's logic: what would be run, what keeps it from starting, the farm's command line, and rows to read and copy.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { LogLine, RunOptions } from '../../editor/protocol.ts';
import { commandLine, quoted } from '../../editor/ui/panels/run/command.ts';
import { duration, outcomeOf, progressText } from '../../editor/ui/panels/run/outcome.ts';
import {
  chosenSinks,
  FIRST_FORM,
  framesOf,
  obstaclesOf,
  optionsOf,
  type RunForm,
  sinksOf,
} from '../../editor/ui/panels/run/plan.ts';
import { clockOf, ledgerGroups, ledgerText, logLines, logText } from '../../editor/ui/panels/run/rows.ts';
import { type Document, emptyDocument, type LedgerEntry, type Problem, saveDocument } from '../../engine/browser.ts';
import { catalogue, createRegistry } from '../../engine/index.ts';
import { nodes } from '../../nodes/index.ts';
import { random } from '../base/random.ts';
import { LAUNCHER } from '../launcher.ts';

const entries = catalogue(createRegistry(nodes));
const read = { type: 'io.read', version: 1, params: { path: 'in/a.%04d.exr' }, at: [0, 0] } as const;
const write = (path: string) => ({ type: 'io.write', version: 1, params: { path }, at: [300, 0] }) as const;
const graph: Document = {
  ...emptyDocument('shot'),
  nodes: { read, other: read, one: write('out/one.%04d.exr'), two: write('out/two.%04d.exr') },
  links: [
    { from: 'read.image', to: 'one.image' },
    { from: 'other.image', to: 'two.image' },
  ],
};
const form = (change: Partial<RunForm>): RunForm => ({ ...FIRST_FORM, ...change });
const error = (node?: string, frame?: number, code: Problem['code'] = 'file-not-found'): Problem => ({
  severity: 'error',
  code,
  message: 'It is not there.',
  where: { ...(node === undefined ? {} : { node }), ...(frame === undefined ? {} : { frame }) },
});

describe('sinks', () => {
  test('are the nodes that write, in the order of the document, bypassed ones and those in templates too', () => {
    const document: Document = {
      ...graph,
      nodes: {
        ...graph.nodes,
        two: { ...write('out/two.%04d.exr'), disabled: true },
        delivery: {
          type: 'template.instance',
          version: 1,
          params: { template: JSON.parse(saveDocument(graph)) },
          at: [0, 300],
        },
      },
    };
    const sinks = sinksOf(document, entries);
    expect(sinks.map(({ id, disabled }) => [id, disabled])).toEqual([
      ['one', false],
      ['two', true],
      ['delivery/one', false],
      ['delivery/two', false],
    ]);
    expect(sinks[0]!.path).toBe('out/one.%04d.exr');
    expect(chosenSinks(sinks, form({ without: new Set(['delivery/one']) })).map(({ id }) => id)).toEqual([
      'one',
      'delivery/two',
    ]);
  });

  test('are named in a request only where some are left out', () => {
    const sinks = sinksOf(graph, entries);
    const processors = { processors: 8 };
    expect(optionsOf(sinks, FIRST_FORM, processors)).toEqual({ sinks: [], jobs: 8, resume: false, failOnLoss: false });
    const some = form({ without: new Set(['two']), range: ' 1-3 ', jobs: 2, resume: true, failOnLoss: true });
    expect(optionsOf(sinks, some, processors)).toEqual({
      sinks: ['one'],
      range: '1-3',
      jobs: 2,
      resume: true,
      failOnLoss: true,
    });
  });
});

describe('frames', () => {
  test("are those typed, else the graph's with its variables filled in, else left to the inputs", () => {
    const ranged: Document = {
      ...graph,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder that people type
      frames: { ...graph.frames, range: '${first}-1010' },
      variables: { first: { type: 'number', default: 1001 } },
    };
    expect(framesOf(graph, FIRST_FORM)).toEqual({ text: '' });
    expect(framesOf(ranged, FIRST_FORM).list?.size).toBe(10);
    expect(framesOf(ranged, form({ range: '1-9x2, 4' })).list).toEqual(new Set([1, 3, 5, 7, 9, 4]));
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder that people type
    expect(framesOf(ranged, form({ range: '${gone}' })).trouble).toContain('gone');
    expect(framesOf(graph, form({ range: '1-' })).trouble).toContain('frame');
    expect(framesOf(graph, form({ range: '1-99999999' })).trouble).toContain('1000000');
  });
});

describe('obstacles', () => {
  const sinks = sinksOf(graph, entries);

  test('are the errors of what the chosen sinks need, at the frames asked for', () => {
    const errors = (change: Partial<RunForm>, ...problems: readonly Problem[]): number =>
      obstaclesOf(graph, sinks, form(change), problems).errors.length;
    expect(errors({}, error('read'), error('other'), error())).toBe(3);
    expect(errors({ without: new Set(['two']) }, error('read'), error('other'), error())).toBe(2);
    expect(errors({ without: new Set(['two']) }, error('one/inner'))).toBe(1);
    expect(errors({ range: '1-3' }, error('read', 2), error('read', 4))).toBe(1);
    expect(errors({}, { ...error('read'), severity: 'warning' })).toBe(0);
    expect(errors({}, error('one', 1, 'file-exists'))).toBe(1);
    expect(errors({ resume: true }, error('one', 1, 'file-exists'))).toBe(0);
  });

  test('are said in words where there is nothing to write or the frames cannot be read', () => {
    const reasons = (document: Document, change: Partial<RunForm>): readonly string[] =>
      obstaclesOf(document, sinksOf(document, entries), form(change), []).reasons;
    expect(reasons(graph, {})).toEqual([]);
    expect(reasons(emptyDocument(), {})).toHaveLength(1);
    expect(reasons(graph, { without: new Set(['one', 'two']) })).toEqual(['Choose what to write.']);
    expect(reasons(graph, { range: 'x' })).toHaveLength(1);
  });
});

describe('the command line', () => {
  const options: RunOptions = { sinks: [], jobs: 4, resume: false, failOnLoss: false };

  test('says what the panel would do', () => {
    expect(commandLine('/shots/a.sluice.json', options)).toBe('sluice run /shots/a.sluice.json --jobs 4');
    expect(
      commandLine('-odd.json', { sinks: ['one', 'b/c'], range: '1001-1008', jobs: 2, resume: true, failOnLoss: true }),
    ).toBe('sluice run ./-odd.json --frames 1001-1008 --write one --write b/c --jobs 2 --resume --fail-on-loss');
    expect(commandLine('a.json', { ...options, range: '-5--1' })).toContain(' --frames=-5--1 ');
    expect(commandLine('a.json', { ...options, range: '1, 5' })).toContain(" --frames '1, 5' ");
  });

  test('reaches a shell as it was meant, whatever the names hold', () => {
    const { int, pick } = random(7);
    const letters = [...'ab$`\\"\'!*?[]{}()<>|&;~# \n\té漢%=-'];
    const texts = Array.from({ length: 200 }, () => Array.from({ length: int(1, 12) }, () => pick(letters)).join(''));
    const script = `printf '%s\\0' ${texts.map(quoted).join(' ')}`;
    const { stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
    expect(stdout.split('\0').slice(0, -1)).toEqual(texts);
  });

  test('is one that the program takes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice run '));
    try {
      const path = join(folder, "it's a graph.sluice.json");
      mkdirSync(folder, { recursive: true });
      writeFileSync(path, saveDocument(emptyDocument()));
      const line = commandLine(path, { sinks: [], range: '-5--1', jobs: 1, resume: true, failOnLoss: true });
      const script = line.replace(/^sluice /, `"${process.execPath}" "${LAUNCHER}" `);
      const { status, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
      // Nothing to write: the graph does not validate. A wrong command line would be 2.
      expect([status, stderr]).toEqual([3, expect.stringContaining('no-sink')]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('outcomes', () => {
  test('each exit code has its own words', () => {
    const codes = [0, 1, 2, 3, 4, 5, 130];
    const texts = codes.map((exitCode) => outcomeOf({ state: 'done', exitCode })!.text);
    expect(new Set(texts).size).toBe(codes.length);
    expect(outcomeOf({ state: 'running' })).toBeUndefined();
    expect(outcomeOf({ state: 'cancelled' })!.text).toMatch(/^Cancelled/);
    expect(outcomeOf({ state: 'failed', exitCode: 77 })).toEqual({ kind: 'error', text: 'Ended with exit code 77.' });
  });

  test('progress says how far and how long', () => {
    expect(progressText({ done: 0, total: 0 })).toBe('Looking at the graph');
    expect(progressText({ done: 0, total: 1 })).toBe('0 of 1 frame');
    expect(progressText({ done: 3, total: 8, left: 12.3 })).toBe('3 of 8 frames, about 12 s left');
    expect([duration(-1), duration(89.4), duration(90), duration(3600), duration(6000)]).toEqual([
      '0 s',
      '89 s',
      '2 min',
      '60 min',
      '1 h 40 min',
    ]);
  });
});

describe('rows', () => {
  const entry = (kind: LedgerEntry['kind'], name: string): LedgerEntry => ({
    kind,
    item: 'channel',
    name,
    from: 'read',
    sink: 'one',
    reason: 'no row takes it',
    frames: '1001-1008',
  });
  const ledger = [entry('changed', 'b'), entry('lost', 'Z'), { ...entry('converted', 'N.X'), samples: 12, altered: 3 }];

  test('of the ledger stand by kind, the worst first, and a filter looks at all that is shown', () => {
    expect(ledgerGroups(ledger, '').map(({ kind }) => kind)).toEqual(['lost', 'converted', 'changed']);
    expect(ledgerGroups(ledger, 'n.x').map(({ kind }) => kind)).toEqual(['converted']);
    expect(ledgerGroups(ledger, 'LOST').map(({ kind }) => kind)).toEqual(['lost']);
    expect(ledgerGroups(ledger, 'nothing')).toEqual([]);
    expect(ledgerText(ledgerGroups(ledger, ''))).toBe(
      [
        'lost',
        '  channel  Z    read  one  1001-1008  no row takes it',
        'converted',
        '  channel  N.X  read  one  1001-1008  no row takes it (12 samples, 3 altered)',
        'changed',
        '  channel  b    read  one  1001-1008  no row takes it',
        '',
      ].join('\n'),
    );
  });

  test('of the log are those of a level and worse', () => {
    const line = (level: LogLine['level'], text: string, node?: string): LogLine => ({
      at: '2026-01-02T03:04:05.000Z',
      level,
      text,
      ...(node === undefined ? {} : { node, frame: 7 }),
    });
    const log = [line('info', 'begun'), line('warning', 'held', 'read'), line('error', 'gone', 'one')];
    const texts = (level: LogLine['level'], query = ''): string[] =>
      logLines(log, { level, query }).map(({ text }) => text);
    expect(texts('info')).toEqual(['begun', 'held', 'gone']);
    expect(texts('warning')).toEqual(['held', 'gone']);
    expect(texts('error')).toEqual(['gone']);
    expect(texts('info', 'READ')).toEqual(['held']);
    expect(logText(log.slice(0, 2))).toBe(
      '2026-01-02T03:04:05.000Z info begun\n2026-01-02T03:04:05.000Z warning [read, frame 7] held\n',
    );
    expect(clockOf(log[0]!.at)).toMatch(/^\d\d:04:05$/);
    expect(clockOf('never')).toBe('never');
  });
});
