// The command line: which command was asked for, and how errors, signals and the exit code are treated for all of them.
import { readFileSync } from 'node:fs';

/** Runs a command line and sets the exit code of the process. Commands are loaded when they are called. */
export async function main(args: readonly string[]): Promise<void> {
  process.on('uncaughtException', async (thrown) => {
    const { printError } = await import('./trouble.ts');
    printError(thrown);
    process.exit(1);
  });
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    const { version } = await import('./commands/version.ts');
    process.exitCode = await version(versionText(), { ask: false });
    return;
  }
  const { runProgram } = await import('./program.ts');
  process.exitCode = await runProgram(args, versionText());
}

function versionText(): string {
  const { name, version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    name: string;
    version: string;
  };
  return `${name} ${version} (node ${process.versions.node})`;
}
