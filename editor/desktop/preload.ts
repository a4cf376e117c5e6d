// The preload script: gives the page the bridge and nothing else. It runs in a sandbox, apart from the page's own world.
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Bridge } from '../bridge.ts';
import { CHANNELS } from './channels.ts';

/** Keeps what comes before the page listens: the system may want a document opened while the page still loads. */
function heard(channel: string): (listener: (text: string) => void) => () => void {
  const waiting: string[] = [];
  let current: ((text: string) => void) | undefined;
  ipcRenderer.on(channel, (_, text: string) => {
    if (current) current(text);
    else waiting.push(text);
  });
  return (listener) => {
    current = listener;
    for (const text of waiting.splice(0)) listener(text);
    return () => {
      if (current === listener) current = undefined;
    };
  };
}

let mayClose: (() => Promise<boolean>) | undefined;
ipcRenderer.on(CHANNELS.closing, () => {
  const answer = mayClose ? mayClose() : Promise.resolve(true);
  // A page that fails to ask must not lose what it holds.
  answer.then(
    (leave) => ipcRenderer.send(CHANNELS.leave, leave === true),
    () => ipcRenderer.send(CHANNELS.leave, false),
  );
});

const bridge: Bridge = {
  platform: process.platform,
  pathOf: (file) => {
    const path = webUtils.getPathForFile(file);
    // Only a file that somebody dropped here has a path, so the page cannot make one up.
    return path === '' ? '' : String(ipcRenderer.sendSync(CHANNELS.dropped, path));
  },
  choose: (question) => ipcRenderer.invoke(CHANNELS.choose, question),
  onAction: heard(CHANNELS.action),
  onOpen: heard(CHANNELS.open),
  onClosing: (listener) => {
    mayClose = listener;
    return () => {
      if (mayClose === listener) mayClose = undefined;
    };
  },
  showDocument: (document) => ipcRenderer.send(CHANNELS.shown, document),
};

contextBridge.exposeInMainWorld('sluice', bridge);
