// Pipes whose reader goes away (`| head`): the end is quiet, and the exit code claims nothing that the command did not come to.
import { spawnSync } from 'node:child_process';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { LAUNCHER } from '../launcher.ts';
import { writeSequence } from './footage.ts';
import { temporaryFolder } from './sluice.ts';

const root = temporaryFolder();

/** Exit code and stderr of a command whose output nobody reads. */
function unread(...args: string[]): readonly [code: number, stderr: string] {
  const command = `"${process.execPath}" "${LAUNCHER}" ${args.join(' ')} | true; exit "\${PIPESTATUS[0]}"`;
  const { status, stderr } = spawnSync('bash', ['-c', command], { cwd: root, encoding: 'utf8' });
  return [status!, stderr];
}

describe('nobody reads what is printed', () => {
  beforeAll(async () => {
    await writeSequence(join(root, 'sound'), 'a', [1, 2, 3, 4]);
    await writeSequence(join(root, 'broken'), 'a', [1, 2, 3], { sample: () => 1 });
    truncateSync(join(root, 'broken', 'a.0002.exr'), 900);
  });

  test.each<[string, number, string[]]>([
    ['a command that is done has found nothing', 0, ['inspect', 'sound']],
    ['nor has one that only tells', 0, ['--help']],
    ['a command that is done has found something', 1, ['audit', 'broken']],
    ['and some of several', 1, ['audit', 'sound', 'broken', 'sound']],
    ['files differ', 1, ['diff', 'sound/a.0001.exr', 'broken/a.0001.exr']],
    ['frames are left to look at: as by SIGPIPE', 141, ['inspect', 'sound', '--stats']],
  ])('%s: %i', (_, code, args) => {
    expect(unread(...args)).toEqual([code, '']);
  });
});
