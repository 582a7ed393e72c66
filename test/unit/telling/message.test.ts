import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Message, quoted, slackBody } from '../../../electron/telling/message.ts';
import { IncidentId } from '../../../shared/vocabulary/ids.ts';

const about = (title: string): Message => ({
  occasion: 'incident',
  drill: false,
  title: 'New incident, sev1',
  body: quoted(title),
  incident: IncidentId.parse('inc_1'),
});
const textOf = (title: string) => JSON.parse(slackBody(about(title), 'https://ops.example')).text as string;

it('links back to the room, and unfolds nothing', () => {
  const body = JSON.parse(slackBody(about('Checkout fails'), 'https://ops.example'));
  expect(body).toEqual({
    text: '*New incident, sev1*\nCheckout fails\n<https://ops.example/#/room/inc_1|Open in Countersign>',
    unfurl_links: false,
    unfurl_media: false,
  });
  expect(JSON.parse(slackBody(about('x'), null)).text).toContain(
    '<countersign://incident/inc_1|Open in Countersign>',
  );
  expect(JSON.parse(slackBody({ ...about('x'), incident: null }, null)).text).not.toContain('<');
});

it.each([
  ['a mention of all', '<!channel> wake up'],
  ['a plain mention', '@here @everyone'],
  ['a link under another name', '<https://evil.example|Open in Countersign>'],
  ['a bare link', 'see https://evil.example/x'],
  ['formatting and a second line', '*New incident*\n`rm -rf /`'],
])('takes the power out of %s in a title', (_case, title) => {
  const [, body = '', link, ...more] = textOf(title).split('\n');
  expect(body).not.toMatch(/<|>|@\w|:\/\/|(^|[^\u2060])[*`]/);
  expect(link).toBe('<https://ops.example/#/room/inc_1|Open in Countersign>');
  expect(more).toEqual([]);
});

it('has three lines and one link whatever a title holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (title) => {
      const text = textOf(title);
      expect(text.split('\n').length).toBeLessThanOrEqual(3);
      expect(text.match(/</g)).toHaveLength(1);
      expect(text.match(/:\/\//g)).toHaveLength(1);
      expect(text.isWellFormed()).toBe(true);
    }),
  );
});
