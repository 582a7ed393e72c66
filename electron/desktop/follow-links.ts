import { app } from 'electron';
import { z } from 'zod';
import { inertLine } from '../../shared/formats/inert-text.ts';
import { Incident } from '../../shared/vocabulary/incident.ts';
import type { Host } from '../host/host.ts';
import type { Logger } from '../platform/logger.ts';
import { incidentOfLink, LINK_SCHEME, linkAmong } from './deep-link.ts';
import type { Windows } from './windows.ts';

type Destination = {
  host: Pick<Host, 'dispatch'>;
  windows: Pick<Windows, 'show' | 'goToIncident'>;
  logger: Logger;
};

/**
 * Takes links from the moment the process starts, since macOS hands one over before there is a window, and follows them once
 * there is one. A second start hands over its link, or only brings the window to the front.
 */
export function receiveLinks(args: readonly string[]): { follow(destination: Destination): void } {
  const early: (string | undefined)[] = [];
  let take: (link: string | undefined) => void = (link) => early.push(link);
  const atStart = linkAmong(args);
  if (atStart !== undefined) take(atStart);
  app.on('open-url', (event, url) => {
    event.preventDefault();
    take(url);
  });
  app.on('second-instance', (_event, argv) => take(linkAmong(argv)));
  return {
    follow(destination) {
      take = (link) => void followLink(link, destination);
      early.forEach(take);
      // A start from the sources would register a bare Electron.
      if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
    },
  };
}

/** A link leads to an incident that is there and changes nothing; any other only brings the window to the front. */
async function followLink(link: string | undefined, { host, windows, logger }: Destination): Promise<void> {
  if (link === undefined) return windows.show();
  const incident = incidentOfLink(link);
  if (incident !== undefined) {
    const reply = await host.dispatch('incidents.list', {});
    const known = reply.ok ? z.array(Incident).safeParse(reply.value).data : undefined;
    if (known?.some(({ id }) => id === incident)) return windows.goToIncident(incident);
  }
  logger.warn({ link: inertLine(link.slice(0, 200)) }, 'a link that names no incident here was not followed');
  windows.show();
}
