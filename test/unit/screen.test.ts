import { Screen } from '../../src/cli/screen';

/** What a terminal shows in the end, of what is written to it: lines, with bars that are drawn over. */
class Terminal {
  readonly lines: string[] = [];
  constructor(readonly isTTY: boolean) {}

  write(text: string): void {
    // Up by so many lines, and away with all below (ECMA-48: CUU, ED).
    const [start = '', end = ''] = ['\u001b[', 'A\u001b[J'];
    if (text.startsWith(start) && text.endsWith(end))
      this.lines.splice(-Number(text.slice(start.length, -end.length)));
    else this.lines.push(...text.replace(/\n$/, '').split('\n'));
  }
}

const screenOf = (terminal: Terminal) => new Screen(terminal as unknown as NodeJS.WriteStream);
const bar = (label: string, filled: number, count: string) =>
  `  ${label.padEnd(24)} ${'█'.repeat(filled)}${'░'.repeat(32 - filled)} ${count}`;

describe('progress on a terminal', () => {
  const phone = (done: number) => ({ label: 'phone', done, total: 4 });
  const nothing = { label: 'chat', done: 0, total: 0 };

  it('is shown in place, below the lines, however often it changes', () => {
    const terminal = new Terminal(true);
    const screen = screenOf(terminal);
    screen.line('exporting');
    screen.progress([phone(1), nothing]);
    expect(terminal.lines).toEqual(['exporting', bar('phone', 8, '1/4'), bar('chat', 0, '0/0')]);
    screen.progress([phone(2)]);
    expect(terminal.lines).toEqual(['exporting', bar('phone', 16, '2/4')]);
    screen.line('waiting');
    screen.progress([phone(3), nothing]);
    expect(terminal.lines).toEqual([
      ...['exporting', 'waiting'],
      ...[bar('phone', 24, '3/4'), bar('chat', 0, '0/0')],
    ]);
    screen.finish([phone(4)]);
    screen.line('done');
    expect(terminal.lines).toEqual(['exporting', 'waiting', bar('phone', 32, '4/4'), 'done']);
  });

  it('is written into a file at its end only, without anything of terminals', () => {
    const terminal = new Terminal(false);
    const screen = screenOf(terminal);
    screen.progress([phone(1)]);
    screen.line('exporting');
    screen.progress([phone(2)]);
    screen.finish([phone(4)]);
    screen.finish([]);
    expect(terminal.lines).toEqual(['exporting', bar('phone', 32, '4/4')]);
  });

  it('is nothing where the answer is for programs', () => {
    const screen = new Screen(null);
    expect(() => {
      screen.line('exporting');
      screen.progress([phone(1)]);
      screen.finish([phone(4)]);
    }).not.toThrow();
  });
});
