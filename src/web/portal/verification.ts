import type { StepUpMethod } from '../../core/authentication/step-up';
import { button, labelled, make } from '../shared/dom';
import { act, action, notice, paragraph, problem } from '../shared/page';
import { call, type View } from './portal-api';
import { page, show, t } from './state';

/** Identity verification: one method at a time, with buttons for the others. */
export function renderVerify(view: View): void {
  const methods = view.methods ?? [];
  const chosen = methods.find((one) => one === page.method) ?? methods[0] ?? 'sms';
  const others = methods.filter((one) => one !== chosen);
  show(
    `verify-${chosen}-${String(view.isSecond)}-${String(view.isAgain)}`,
    t('verifyTitle'),
    ...(view.isSecond ? [paragraph(t('verifyMore'))] : []),
    ...(view.isAgain && !view.isSecond ? [paragraph(t('again'))] : []),
    make('h2', {}, t(`${chosen}.title`)),
    paragraph(t(`${chosen}.text`, { digits: view.digits ?? '', controller: view.controller })),
    ...methodControls(chosen),
    ...(others.length === 0
      ? []
      : [
          make('h2', {}, t('otherWay')),
          make(
            'div',
            { class: 'ways' },
            ...others.map((method) =>
              button(
                t(`${method}.title`),
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
      action(t('oidc.label'), async () => {
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
    notice.textContent = t(isQueued ? 'codeQueued' : 'codeSent');
    form.querySelector('input')?.focus();
  };
  const first = action(t('sendCode'), send);
  form.append(action(t('sendAgain'), send, { class: 'quiet' }));
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
  const confirm = make('button', { type: 'submit' }, t('confirm'));
  const form = make(
    'form',
    {},
    labelled(t(`${method}.label`), field),
    make('p', { id: 'code-hint', class: 'hint' }, t(`${method}.hint`)),
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
