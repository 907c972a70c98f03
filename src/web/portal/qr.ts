import qrcode from 'qrcode-generator';

const svg = 'http://www.w3.org/2000/svg';

/** A QR code (ISO/IEC 18004) as a picture made of one path; it loads nothing. */
export function qrPicture(text: string, label: string): SVGSVGElement {
  const code = qrcode(0, 'M');
  code.addData(text);
  code.make();
  const count = code.getModuleCount();
  const quiet = 4;
  const squares: string[] = [];
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < count; column += 1) {
      if (code.isDark(row, column)) squares.push(`M${column + quiet} ${row + quiet}h1v1h-1z`);
    }
  }
  const picture = document.createElementNS(svg, 'svg');
  const size = count + 2 * quiet;
  picture.setAttribute('viewBox', `0 0 ${size} ${size}`);
  picture.setAttribute('role', 'img');
  picture.setAttribute('aria-label', label);
  picture.setAttribute('class', 'qr');
  const path = document.createElementNS(svg, 'path');
  path.setAttribute('d', squares.join(''));
  picture.append(path);
  return picture;
}
