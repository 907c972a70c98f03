/** Lines and bars on a terminal. With `quiet`, nothing: then only the closing JSON is printed. */
export class Screen {
  private bars: string[] = [];

  constructor(
    private readonly quiet: boolean,
    private readonly out: NodeJS.WriteStream = process.stdout,
  ) {}

  line(text = ''): void {
    if (this.quiet) return;
    this.clearBars();
    this.out.write(`${text}\n`);
    this.drawBars();
  }

  /** Shows a bar for each source, in place on a terminal; elsewhere only when `isLast`. */
  progress(sources: { label: string; done: number; total: number }[], isLast: boolean): void {
    if (this.quiet || (!this.out.isTTY && !isLast)) return;
    this.clearBars();
    const lines = sources.map(({ label, done, total }) => {
      const width = 32;
      const filled = total === 0 ? 0 : Math.round((done / total) * width);
      return `  ${label.padEnd(24)} ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${done}/${total}`;
    });
    if (isLast) this.out.write(`${lines.join('\n')}\n`);
    else {
      this.bars = lines;
      this.drawBars();
    }
  }

  private drawBars(): void {
    if (this.bars.length > 0) this.out.write(`${this.bars.join('\n')}\n`);
  }

  private clearBars(): void {
    if (this.bars.length === 0) return;
    this.out.write(`\u001b[${this.bars.length}A\u001b[J`);
    this.bars = [];
  }
}
