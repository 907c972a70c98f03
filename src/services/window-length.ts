import { cutWindow, daysOf, type SearchWindow } from '../core/genesys/search-windows';
import {
  daysToTry,
  shorterDays,
  type IntervalKind,
  type WindowLength,
} from '../core/genesys/window-length';
import type { Clock, WindowLengthStore } from '../ports';

export interface WindowLengthServices {
  clock: Clock;
  windowLengths: WindowLengthStore;
}

/**
 * Finds out how long the windows may be that an organisation's source takes, while an activity submits
 * them. What is refused is cut, and so is everything as long, without a call. The length that was taken
 * in the end is kept for the next request; one that was never taken is not, because then the length is
 * not the reason.
 */
export class WindowCutter {
  private limit = Infinity;
  private wasRefused = false;

  private constructor(
    private readonly services: WindowLengthServices,
    private readonly of: { organisation: string; kind: IntervalKind },
    private known: WindowLength | null,
  ) {}

  static async for(
    services: WindowLengthServices,
    organisation: string,
    kind: IntervalKind,
  ): Promise<WindowCutter> {
    const known = await services.windowLengths.get(organisation, kind);
    return new WindowCutter(services, { organisation, kind }, known);
  }

  /** Days of the windows that a request begins with; at most `longest`. */
  daysToTry(longest: number): number {
    return daysToTry(this.known, longest, this.services.clock.now());
  }

  /** The parts of a window that is as long as one that was refused; null when it is short enough. */
  cut(window: SearchWindow): SearchWindow[] | null {
    return daysOf(window) > this.limit ? cutWindow(window, this.limit) : null;
  }

  /** The parts of a window that the source has refused; null when it is one of the shortest. */
  refused(window: SearchWindow): SearchWindow[] | null {
    const days = shorterDays(this.of.kind, daysOf(window));
    if (days === null) return null;
    this.limit = Math.min(this.limit, days);
    this.wasRefused = true;
    return cutWindow(window, days);
  }

  /** Keeps what the source has shown by taking a window. */
  async taken(window: SearchWindow): Promise<void> {
    const days = daysOf(window);
    const { clock, windowLengths } = this.services;
    const isAfterRefusal = this.wasRefused && days === this.limit;
    const isLonger = this.known !== null && days > this.known.days;
    if (!isAfterRefusal && !isLonger) return;
    const now = clock.now().toISOString();
    this.known = { days, refusedAt: isAfterRefusal ? now : (this.known?.refusedAt ?? now) };
    this.wasRefused = false;
    await windowLengths.set(this.of.organisation, this.of.kind, this.known);
  }
}
