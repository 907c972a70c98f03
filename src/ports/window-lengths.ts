import type { IntervalKind, WindowLength } from '../core/genesys/window-length';

/** What was learned of the longest windows that an organisation's source takes. */
export interface WindowLengthStore {
  /** Null while nothing was refused. */
  get(organisation: string, kind: IntervalKind): Promise<WindowLength | null>;
  set(organisation: string, kind: IntervalKind, length: WindowLength): Promise<void>;
}
