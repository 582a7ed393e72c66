import { useEffect } from 'react';
import { useCurrentIncident, useStatus } from '../state/host.ts';
import { inertLine } from '../ui/inert-text.ts';

/** The window is named after what is being worked, so that it is found among twenty others. */
export function useTitle(): void {
  const title = useCurrentIncident()?.title;
  const drill = useCurrentIncident()?.realm === 'drill';
  const stopped = useStatus()?.stop.stopped === true;
  useEffect(() => {
    const name = title === undefined ? 'Countersign' : `${inertLine(title)} – Countersign`;
    document.title = `${stopped ? 'STOPPED · ' : ''}${drill ? 'Drill: ' : ''}${name}`;
  }, [title, drill, stopped]);
}

/** Puts the theme and the realm on the document; the system's theme is followed unless one was chosen. */
export function useTheme(): void {
  const status = useStatus();
  const incident = useCurrentIncident();
  const theme = status?.theme ?? 'system';
  const realm = incident?.realm ?? (status?.drill ? 'drill' : 'real');

  useEffect(() => {
    document.documentElement.dataset['realm'] = realm;
  }, [realm]);

  useEffect(() => {
    const light = matchMedia('(prefers-color-scheme: light)');
    const apply = () => {
      const chosen = theme === 'system' ? (light.matches ? 'light' : 'dark') : theme;
      document.documentElement.dataset['theme'] = chosen;
    };
    apply();
    light.addEventListener('change', apply);
    return () => light.removeEventListener('change', apply);
  }, [theme]);
}
