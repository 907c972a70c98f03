import { mailFileOf, mailFiles, savedName } from '../../src/core/viewer/mail-files';

describe('the files in a mail', () => {
  const mail = (...lines: string[]): Uint8Array => Buffer.from(lines.join('\r\n'), 'latin1');

  it('are found in parts within parts, in any transfer encoding, without a last boundary', () => {
    const files = mailFiles(
      mail(
        ...['Content-Type: multipart/mixed;', ' boundary="a.b+c"', '', 'preamble'],
        ...['--a.b+c', 'Content-Type: multipart/alternative; boundary=x', ''],
        ...['--x', 'Content-Type: text/plain', '', '--a.b+cd is no boundary', '--x--'],
        ...['--a.b+c', 'Content-Type: text/csv; name="=?utf-8?Q?M=C3=BC_ller=2Ecsv?="'],
        ...['Content-Transfer-Encoding: quoted-printable', '', 'a=3Bb=', '=3Bc'],
        ...['--a.b+c', "Content-Disposition: attachment; filename*=utf-8''%E2%82%AC.bin", ''],
        'plain bytes',
      ),
    );
    expect(files.map(({ name, bytes }) => [name, Buffer.from(bytes()).toString('latin1')])).toEqual(
      [
        ['Mü ller.csv', 'a;b;c'],
        ['€.bin', 'plain bytes'],
      ],
    );
  });

  it.each([
    ['=?x-nobody-knows?Q?M=C3=BC_1=2Epdf?=', 'Mü 1.pdf'],
    [`=?x-nobody-knows?B?${Buffer.from('Mü.pdf').toString('base64')}?= b`, 'Mü.pdf b'],
    ['=?iso-8859-1?Q?M=FC=2Epdf?=', 'Mü.pdf'],
    ['=?utf-16-none?Q?=FF=2Epdf?=', '\ufffd.pdf'],
  ])('have names in charsets that nobody knows, too: %s', (written, name) => {
    const field = `Content-Disposition: attachment; filename="${written}"`;
    const [file] = mailFiles(mail(field, '', 'bytes'));
    expect(file?.name).toBe(name);
    expect(Buffer.from(file?.bytes() ?? []).toString()).toBe('bytes');
  });

  it.each([[''], ['\r\n\r\n'], ['no mail at all'], ['Content-Type: multipart/mixed; boundary=x']])(
    'are none in %j',
    (text) => {
      expect(mailFiles(mail(text))).toEqual([]);
    },
  );

  it('are decoded one by one, when they are asked for', () => {
    const decode = jest.spyOn(globalThis, 'atob');
    const part = ['--x', 'Content-Disposition: attachment; filename=a.bin'];
    const base64 = ['Content-Transfer-Encoding: base64', ''];
    const files = mailFiles(
      mail(
        ...['Content-Type: multipart/mixed; boundary=x', '', ...part, ...base64, 'AAEC'],
        ...[...part, ...base64, '//79', '--x--'],
      ),
    );
    expect([files.length, decode.mock.calls.length]).toEqual([2, 0]);
    expect([...(files[1]?.bytes() ?? [])]).toEqual([255, 254, 253]);
    expect(decode).toHaveBeenCalledTimes(1);
    decode.mockRestore();
  });

  const file = (name: string, ...bytes: number[]) => ({
    name,
    bytes: () => Uint8Array.from(bytes),
  });

  it('are known by their places, or by their names where some are not in the mail', () => {
    const files = [file('a', 1), file('masked', 2), file('a', 3)];
    expect(mailFileOf(files, ['a', 'b', 'a'], 1)).toBe(files[1]);
    // The second one is not there.
    expect(mailFileOf([file('a', 1), file('c', 3)], ['a', 'b', 'c'], 2)?.bytes()[0]).toBe(3);
    expect(mailFileOf([file('a', 1), file('c', 3)], ['a', 'b', 'c'], 1)).toBeNull();
    // Nobody can say which of two with the same name is not there.
    expect(mailFileOf([file('a', 1)], ['a', 'a'], 1)).toBeNull();
  });

  it.each([
    ['photo.png', 'photo.png'],
    ['page.html', 'page.bin'],
    ['run.EXE', 'run.bin'],
    ['picture.svg', 'picture.bin'],
    ['../../etc/passwd', '_.._etc_passwd.bin'],
    ['.bashrc', 'attachment.bashrc'],
    ['', 'attachment.bin'],
    ['trick\u202Egnp.exe', 'trick_gnp.bin'],
  ])('%j is saved as %j', (name, saved) => {
    expect(savedName(name)).toBe(saved);
    expect(savedName(name)).not.toMatch(/[/\\]/);
  });
});
