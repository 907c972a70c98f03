import type { StepUpMethod } from '../../core/authentication/step-up';
import { button, labelled, make } from '../viewer/dom';
import { call, type View } from '../shared/api';
import { act, action, notice, page, paragraph, problem, say, show } from '../shared/page';

/** Who it is: one way at a time, the others beside it. */
export function renderVerify(view: View): void {
  const methods = view.methods ?? [];
  const chosen = methods.find((one) => one === page.method) ?? methods[0] ?? 'sms';
  const others = methods.filter((one) => one !== chosen);
  show(
    `verify-${chosen}-${String(view.isSecond)}-${String(view.isAgain)}`,
    say('verifyTitle'),
    ...(view.isSecond ? [paragraph(say('verifyMore'))] : []),
    ...(view.isAgain && !view.isSecond ? [paragraph(say('again'))] : []),
    make('h2', {}, say(`${chosen}.title`)),
    paragraph(say(`${chosen}.text`, { digits: view.digits ?? '', controller: view.controller })),
    ...methodControls(chosen),
    ...(others.length === 0
      ? []
      : [
          make('h2', {}, say('otherWay')),
          make(
            'div',
            { class: 'ways' },
            ...others.map((method) =>
              button(
                say(`${method}.title`),
                () => {
                  page.method = method;
                  problem.textContent = '';
                  renderVerify(view);
                },
                { class: 'quiet' },
              ),
            ),
          ),
        ]),
  );
}

function methodControls(method: StepUpMethod): Node[] {
  if (method === 'oidc') {
    return [
      action(say('oidc.label'), async () => {
        const { url } = await call<{ url: string }>('POST', 'login');
        globalThis.location.assign(url);
      }),
    ];
  }
  const form = codeForm(method);
  if (method !== 'sms') return [form];
  form.hidden = true;
  const send = async (): Promise<void> => {
    const { isQueued } = await call<{ isQueued: boolean }>('POST', 'code');
    first.hidden = true;
    form.hidden = false;
    notice.textContent = say(isQueued ? 'codeQueued' : 'codeSent');
    form.querySelector('input')?.focus();
  };
  const first = action(say('sendCode'), send);
  form.append(action(say('sendAgain'), send, { class: 'quiet' }));
  return [first, form];
}

function codeForm(method: Exclude<StepUpMethod, 'oidc'>): HTMLFormElement {
  const isApp = method === 'totp';
  const field = make('input', {
    name: 'code',
    autocomplete: 'one-time-code',
    spellcheck: 'false',
    required: '',
    'aria-describedby': 'code-hint',
    // A recovery code has letters in it.
    ...(isApp ? { maxlength: '20' } : { inputmode: 'numeric', maxlength: '9' }),
  });
  const confirm = make('button', { type: 'submit' }, say('confirm'));
  const form = make(
    'form',
    {},
    labelled(say(`${method}.label`), field),
    make('p', { id: 'code-hint', class: 'hint' }, say(`${method}.hint`)),
    confirm,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void act(confirm, async () => {
      const code = isApp ? field.value.trim() : field.value.replaceAll(/\D/g, '');
      field.value = '';
      field.focus();
      page.render(await call<View>('POST', 'verify', { method, code }));
    });
  });
  return form;
}
