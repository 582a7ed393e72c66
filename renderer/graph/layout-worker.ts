import { layOut } from './lay-out.ts';
import type { Links } from './places.ts';

/** Lays out large pictures beside the screen's own thread. One question, one answer. */
addEventListener('message', ({ data }: MessageEvent<Links>) => {
  postMessage(layOut(data));
});
