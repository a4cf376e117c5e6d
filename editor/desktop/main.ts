// The entry of the desktop program: one instance, which opens what the system hands to it.
import { app } from 'electron';
import { graphIn } from './argument.ts';
import { Program } from './program.ts';

app.setName('Sluice');
app.setAppUserModelId('org.sluice.editor');

/** Before the program is up, macOS may already have told which file it wants opened. */
let early: string | undefined;
let program: Program | undefined;

app.on('open-file', (event, path) => {
  event.preventDefault();
  if (program) program.open(path);
  else early = path;
});

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', (_, args, folder) => program?.again(args.slice(1), folder));
  // The program ends itself once the host has closed.
  app.on('window-all-closed', () => {});
  void app.whenReady().then(() => {
    program = new Program(early ?? graphIn(process.argv.slice(app.isPackaged ? 1 : 2), process.cwd()));
    return program.begin();
  });
} else {
  app.quit();
}
