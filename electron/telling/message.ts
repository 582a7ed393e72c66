import { inertLine } from '../../shared/formats/inert-text.ts';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { Occasion } from '../../shared/vocabulary/telling.ts';

/** What people are told: a few words of our own, and titles that may come from anywhere. */
export type Message = {
  occasion: Occasion;
  drill: boolean;
  title: string;
  body: string;
  /** The incident that it is about, where it is about one. */
  incident: IncidentId | null;
  /** Asked for by a person, who waits for it. */
  isTest?: true;
};

const MOST = 240;

/** A title of somebody else: one line, bounded, and nothing in it acts. */
export const quoted = (text: string): string => {
  const line = inertLine(text.length > MOST ? `${text.slice(0, MOST - 1)}…` : text);
  return line.toWellFormed();
};

/**
 * The JSON that Slack's incoming webhooks take, and those of Mattermost, Rocket.Chat and others. INVARIANT: nothing in it
 * mentions anybody, is a link or is formatted but the one link of ours, whatever a title says: `<`, `>` and `&` are
 * escaped as Slack has it, an `@` is followed by a joiner, addresses are broken, and nothing is unfolded.
 */
export function slackBody({ title, body, drill, incident }: Message, linkBase: string | null): string {
  const link = linkTo(incident, linkBase);
  const lines = [
    `*${drill ? 'Drill: ' : ''}${inSlack(title)}*`,
    inSlack(body),
    link === null ? '' : `<${link}|Open in Countersign>`,
  ];
  return JSON.stringify({ text: lines.filter(Boolean).join('\n'), unfurl_links: false, unfurl_media: false });
}

/** Without an address of its own Countersign is reached by the scheme that its desktop application registers. */
function linkTo(incident: IncidentId | null, base: string | null): string | null {
  if (incident === null) return base;
  const id = encodeURIComponent(incident);
  return base === null ? `countersign://incident/${id}` : `${base}/#/room/${id}`;
}

const inSlack = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '@\u2060')
    .replaceAll('://', ':\u2060//')
    .replaceAll(/[*_~`]/g, '\u2060$&');
