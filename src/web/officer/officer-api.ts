/** What the officers' page reads of the API's responses. */

export interface Me {
  name: string;
  roles: string[];
}

export interface RequestRow {
  requestId: string;
  state: string;
  reasonCode: string | null;
  createdAt: string;
  receivedAt: string;
}

export type Candidate = { contactId: string } & Record<string, unknown>;

export interface Evidence {
  isNeeded: boolean;
  reasonCode: string | null;
  candidates: Candidate[];
  status: { state: string; availability: string[] | null; legalClock: { dueAt: string } };
}

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
}
