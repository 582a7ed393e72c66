import { expect, it, vi } from 'vitest';
import { dispatcher, type Handlers } from '../../../electron/host/dispatch.ts';
import { Failure } from '../../../electron/platform/failure.ts';

const handlersWith = (handlers: Partial<Handlers>) =>
  new Proxy(handlers, {
    get: (given, name) =>
      given[name as keyof Handlers] ??
      (() => {
        throw new Error(`${String(name)} must not be reached`);
      }),
  }) as Handlers;

it('passes checked input to the handler and its answer back', async () => {
  const setTheme = vi.fn(() => ({}));
  const dispatch = dispatcher(handlersWith({ 'settings.setTheme': setTheme }), () => {});
  expect(await dispatch('settings.setTheme', { theme: 'dark' })).toEqual({ ok: true, value: {} });
  expect(setTheme).toHaveBeenCalledWith({ theme: 'dark' });
});

it.each([
  ['an unknown command', 'proposals.execute', {}, 'unknown_command'],
  ['a name of Object itself', 'constructor', {}, 'unknown_command'],
  ['a name of the prototype', '__proto__', {}, 'unknown_command'],
  ['missing input', 'settings.setTheme', undefined, 'bad_input'],
  ['a member too many', 'settings.setTheme', { theme: 'dark', and: 1 }, 'bad_input'],
  ['a value outside its set', 'settings.setTheme', { theme: 'pink' }, 'bad_input'],
  ['an approval without a digest', 'proposals.approve', { proposal: 'prop-1' }, 'bad_input'],
])('refuses %s before any handler', async (_case, name, input, code) => {
  const dispatch = dispatcher(handlersWith({}), () => {});
  expect(await dispatch(name, input)).toMatchObject({ ok: false, code });
});

it('makes a failure a value with its code and sentence', async () => {
  const dispatch = dispatcher(
    handlersWith({
      'drills.end': () => {
        throw new Failure('conflict', 'No drill is being played');
      },
    }),
    () => {},
  );
  expect(await dispatch('drills.end', {})).toEqual({
    ok: false,
    code: 'conflict',
    message: 'No drill is being played',
  });
});

it('tells a defect to the log and only a plain sentence to the screen', async () => {
  const onDefect = vi.fn();
  const dispatch = dispatcher(
    handlersWith({ 'drills.end': () => Promise.reject(new Error('password=hunter2 in a stack')) }),
    onDefect,
  );
  const reply = await dispatch('drills.end', {});
  expect(reply).toMatchObject({ ok: false, code: 'defect' });
  expect(JSON.stringify(reply)).not.toContain('hunter2');
  expect(onDefect).toHaveBeenCalledOnce();
});
