// The page's beginning: opens the line to the host that served it and shows the application.
import './strict.ts';
import '@fontsource-variable/inter/index.css';
import '@fontsource/jetbrains-mono/400.css';
import './look/look.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { addressOf, openLink } from './store/link.ts';
import { createStore } from './store/store.ts';

const store = createStore(openLink(addressOf(window.location)));
createRoot(document.getElementById('root')!).render(<App store={store} />);
