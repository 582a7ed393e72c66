import './gallery.css';
import { contentSpecimens } from './content-specimens.tsx';
import { controlSpecimens } from './control-specimens.tsx';
import { dialogSpecimens } from './dialog-specimens.tsx';
import type { Specimen } from './specimen.ts';

const THEMES = ['dark', 'light'] as const;

/** Every component of renderer/ui in every state, in both themes side by side. In development builds only. */
export function Gallery() {
  return (
    <main className="gallery">
      <h1>Gallery of components</h1>
      <div className="gallery-themes">
        {THEMES.map((theme) => (
          <div key={theme} className="gallery-theme" data-theme={theme}>
            <h2>{theme}</h2>
            {[...controlSpecimens, ...contentSpecimens, ...dialogSpecimens].map((specimen) => (
              <States key={specimen.component} {...specimen} />
            ))}
          </div>
        ))}
      </div>
    </main>
  );
}

function States({ component, states }: Specimen) {
  return (
    <div className="gallery-specimen" data-component={component}>
      <h3>{component}</h3>
      {states.map(({ name, shown }) => (
        <figure key={name} className="gallery-state" data-state={name}>
          <figcaption>{name}</figcaption>
          <div>{shown}</div>
        </figure>
      ))}
    </div>
  );
}
