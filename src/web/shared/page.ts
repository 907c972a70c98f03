import { translator, type Locales, type Translator } from '../../core/i18n/translator';
import type { StepUpMethod } from '../../core/authentication/step-up';
import { button, make } from '../viewer/dom';
import { call, Refusal, type View } from './api';
import type { Download } from '../portal/download';

const main = document.getElementById('main') as HTMLElement;

/** What the page knows. */
export const page = {
  languages: {} as Locales,
  language: 'en',
  isLanguageChosen: false,
  view: null as View | null,
  /** The step that is shown: a screen reader is told of a new one, and not of a refresh. */
  shown: '',
  method: null as StepUpMethod | null,
  download: null as Download | null,
  /** Shows a view of the server; the page says how when it starts. */
  render: (view: View): void => void view,
};

export const speaking = (): Translator => translator(page.languages, page.language);
export const say = (key: string, values = {}): string => speaking().t(`portal.${key}`, values);

/** Where what went wrong is said. */
export const problem = make('p', { class: 'problem', role: 'alert' });
/** Where it is said what happens. */
export const notice = make('p', { class: 'notice', role: 'status' });

export const problemText = (code: string): string => {
  const known = speaking().has(`portal.problems.${code}`) ? code : 'unknown';
  return say(`problems.${known}`);
};

/** A button that does something, and is out of use meanwhile. */
export function action(
  label: string,
  run: () => Promise<void>,
  attributes: Record<string, string> = {},
): HTMLButtonElement {
  const element = button(label, () => void act(element, run), attributes);
  return element;
}

/** Runs what an element does; it is out of use meanwhile, and what goes wrong is said. */
export async function act(element: HTMLButtonElement, run: () => Promise<void>): Promise<void> {
  problem.textContent = '';
  notice.textContent = '';
  element.disabled = true;
  try {
    await run();
  } catch (error) {
    const code = error instanceof Refusal ? error.code : 'unknown';
    if (code === 'sessionEnded') closed(problemText(code));
    else if (code === 'stepUpNeeded') await refresh();
    else problem.textContent = problemText(code);
  } finally {
    element.disabled = false;
  }
}

/** Shows a step in place of the one before. */
export function show(step: string, title: string, ...content: (Node | string)[]): void {
  const isNew = page.shown !== '' && page.shown !== step;
  page.shown = step;
  document.title = `${title} – ${say('title')}`;
  main.removeAttribute('aria-busy');
  main.replaceChildren(make('h1', {}, title), ...content, notice, problem);
  if (isNew) main.focus();
}

export const paragraph = (text: string, attributes = {}): HTMLElement =>
  make('p', attributes, text);

/** The end of what the page can do: the link has to be opened again. */
export function closed(text: string): void {
  show('closed', say('closedTitle'), paragraph(text));
}

/** Asks the server where this person stands. */
export async function refresh(): Promise<void> {
  try {
    page.render(await call<View>('GET', 'request'));
  } catch (error) {
    failed(error);
  }
}

export function failed(error: unknown): void {
  closed(error instanceof Refusal ? problemText(error.code) : say('unreachable'));
}
