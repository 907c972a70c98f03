import type { z } from 'zod';
import type {
  conversationsResponse,
  evidenceResponse,
  requestsResponse,
  revealResponse,
} from '../../core/api/responses';

/** What the officers' page reads of the API's responses. */

export interface Me {
  name: string;
  roles: string[];
}

export type RequestPage = z.output<typeof requestsResponse>;
export type RequestRow = RequestPage['requests'][number];

export type Evidence = z.output<typeof evidenceResponse>;
export type Candidate = Evidence['candidates'][number];
export type IdentifierEvidence = Evidence['identifiers'][number];
export type DoubtfulPage = z.output<typeof conversationsResponse>;
export type DoubtfulConversation = DoubtfulPage['conversations'][number];
export type Revealed = z.output<typeof revealResponse>;

export interface CustodyLine {
  sequence: number;
  at: string;
  event: string;
  from?: string;
  to?: string;
  reasonCode?: string | null;
  detail?: Record<string, unknown>;
  annotation: { displayName: string; justification: string } | null;
}

export interface Custody {
  custody: CustodyLine[];
  isIntact: boolean;
  /** What is wrong with it. */
  problems: string[];
}
