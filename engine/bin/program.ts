// The commands with their options and help; each command's own module is loaded when it is called.
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { parseFrames } from '../files.ts';
import { err, out } from './terminal.ts';
import { EXIT, exitCodeOf, printError } from './trouble.ts';

/** Reads a command line, carries the command out and returns the exit code. */
export async function runProgram(args: readonly string[], version: string): Promise<number> {
  let code: number = EXIT.done;
  const program = new Command('sluice')
    .description('Reactive dataflow for OpenEXR image sequences: runs graphs, looks into files, compares them.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => out.write(text),
      writeErr: (text) => err.write(text),
      outputError: (text, write) =>
        write(text.replace(/^error: /, `${err.style('red', 'error')} usage: `).replace(SPREAD, `$&${ONE_ARGUMENT}`)),
    })
    .showHelpAfterError('Add --help to see what there is.')
    .addHelpText('after', EXAMPLES.sluice);

  graphOptions(program.command('run').description('Renders what a graph writes.'))
    .option('--jobs <n>', 'worker threads; as many as there are processors where left out, 0 for none', wholeNumber)
    .option('--memory <size>', 'memory for the caches of all workers together, such as 512M or 2G', byteSize)
    .option('--resume', 'leave out frames that an earlier run of the same graph finished')
    .option('--dry-run', 'write nothing; list what would be written, lost, converted or in the way')
    .option('--fail-on-loss', 'fail a frame where anything of an input does not reach its output')
    .option('--report <file>', 'write frames, outcomes, ledger and problems to a JSON file')
    .option('--json', 'print the report on stdout and nothing else')
    .option('--quiet', 'print nothing but problems and errors')
    .addHelpText('after', EXAMPLES.run)
    .action(async (graph, options) => {
      code = await (await import('./commands/run.ts')).run(graph, options);
    });

  graphOptions(program.command('validate').description('Checks a graph at the first of its frames, without rendering.'))
    .option(
      '--check-pixels',
      'make the samples of all frames and count those that are no number, infinite or too large for half',
    )
    .option('--json', 'print frames, problems and exit code as JSON')
    .addHelpText('after', EXAMPLES.validate)
    .action(async (graph, options) => {
      code = await (await import('./commands/validate.ts')).validate(graph, options);
    });

  program
    .command('edit')
    .description('Opens the editor in a browser; nothing but this machine can reach it.')
    .argument('[graph]', 'a *.sluice.json file; one that does not exist is made when it is saved')
    .option('--port <n>', 'the port on 127.0.0.1; one that is free where left out', portNumber)
    .option('--no-open', 'only print the address')
    .addOption(repeated('--root <folder>', "read and write there too, not only in the graph's folder and its inputs'"))
    .addOption(repeated('--nodes <pack>', 'a module with more nodes; repeatable'))
    .addHelpText('after', EXAMPLES.edit)
    .action(async (graph, options) => {
      code = await (await import('./commands/edit.ts')).edit(graph, options);
    });

  program
    .command('inspect')
    .description('Shows what is in a file; of a sequence also its range, its gaps and what changes between frames.')
    .argument('<path>', 'an EXR file, a pattern such as in/beauty.%04d.exr, or a folder that holds one sequence')
    .option('--attributes', 'print the values of attributes in full')
    .option('--stats', 'least, greatest and mean sample of each channel, and how many are NaN or infinite')
    .option('--checksums', 'SHA-256 of the samples of each part, level and channel')
    .option('--json', 'print everything as JSON')
    .addHelpText('after', EXAMPLES.inspect)
    .action(async (path, options) => {
      code = await (await import('./commands/inspect.ts')).inspect(path, options);
    });

  program
    .command('diff')
    .description('Compares two files or two sequences. Exit code 0: the same, 1: they differ.')
    .argument('<a>', 'an EXR file, a pattern or a folder that holds one sequence')
    .argument('<b>', 'what to compare it with')
    .option('--pixels', 'compare parts, channels and samples only')
    .option('--attributes', 'compare parts, channels, windows and attributes only')
    .option('--json', 'print the differences as JSON')
    .addHelpText('after', EXAMPLES.diff)
    .action(async (a, b, options) => {
      code = await (await import('./commands/diff.ts')).diff(a, b, options);
    });

  program
    .command('audit')
    .description('Looks through whole sequences by their headers. Exit code 0: nothing found, 1: something is.')
    .argument('<sequences...>', 'patterns such as in/beauty.%04d.exr, folders of sequences, or EXR files')
    .option('--pixels', 'unpack samples too: what is no number, infinite, black or the same in several frames')
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', EXAMPLES.audit)
    .action(async (sequences, options) => {
      code = await (await import('./commands/audit.ts')).audit(sequences, options);
    });

  program
    .command('open')
    .description('Writes out the graph that a file carries inside, where Write EXR was asked to embed its recipe.')
    .argument('<file>', 'an EXR file')
    .option('--out <graph>', 'the file to make, never one that exists; stdout where left out')
    .addHelpText('after', EXAMPLES.open)
    .action(async (file, options) => {
      code = await (await import('./commands/open.ts')).open(file, options);
    });

  program
    .command('verify')
    .description('Renders the frame of a file again from the recipe inside. Exit code 0: the same, 1: it differs.')
    .argument('<file>', 'an EXR file that Write EXR made with embedRecipe')
    .option(
      '--folder <folder>',
      'where relative paths of the graph begin; told from the path of the file where left out',
    )
    .option('--write <node>', 'the node that wrote the file, where that is in doubt')
    .addOption(repeated('--root <folder>', 'read nothing outside this folder; repeatable'))
    .addOption(repeated('--nodes <pack>', 'a module with more nodes; repeatable'))
    .option('--json', 'print the differences as JSON')
    .addHelpText('after', EXAMPLES.verify)
    .action(async (file, options) => {
      code = await (await import('./commands/verify.ts')).verify(file, options);
    });

  program
    .command('bake')
    .description('Bakes displacement from a mesh and its tangent-space normal maps, one EXR file for each UDIM tile.')
    .argument('<mesh>', 'an FBX, OBJ, glTF or GLB file')
    .requiredOption('--normal <pattern>', 'the normal maps, such as in/hero.<UDIM>.png; one file is tile 1001')
    .requiredOption('--out <pattern>', 'where the heights go, such as out/hero.<UDIM>.exr')
    .option('--uv-set <name>', 'the UV set; the first one where left out')
    .option('--material <name>', 'bake the faces of this material only')
    .addOption(
      new Option('--loader <program>', 'what reads the mesh; auto where left out').choices([
        'auto',
        'assimp',
        'blender',
      ] as const),
    )
    .option('--channels <names>', 'the channels of x, y and z, such as R,G', names)
    .addOption(
      new Option(
        '--range <range>',
        'how the maps store components: 0 to 1; the same with 128 of 255 as 0; -1 to 1. unsigned where left out',
      ).choices(['unsigned', 'byte', 'signed'] as const),
    )
    .option('--y-is-down', 'green grows downwards (-Y, DirectX)')
    .addOption(
      new Option(
        '--normalization <way>',
        'make normals of length 1, make z anew from x and y, or take them as they are; auto (xyz, or xy of two channels) where left out',
      ).choices(['auto', 'xyz', 'xy', 'none'] as const),
    )
    .option('--mikktspace', 'for maps baked in MikkTSpace, as most bakers do: mirrored islands are not turned')
    .option('--max-slope <n>', 'steeper normals are taken as if they were of this slope; 10 where left out', decimal)
    .option('--amplitude <n>', 'what heights are multiplied by; 1 where left out', decimal)
    .option('--metric', 'heights in millimetres of the surface, in place of texels')
    .option('--millimetres <n>', 'how long a unit of the mesh is, for --metric, where its file does not say', decimal)
    .option('--tolerance <n>', 'the relative residual of the solution; 1e-6 where left out', decimal)
    .option('--max-iterations <n>', 'more of them are an error; 10000 where left out', decimal)
    .option('--tiles <list>', 'bake these tiles only, such as 1001-1003,1011')
    .option(
      '--replicate-udims <list>',
      'tiles that are baked from the first map where they have none: 1002,1011 or all',
    )
    .option('--padding <n>', 'pixels by which islands are grown outwards; none where left out', decimal)
    .option('--rgba', 'write R = G = B = height and A = 1 in place of the channel height')
    .option('--export-sidecars', 'write the islands too: their numbers, their borders, and a table as JSON')
    .option('--compression <method>', 'how the heights are packed, such as zip, piz or none')
    .option('--overwrite', 'replace files that are there already')
    .option(
      '--processes <n>',
      'tiles at once; as processors and memory allow where left out, 0 for no threads',
      wholeNumber,
    )
    .option('--deterministic', 'accepted; the same files come out of every run whatever is said')
    .option('--resume', 'leave out tiles that an earlier run of the same bake finished')
    .option('--dry-run', 'write nothing; list what would be written')
    .option('--save-graph <file>', 'write the graph that the command stands for, to open it with sluice edit')
    .addOption(repeated('--root <folder>', 'read and write nothing outside this folder; repeatable'))
    .option('--report <file>', 'write tiles, outcomes, ledger and problems to a JSON file')
    .option('--json', 'print the report on stdout and nothing else')
    .option('--quiet', 'print nothing but problems and errors')
    .addHelpText('after', EXAMPLES.bake)
    .action(async (path, options) => {
      code = await (await import('./commands/bake.ts')).bake(path, options);
    });

  const mesh = program.command('mesh').description('Looks into meshes.');
  mesh
    .command('inspect')
    .description('Shows what is in a mesh: materials, UV sets, tiles, islands, and which of them are mirrored.')
    .argument('<mesh>', 'an FBX, OBJ, glTF or GLB file')
    .option('--json <file>', 'write everything to a JSON file too; - for stdout and nothing else')
    .addOption(
      new Option('--loader <program>', 'what reads the file')
        .choices(['auto', 'assimp', 'blender'] as const)
        .default('auto' as const),
    )
    .addOption(repeated('--root <folder>', 'read nothing outside this folder; repeatable'))
    .addHelpText('after', EXAMPLES.mesh)
    .action(async (path, options) => {
      code = await (await import('./commands/mesh.ts')).inspectMesh(path, options);
    });

  program
    .command('nodes')
    .description('The reference of the nodes: all of them in short, or one in full.')
    .argument('[type]', 'a node type such as channel.shuffle')
    .addOption(repeated('--nodes <pack>', 'a module with more nodes; may be given more than once'))
    .option('--json', 'print the catalogue with parameters as JSON Schema')
    .addHelpText('after', EXAMPLES.nodes)
    .action(async (type, options) => {
      code = await (await import('./commands/nodes.ts')).nodes(type, options);
    });

  program
    .command('version')
    .description('What --version prints, and the versions of the programs that it found, which are started for that.')
    .action(async () => {
      code = await (await import('./commands/version.ts')).version(version, { ask: true });
    });

  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) return exitCodeOf(printError(thrown));
    return thrown.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
}

/** The options that `run` and `validate` share. */
function graphOptions(command: Command): Command {
  return command
    .argument('<graph>', 'a *.sluice.json file')
    .option('--frames <range>', 'frames such as 1001-1100, 1-9x2, 1,5,7-9 or -5--1', frameRange)
    .addOption(repeated('--set <node.param=value>', 'a parameter, or a promoted name, for this run; repeatable'))
    .addOption(repeated('--var <name=value>', 'a variable for this run; repeatable'))
    .addOption(repeated('--write <node>', 'render only this node; repeatable'))
    .addOption(repeated('--root <folder>', 'read and write nothing outside this folder; repeatable'))
    .addOption(repeated('--nodes <pack>', 'a module with more nodes; repeatable'))
    .addOption(
      new Option('--missing-chunks <policy>', 'read files that lack chunks too, with black in their place').choices([
        'black',
      ]),
    );
}

const repeated = (flags: string, description: string): Option =>
  new Option(flags, description).argParser((value, earlier: string[]) => [...earlier, value]).default([], 'none');

/** Checks the form of a range before anything is loaded; one with variables is read when their values are known. */
function frameRange(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Expected frames such as 1001-1100, 1-9x2 or 1,5,7.');
  try {
    if (!text.includes('$')) parseFrames(text);
  } catch (thrown) {
    throw new InvalidArgumentError((thrown as Error).message);
  }
  return text;
}

const MOST_JOBS = 256;

function wholeNumber(text: string): number {
  if (!/^\d{1,3}$/.test(text) || Number(text) > MOST_JOBS) {
    throw new InvalidArgumentError(`Expected a whole number from 0 to ${MOST_JOBS}.`);
  }
  return Number(text);
}

function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('Expected a port from 0 to 65535.');
  return Number(text);
}

function decimal(text: string): number {
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) throw new InvalidArgumentError('Expected a number.');
  return Number(text);
}

const names = (text: string): string[] => text.split(',').map((name) => name.trim());

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

function byteSize(text: string): number {
  const match = /^(\d{1,12}(?:\.\d{1,6})?)([KMGT]?)(?:i?B)?$/i.exec(text);
  const bytes = match ? Math.floor(Number(match[1]) * UNITS[match[2]!.toUpperCase()]!) : 0;
  if (bytes < 1) throw new InvalidArgumentError('Expected a size such as 512M or 2G.');
  return bytes;
}

/** What a shell makes of a star. */
const SPREAD = /too many arguments for '(inspect|diff)'.*\./;
const ONE_ARGUMENT =
  ' A sequence is one argument, such as in/beauty.%04d.exr or its folder; a shell makes many of a *.';

const EXAMPLES = {
  sluice: `
Examples:
  sluice run graphs/recombine.sluice.json
  sluice inspect in/beauty.%04d.exr
  sluice diff before.exr after.exr
  sluice run --help

Exit codes: 0 done, 1 failed (or files differ), 2 wrong usage, 3 the graph does not validate,
4 some frames failed or were substituted, 5 a loss under --fail-on-loss, 130 cancelled, 129 by SIGHUP,
141 stopped because nobody reads its output any more (| head).
SLUICE_DEBUG=1 adds stack traces to errors; NO_COLOR=1 turns colour off.`,
  run: `
Examples:
  sluice run shot.sluice.json --frames 1001-1010 --jobs 4
  sluice run shot.sluice.json --set write.compression=piz --set 'read.path=in/b.%04d.exr' --var shot=sh020
  sluice run shot.sluice.json --resume --report run.json
  sluice run shot.sluice.json --dry-run --fail-on-loss

Values of --set are JSON where the parameter takes that, else plain text. Options that are repeatable take one value
each: --write beauty --write utility.`,
  validate: `
Examples:
  sluice validate shot.sluice.json
  sluice validate shot.sluice.json --var shot=sh020 --json
  sluice validate shot.sluice.json --frames 1001-1010 --check-pixels`,
  edit: `
Examples:
  sluice edit
  sluice edit shot.sluice.json --root /mnt/renders
  sluice edit shot.sluice.json --port 8190 --no-open

The address that is printed holds a token: whoever has it can edit. Ctrl-C ends the editor; what is not saved is offered
at the next start.`,
  inspect: `
Examples:
  sluice inspect beauty.1001.exr --attributes
  sluice inspect in/beauty.%04d.exr --stats
  sluice inspect in --checksums --json

--checksums hashes all samples of a channel, little-endian, in the channel's own type, row by row from the top of the
data window: two files with equal sums hold the same samples.`,
  diff: `
Examples:
  sluice diff before.exr after.exr
  sluice diff old/beauty.%04d.exr new/beauty.%04d.exr --pixels`,
  audit: `
Examples:
  sluice audit in/beauty.%04d.exr
  sluice audit renders/beauty --pixels --json
  sluice audit renders renders/old/*.exr

Of a folder all sequences are looked at; JSON is a list where there are several, and has the span of each gap, of other
findings all frames. Prints gaps, files that are cut off or still being written, frames with the same picture, and where
parts and their order, channels, windows, compression, colours or attributes are not those of most frames. An attribute or
a data window that is another at every few frames, as a time code is, is named in the last line and is no finding.`,
  open: `
Examples:
  sluice open out/beauty.1001.exr
  sluice open out/beauty.1001.exr --out beauty.sluice.json

Variables of the graph get the values that they had in the run. Relative paths stay as they were in the graph.`,
  verify: `
Examples:
  sluice verify out/beauty.1001.exr
  sluice verify archive/beauty.1001.exr --folder /mnt/shots/sh010

The frame is rendered into the system's folder for temporary files and removed. Windows, channels, attributes, storage and
samples are compared, and the inputs with those of the run: by name and size, EXR files also by header and places of chunks.`,
  bake: `
Examples:
  sluice bake hero.fbx --normal 'in/hero.<UDIM>.png' --out 'out/hero.<UDIM>.exr'
  sluice bake hero.fbx --normal 'in/hero.<UDIM>.tif' --out 'out/hero.<UDIM>.exr' --y-is-down --padding 8 --rgba
  sluice bake hero.fbx --normal in/hero.png --out 'out/hero.<UDIM>.exr' --replicate-udims all --export-sidecars
  sluice bake hero.fbx --normal 'in/hero.<UDIM>.png' --out 'out/hero.<UDIM>.exr' --save-graph hero.sluice.json --dry-run

Each tile on which islands of the mesh lie is baked, and needs a map. Heights are in texels, with --metric in
millimetres. <UDIM>, %04d, u<u>_v<v> and U<U>_V<V> stand for the tile; shells take < and > for themselves, so put them into
quotes. What is not in these options is in the graph: --save-graph, then sluice edit and sluice run.`,
  mesh: `
Examples:
  sluice mesh inspect hero.fbx
  sluice mesh inspect hero.fbx --json hero.json --loader blender

auto takes assimp, and Blender where it is on the machine and assimp gives something else than the file announces.`,
  nodes: `
Examples:
  sluice nodes
  sluice nodes channel.shuffle`,
} as const;
