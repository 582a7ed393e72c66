import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';

/**
 * All that the screen has of the desktop: two functions, no Electron object. A sandboxed preload may load nothing but
 * `electron`, so this file imports nothing of the project; the channels are those of desktop/ipc-transport.ts.
 */
contextBridge.exposeInMainWorld('countersign', {
  call: (name: string, input: unknown): Promise<unknown> =>
    ipcRenderer.invoke('countersign:call', name, input),
  subscribe(listener: (streamed: unknown) => void): () => void {
    const told = (_event: IpcRendererEvent, streamed: unknown) => listener(streamed);
    ipcRenderer.on('countersign:event', told);
    ipcRenderer.send('countersign:listen');
    return () => ipcRenderer.off('countersign:event', told);
  },
});
