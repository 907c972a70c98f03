import { packageEnding } from '../../src/core/package/file-endings';
import { kindOfFile } from '../../src/core/redaction/text-files';

const endingOf = (name: string, type = ''): string => packageEnding(name, kindOfFile(name, type));

describe('the ending of a file of others', () => {
  it.each([
    ['photo.JPG', '.jpg'],
    ['offer.pdf', '.pdf'],
    ['rows.csv', '.csv'],
    ['letter.docx', '.docx'],
    ['mail.eml', '.eml'],
    ['archive.tar.gz', '.gz'],
    ['voice.ogg', '.ogg'],
    ['', '.bin'],
    ['no ending', '.bin'],
  ])('stays where nothing runs on a double click: %s as %s', (name, ending) => {
    expect(endingOf(name)).toBe(ending);
  });

  it.each([
    ...['setup.exe', 'a.MSI', 'invoice.pdf.exe', 'a.scr', 'a.lnk', 'a.hta', 'a.jar', 'a.docm'],
    ...['a.xlsm', 'a.iso', 'a.dmg', 'a.pkg', 'a.desktop', 'a.command', 'a.one', 'a.iqy', 'a.com'],
    ...['a.dll', 'a.url', 'a.webloc', 'a.wsf', 'a.chm', 'a.apk', 'a.class', 'a.settingcontent-ms'],
    ...['evil.exe ', 'evil.exe.', 'evil.e\u202exe', 'a.exe%00.', 'a.appref-ms'],
  ])('is neutral where a program might run: %j', (name) => {
    expect(endingOf(name)).toBe('.bin');
  });

  it.each([
    'page.html',
    'a.htm',
    'a.xhtml',
    'a.svg',
    'a.xml',
    'a.js',
    'a.vbs',
    'a.bat',
    'a.ps1',
    'a.sh',
  ])('is that of a text where a script might run that can be read as text: %s', (name) => {
    expect(endingOf(name)).toBe('.txt');
  });

  it('is that of a text, too, where the media type alone says that it is text', () => {
    expect(endingOf('a.hta', 'text/html')).toBe('.txt');
    expect(endingOf('a.hta')).toBe('.bin');
  });
});
