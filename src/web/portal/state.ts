import type { StepUpMethod } from '../../core/authentication/step-up';
import { translator, type Locales, type Translator } from '../../core/i18n/translator';
import { ApiProblem } from '../shared/api';
import { errors, paragraph, problem, showStep } from '../shared/page';
import type { Download } from './download';
import { call, type View } from './portal-api';

/** The state of the page. */
export const page = {
  locales: {} as Locales,
  locale: 'en',
  isLocaleChosen: false,
  view: null as View | null,
  method: null as StepUpMethod | null,
  download: null as Download | null,
  /** Shows a view of the server; the page sets it when it starts. */
  render: (view: View): void => void view,
};

export const currentTranslator = (): Translator => translator(page.locales, page.locale);
/** A message of the portal's pages in the language chosen. */
export const t = (key: string, values = {}): string =>
  currentTranslator().t(`portal.${key}`, values);

export const problemText = (code: string): string => {
  const known = currentTranslator().has(`portal.problems.${code}`) ? code : 'unknown';
  return t(`problems.${known}`);
};

errors.handle = async (error) => {
  const code = error instanceof ApiProblem ? error.code : 'unknown';
  if (code === 'sessionEnded') showClosed(problemText(code));
  else if (code === 'stepUpRequired') await refresh();
  else problem.textContent = problemText(code);
};

/** Shows a step, with its title as that of the document. */
export function show(step: string, title: string, ...content: (Node | string)[]): void {
  document.title = `${title} – ${t('title')}`;
  showStep(step, title, ...content);
}

/** Says that the invitation link has to be opened again. */
export function showClosed(text: string): void {
  show('closed', t('closedTitle'), paragraph(text));
}

/** Asks the server for the present view. */
export async function refresh(): Promise<void> {
  try {
    page.render(await call<View>('GET', 'request'));
  } catch (error) {
    showFailure(error);
  }
}

export function showFailure(error: unknown): void {
  showClosed(error instanceof ApiProblem ? problemText(error.code) : t('unreachable'));
}
