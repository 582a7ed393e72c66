import fc from 'fast-check';
import { expect, it } from 'vitest';
import { incidentOfLink, linkAmong } from '../../../electron/desktop/deep-link.ts';
import { randomIds } from '../../../electron/platform/ids.ts';

it('names the incident of every id that the host makes', () => {
  for (let made = 0; made < 50; made++) {
    const id = randomIds('inc');
    expect(incidentOfLink(`countersign://incident/${id}`)).toBe(id);
    expect(incidentOfLink(`countersign://incident/${id}/`)).toBe(id);
  }
});

it.each([
  'countersign://incident/',
  'countersign://incident/inc-1/approve',
  'countersign://incident/inc-1?approve=all',
  'countersign://incident/inc-1#/settings',
  'countersign://incident/../settings',
  'countersign://incident/%2e%2e%2fsettings',
  'countersign://incident/inc-1\n',
  'countersign://stop/now',
  'countersign://user@incident/inc-1',
  'COUNTERSIGN://incident/inc-1 --no-sandbox',
  'https://incident/inc-1',
  ' countersign://incident/inc-1',
  `countersign://incident/${'a'.repeat(101)}`,
])('%j names none', (link) => expect(incidentOfLink(link)).toBeUndefined());

it('whatever a link holds, what comes of it can be nothing but one part of an address', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.webUrl().map((url) => url.slice(8)),
      ),
      (rest) => {
        const incident = incidentOfLink(`countersign://incident/${rest}`);
        expect(incident === undefined || encodeURIComponent(incident) === incident).toBe(true);
      },
    ),
  );
});

it('finds the link among what Chromium puts beside it', () => {
  const link = 'countersign://incident/inc-1';
  expect(linkAmong(['/app/countersign', '--no-sandbox', link, '--original-process-start-time=1'])).toBe(link);
  expect(linkAmong(['/app/countersign', '--data-dir', '/data'])).toBeUndefined();
});
