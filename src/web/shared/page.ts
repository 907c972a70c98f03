import { button, make } from './dom';

const main = document.getElementById('main') as HTMLElement;

/** Shows what went wrong. */
export const problem = make('p', { class: 'problem', role: 'alert' });
/** Shows what an action has done. */
export const notice = make('p', { class: 'notice', role: 'status' });

/** What the page does with the error of an action; each page sets it when it starts. */
export const errors = {
  handle: (error: unknown): void | Promise<void> => {
    throw error;
  },
};

let shownStep = '';

/** Whether a step is the one that the page shows. */
export const isShown = (step: string): boolean => shownStep === step;

/** Shows a step in place of the one before. Screen readers announce a new step, not a refresh. */
export function showStep(step: string, title: string, ...content: (Node | string)[]): void {
  const isNew = shownStep !== '' && shownStep !== step;
  shownStep = step;
  main.removeAttribute('aria-busy');
  main.replaceChildren(make('h1', {}, title), ...content, notice, problem);
  if (isNew) main.focus();
}

/** A button that runs an action. */
export function action(
  label: string,
  run: () => Promise<unknown>,
  attributes: Record<string, string> = {},
): HTMLButtonElement {
  const element = button(label, () => void act(element, run), attributes);
  return element;
}

/** Runs the action of a button, which is disabled meanwhile. */
export async function act(element: HTMLButtonElement, run: () => Promise<unknown>): Promise<void> {
  problem.textContent = '';
  notice.textContent = '';
  element.disabled = true;
  try {
    await run();
  } catch (error) {
    await errors.handle(error);
  } finally {
    element.disabled = false;
  }
}

export const paragraph = (text: string, attributes = {}): HTMLElement =>
  make('p', attributes, text);
