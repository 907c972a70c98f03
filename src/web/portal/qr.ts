import qrcode from 'qrcode-generator';

/** Modules of white around a code (ISO/IEC 18004 section 6.3.8). */
const quiet = 4;

/** A QR code (ISO/IEC 18004) as a path of squares of length 1, and the length of its side. */
export function qrPath(text: string): { side: number; path: string } {
  const code = qrcode(0, 'M');
  code.addData(text);
  code.make();
  const count = code.getModuleCount();
  const squares: string[] = [];
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < count; column += 1) {
      if (code.isDark(row, column)) squares.push(`M${column + quiet} ${row + quiet}h1v1h-1z`);
    }
  }
  return { side: count + 2 * quiet, path: squares.join('') };
}
