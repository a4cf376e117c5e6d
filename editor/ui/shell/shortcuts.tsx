// The sheet of shortcuts: every action that has one, by group.
import { Dialog } from '../look/dialog.tsx';
import { Keys } from '../look/keys.tsx';
import { useValue } from '../store/use.ts';
import { actions$ } from './actions.ts';
import { groupsOf } from './groups.ts';
import './shortcuts.css';

const PLACES = { canvas: 'over the graph', viewer: 'over the viewer', anywhere: '' } as const;

export function Shortcuts({ onClose }: { readonly onClose: () => void }) {
  const groups = groupsOf(useValue(actions$).filter(({ keys }) => keys && keys.length > 0));
  return (
    <Dialog title="Shortcuts" width={840} onClose={onClose}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by the arrow keys too */}
      <div className="shortcuts" tabIndex={0} data-first>
        {groups.map(({ title, actions }) => (
          <section key={title} className="shortcuts-group" aria-label={title}>
            <h3 className="shortcuts-title">{title}</h3>
            <dl>
              {actions.map(({ id, title: words, keys = [], where = 'anywhere' }) => (
                <div key={id} className="shortcuts-row">
                  <dt>
                    {words} <span className="quiet">{PLACES[where]}</span>
                  </dt>
                  <dd>
                    {keys.map((one) => (
                      <Keys key={one} keys={one} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
