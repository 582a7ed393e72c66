/** What the desktop shell's preload script puts on the window. */
export type PreloadBridge = {
  call(name: string, input: unknown): Promise<unknown>;
  subscribe(listener: (streamed: unknown) => void): () => void;
};

export const preloadBridge = (): PreloadBridge | undefined =>
  (globalThis as { countersign?: PreloadBridge }).countersign;
