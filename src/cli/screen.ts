export interface Progress {
  label: string;
  done: number;
  total: number;
}

/** Lines and progress bars on a terminal. */
export class Screen {
  private bars: string[] = [];

  /** @param out null to write nothing */
  constructor(private readonly out: NodeJS.WriteStream | null = process.stdout) {}

  line(text = ''): void {
    if (this.out === null) return;
    this.clearBars(this.out);
    this.out.write(`${text}\n`);
    this.drawBars(this.out);
  }

  /** Shows a bar for each source in place, on a terminal only. */
  progress(sources: readonly Progress[]): void {
    if (!this.out?.isTTY) return;
    this.clearBars(this.out);
    this.bars = sources.map(barOf);
    this.drawBars(this.out);
  }

  /** Shows the final bars, which stay. */
  finish(sources: readonly Progress[]): void {
    if (this.out === null || sources.length === 0) return;
    this.clearBars(this.out);
    this.out.write(`${sources.map(barOf).join('\n')}\n`);
  }

  private drawBars(out: NodeJS.WriteStream): void {
    if (this.bars.length > 0) out.write(`${this.bars.join('\n')}\n`);
  }

  private clearBars(out: NodeJS.WriteStream): void {
    if (this.bars.length === 0) return;
    out.write(`\u001b[${this.bars.length}A\u001b[J`);
    this.bars = [];
  }
}

const barWidth = 32;

function barOf({ label, done, total }: Progress): string {
  const filled = total === 0 ? 0 : Math.round((done / total) * barWidth);
  return `  ${label.padEnd(24)} ${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${done}/${total}`;
}
