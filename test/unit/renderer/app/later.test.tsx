import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { laterDialog, laterPlace } from '../../../../renderer/app/later.tsx';

const Part = ({ name }: { name: string }) => <p>The part of {name}</p>;
const drawn = (Later: ReturnType<typeof laterPlace<{ name: string }>>) =>
  renderToStaticMarkup(<Later name="Mina" />);

/** Loads whose answers the test gives, and how many were asked for. */
function answered() {
  const asked: PromiseWithResolvers<typeof Part>[] = [];
  const load = () => {
    const one = Promise.withResolvers<typeof Part>();
    asked.push(one);
    return one.promise;
  };
  return { asked, load };
}

it('says that a place is loaded, and draws it at once when it is there', async () => {
  const { asked, load } = answered();
  const place = laterPlace('The report', load);
  expect(drawn(place)).toContain('Loading this place');
  const loaded = place.ahead();
  asked[0]?.resolve(Part);
  await loaded;
  expect(drawn(place)).toBe('<p>The part of Mina</p>');
});

it('loads once, however often it is asked for', async () => {
  const { asked, load } = answered();
  const place = laterPlace('The report', load);
  const loaded = [place.ahead(), place.ahead()];
  asked[0]?.resolve(Part);
  await Promise.all([...loaded, place.ahead()]);
  await place.ahead();
  expect(asked).toHaveLength(1);
});

it('says what could not be loaded without throwing, and tries again when it is asked for again', async () => {
  const { asked, load } = answered();
  const place = laterPlace('The report', load);
  const failed = place.ahead();
  asked[0]?.reject(new Error('Failed to fetch'));
  await failed;
  expect(drawn(place)).toContain('The report could not be loaded');
  const loaded = place.ahead();
  expect(drawn(place)).toContain('Loading this place');
  asked[1]?.resolve(Part);
  await loaded;
  expect(drawn(place)).toBe('<p>The part of Mina</p>');
});

it('shows nothing of a dialog before it is there', () => {
  const Dialog = laterDialog<{ onClose(): void }>(() => new Promise(() => {}));
  expect(renderToStaticMarkup(<Dialog onClose={() => {}} />)).toBe('');
});
