import { loopbackTransport } from '../bridge/loopback-transport.ts';
import type { PreloadBridge } from '../bridge/preload-bridge.ts';
import { preloadTransport } from '../bridge/preload-transport.ts';
import { connect } from '../state/connect.ts';

/** How this screen reaches the host: the preload script of the desktop shell, or the secret of a tab that signed in. */
export type Entrance = { preload: PreloadBridge } | { tab: string };

/** Connects the screen. With the contract behind it, it is the largest part of what is run at the start. */
export function link(entrance: Entrance): void {
  connect('preload' in entrance ? preloadTransport(entrance.preload) : loopbackTransport(entrance.tab));
}
