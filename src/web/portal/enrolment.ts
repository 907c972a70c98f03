import { labelled, make } from '../viewer/dom';
import { call } from '../shared/api';
import { action, paragraph, say } from '../shared/page';
import { qrPicture } from './qr';

/** Offers to set an authenticator app up. */
export function enrolment(): Node[] {
  const box = make('div');
  const confirmed = (codes: string[]): void =>
    box.replaceChildren(
      paragraph(say('enrolled')),
      make('h3', {}, say('recoveryTitle')),
      paragraph(say('recoveryText')),
      make(
        'ul',
        { class: 'recovery' },
        ...codes.map((code) => make('li', {}, code.replace(/^(.{5})/, '$1-'))),
      ),
    );
  const begin = action(
    say('enrol'),
    async () => {
      const { secret, uri } = await call<{ secret: string; uri: string }>('POST', 'app');
      const field = make('input', {
        inputmode: 'numeric',
        maxlength: '6',
        autocomplete: 'one-time-code',
        required: '',
      });
      const confirm = action(say('confirm'), async () => {
        const { recoveryCodes } = await call<{ recoveryCodes: string[] }>('POST', 'app/confirm', {
          code: field.value.trim(),
        });
        confirmed(recoveryCodes);
      });
      box.replaceChildren(
        paragraph(say('enrolScan')),
        qrPicture(uri, say('enrolPicture')),
        paragraph(say('enrolKey', { key: secret.match(/.{4}/g)?.join(' ') ?? secret })),
        labelled(say('totp.label'), field),
        confirm,
      );
      field.focus();
    },
    { class: 'quiet' },
  );
  box.append(paragraph(say('enrolText')), begin);
  return [make('h2', {}, say('enrolTitle')), box];
}
