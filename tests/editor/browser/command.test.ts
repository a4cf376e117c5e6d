// npm run edit as a terminal runs it: prints the address of a page that is there, and Ctrl-C ends all of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporary } from './host.ts';

const SCRIPT = fileURLToPath(new URL('../../../fixtures/edit.ts', import.meta.url));

test.skipIf(process.platform === 'win32')('Ctrl-C ends the editor and its host, and is no failure', async () => {
  const { CI: _, ...env } = process.env;
  // A group of its own, as a terminal gives one to what it runs: the keyboard's signal reaches all of it.
  const child = spawn(process.execPath, [SCRIPT, '--no-open'], {
    detached: true,
    env: { ...env, XDG_STATE_HOME: temporary() },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const group = -child.pid!;
  try {
    let said = '';
    for await (const text of child.stdout.setEncoding('utf8')) {
      said += text;
      if (/token=\S+\n/.test(said)) break;
    }
    const [address] = /http:\S+/.exec(said) ?? [];
    const page = await fetch(address!);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<title>Sluice')]);
    process.kill(group, 'SIGINT');
    expect(await ended).toEqual([0, null]);
    expect(() => process.kill(group, 0), 'nothing of it is left').toThrow('ESRCH');
  } finally {
    if (child.exitCode === null) process.kill(group, 'SIGKILL');
  }
});
