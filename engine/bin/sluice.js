#!/usr/bin/env node
// Starts the command line under a Node that can run it; plain old JavaScript, so that an older Node can read this far.
var needed = 24;
var found = process.versions.node;
if (Number(found.split('.')[0]) < needed) {
  process.stderr.write(
    `Sluice needs Node ${needed} or newer; this is ${found}. Run it through npx in the clone, or install Node ${needed}.\n`,
  );
  process.exitCode = 2;
} else {
  Promise.resolve()
    .then(() => {
      // Not imported: Node would load streams and more for what else these modules offer, which takes milliseconds.
      var module = process.getBuiltinModule('module');
      var folder = ownFolder();
      if (folder) module.enableCompileCache(folder);
      // Worker threads have it by this alone. They add the folder of this version of Node to it again.
      var cache = module.getCompileCacheDir();
      if (cache) process.env.NODE_COMPILE_CACHE = process.getBuiltinModule('path').dirname(cache);
      // The package holds scripts, the clone TypeScript.
      const built = process.getBuiltinModule('fs').existsSync(new URL('./cli.cjs', import.meta.url));
      return built
        ? module
            .createRequire(import.meta.url)('./load.cjs')
            .load('cli.cjs')
        : import('./cli.ts');
    })
    .then((cli) => cli.main(process.argv.slice(2)))
    .catch((thrown) => {
      process.stderr.write(
        `Sluice cannot start: ${process.env.SLUICE_DEBUG === '1' ? thrown.stack : thrown.message}\n`,
      );
      process.exitCode = 1;
    });
}

// Where V8's code is kept, if anywhere: what lies in everybody's folder for temporary files could be anybody's.
function ownFolder() {
  if (process.env.NODE_COMPILE_CACHE) return process.env.NODE_COMPILE_CACHE;
  var fs = process.getBuiltinModule('fs');
  var uid = typeof process.getuid === 'function' ? process.getuid() : 0;
  var folder = process.getBuiltinModule('path').join(process.getBuiltinModule('os').tmpdir(), `sluice-${uid}`);
  try {
    if (!fs.lstatSync(folder, { throwIfNoEntry: false })) fs.mkdirSync(folder, { mode: 0o700 });
    // Windows has such a folder for each user.
    if (process.platform === 'win32') return folder;
    const found = fs.lstatSync(folder);
    return found.isDirectory() && found.uid === uid && (found.mode & 0o022) === 0 ? folder : undefined;
  } catch {
    return undefined;
  }
}
