import { deny, pass, type Rule } from '../rule.ts';

/** Where an environment asks for a change window, nothing but the way back happens outside. */
export const openWindow: Rule = ({ windows: { change }, environment, backsOut }) => {
  if (change.kind === 'not-asked') return pass('no change window is asked for');
  if (change.kind === 'open') return pass(`inside the change window ${change.window.name}`);
  if (backsOut) return pass('a back-out needs no change window');
  return deny(`outside ${change.names.join(', ')}: ${environment ?? 'it'} is changed only inside`);
};
