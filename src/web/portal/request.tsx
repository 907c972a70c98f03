import { render, type JSX } from 'preact';
import { WordsProvider } from '../shared/words';
import { Frame } from './frame';
import { Intake } from './intake';
import { language, locales, startLanguage } from './language';

/** The page on which people ask for their data. It knows nobody, and keeps nothing. */
const Page = (): JSX.Element => (
  <WordsProvider locales={locales.value} tag={language.value}>
    <Frame>
      <Intake />
    </Frame>
  </WordsProvider>
);

void startLanguage().then(
  () => render(<Page />, document.getElementById('app') as HTMLElement),
  () => document.getElementById('unreachable')?.removeAttribute('hidden'),
);
