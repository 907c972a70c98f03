import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { LanguageChoice } from '../shared/choices';
import { Icon } from '../shared/icons';
import { LiveRegion } from '../shared/live';
import { useWords } from '../shared/words';
import { facts } from './facts';
import { chooseLanguage, language } from './language';

/** Mailbox as a link that writes to it. What is none, as a name may be, stays text. */
export function Contact(): JSX.Element {
  const { contact } = facts;
  return /^[^\s@<>"]+@[^\s@<>"]+$/.test(contact) ? (
    <a href={`mailto:${contact}`}>{contact}</a>
  ) : (
    <span>{contact}</span>
  );
}

const choices = Object.fromEntries(
  Object.entries(facts.languages).map(([tag, name]) => [tag, { name }]),
);

/** Header and footer of every page, around what it shows. */
export function Frame({
  children,
  action,
}: {
  children: ComponentChildren;
  /** What stands at the end of the footer. */
  action?: ComponentChildren;
}): JSX.Element {
  const { t } = useWords();
  return (
    <>
      <header class="site">
        <div class="page">
          <p class="controller">
            {facts.hasLogo && <img src="/portal/logo" alt="" />}
            {facts.controller}
          </p>
          <label class="language">
            <Icon name="language" />
            <span class="visually-hidden">{t('portal.language')}</span>
            <LanguageChoice
              locales={choices}
              chosen={language.value}
              choose={(tag) => void chooseLanguage(tag).catch(() => undefined)}
            />
            <Icon name="expand" />
          </label>
        </div>
      </header>
      <main id="main" class="page">
        {children}
      </main>
      <footer class="site">
        <div class="page">
          <p>
            {t('portal.questions')} <Contact />
          </p>
          {action}
        </div>
      </footer>
      <LiveRegion />
    </>
  );
}

/** Whether the page has shown anything: what it shows first does not take the focus. */
let hasShown = false;

interface ScreenProps {
  /** Names what is shown: another name is a new page to its reader. */
  name: string;
  title: string;
  /** Where it stands among the steps, such as "Step 1 of 3". */
  step?: string;
  children: ComponentChildren;
}

/** What a page shows at a time, under its heading, which takes the focus when it is new. */
export function Screen({ name, title, step, children }: ScreenProps): JSX.Element {
  const { t } = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (hasShown) {
      heading.current?.focus();
      globalThis.scrollTo(0, 0);
    }
    hasShown = true;
  }, [name]);
  useEffect(() => {
    document.title = `${title} – ${t('portal.title')}`;
  }, [title, t]);
  return (
    <>
      {step && <p class="step">{step}</p>}
      <h1 tabIndex={-1} ref={heading}>
        {title}
      </h1>
      {children}
    </>
  );
}
