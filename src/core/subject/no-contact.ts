/** What the source holds under one identifier of a person without a contact record. */
export interface IdentifierEvidence {
  /** `identifierKey` of an identifier that the request gives. */
  key: string;
  /** Conversations that carry it, those that carry a contact as well included. */
  conversations: number;
  /** When the first and the last of them began (ISO 8601); null without one. */
  from: string | null;
  to: string | null;
}

/**
 * What is known of a person of whom no contact record was found: all that is read of conversations
 * before the person has proven who they are.
 */
export interface NoContactEvidence {
  /** In the order in which the request gives the identifiers, spellings of one identifier once. */
  identifiers: IdentifierEvidence[];
  /**
   * Data subjects that the source itself names for these identifiers (`GET /api/v2/gdpr/subjects`),
   * each once; null when it cannot be asked by any of them.
   */
  subjects: number | null;
}
