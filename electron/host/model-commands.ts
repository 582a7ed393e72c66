import type { ModelView } from '../../shared/vocabulary/model.ts';
import type { Handlers } from './dispatch.ts';
import type { HostParts } from './host-parts.ts';

type ModelHandlers = Pick<Handlers, Extract<keyof Handlers, `model.${string}`>>;

/** The Model section of Settings. Each answer is the whole new state. */
export function modelCommands({ model, replays }: Pick<HostParts, 'model' | 'replays'>): ModelHandlers {
  const view = (): ModelView => ({ ...model.view(), replay: replays.state() });
  const after = (change: () => void): ModelView => {
    change();
    return view();
  };
  return {
    'model.show': view,
    'model.change': ({ settings, withoutReplay }) => after(() => replays.change(settings, withoutReplay)),
    'model.setKey': ({ baseUrl, key }) => after(() => model.setKey(baseUrl, key)),
    'model.removeKey': ({ baseUrl }) => after(() => model.removeKey(baseUrl)),
    'model.consent': (place) => after(() => model.consent(place)),
    'model.withdraw': (place) => after(() => model.withdraw(place)),
    'model.previewMasking': async ({ text, maskAddresses }) => ({
      masked: await model.previewMasking(text, { addresses: maskAddresses }),
    }),
    'model.replay': ({ chosen }) => after(() => replays.start(chosen)),
    'model.cancelReplay': () => after(replays.cancel),
  };
}
