import { labelled, make } from '../shared/dom';
import { action, paragraph } from '../shared/page';
import { call } from './portal-api';
import { qrPicture } from './qr';
import { t } from './state';

/** Offers to set up an authenticator app. */
export function enrolment(): Node[] {
  const box = make('div');
  const confirmed = (codes: string[]): void =>
    box.replaceChildren(
      paragraph(t('enrolled')),
      make('h3', {}, t('recoveryTitle')),
      paragraph(t('recoveryText')),
      make(
        'ul',
        { class: 'recovery' },
        ...codes.map((code) => make('li', {}, code.replace(/^(.{5})/, '$1-'))),
      ),
    );
  const begin = action(
    t('enrol'),
    async () => {
      const { secret, uri } = await call<{ secret: string; uri: string }>('POST', 'app');
      const field = make('input', {
        inputmode: 'numeric',
        maxlength: '6',
        autocomplete: 'one-time-code',
        required: '',
      });
      const confirm = action(t('confirm'), async () => {
        const { recoveryCodes } = await call<{ recoveryCodes: string[] }>('POST', 'app/confirm', {
          code: field.value.trim(),
        });
        confirmed(recoveryCodes);
      });
      box.replaceChildren(
        paragraph(t('enrolScan')),
        qrPicture(uri, t('enrolPicture')),
        paragraph(t('enrolKey', { key: secret.match(/.{4}/g)?.join(' ') ?? secret })),
        labelled(t('totp.label'), field),
        confirm,
      );
      field.focus();
    },
    { class: 'quiet' },
  );
  box.append(paragraph(t('enrolText')), begin);
  return [make('h2', {}, t('enrolTitle')), box];
}
